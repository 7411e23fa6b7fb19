import type { Clock } from '../io/io.ts'
import { type DatagramSocket, type Sockets, StreamFault, type UdpConnectRequest } from '../io/streams.ts'
import type { Observation, Reply } from '../model/observation.ts'
import type { Target } from '../model/target.ts'
import type { Probe } from './probe.ts'

/** How to ask. Addresses must be of the targets' family. */
export interface UdpDatagramOptions
  extends Pick<UdpConnectRequest, 'sourceAddress' | 'sourcePort' | 'ttl' | 'tos'> {
  readonly sockets: Pick<Sockets, 'connectUdp'>
  /** What to send to a port. */
  question(port: number): Uint8Array
}

/** The longest datagram, in octets. */
const MOST_OCTETS = 65_535

/**
 * Sends one datagram from an ordinary socket and waits for an answer of that address and port. Needs no privilege;
 * refusals, and where the system tells them other ICMP errors, are heard through the socket.
 */
export function udpDatagram({ sockets, question, ...way }: UdpDatagramOptions): Probe {
  return {
    name: 'udp',
    async observe(target, { clock }, timeoutMs, signal) {
      signal?.throwIfAborted()
      const { address, family, port } = target
      const socket = await sockets.connectUdp({ ...way, address, family, port, errors: true })
      const over = new AbortController()
      const onAbort = (): void => over.abort(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        return await ask(socket, target, question(port), clock, timeoutMs, over.signal)
      } finally {
        signal?.removeEventListener('abort', onAbort)
        over.abort()
        socket.close('fin')
      }
    },
  }
}

async function ask(
  socket: DatagramSocket,
  { address, family }: Target,
  octets: Uint8Array,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Observation> {
  const startNs = clock.nowNs()
  const timed = () => {
    const elapsedNs = clock.nowNs() - startNs
    return { rttNs: elapsedNs, clock: 'process', elapsedNs, syns: 1 } as const
  }
  const told = (): Observation | undefined => {
    const error = socket.takeIcmp()
    return error && { kind: 'icmp-error', family, ...error, ...timed() }
  }
  const broken = socket.broken.then(
    (): Observation => told() ?? { kind: 'refused', by: 'unknown', ...timed() },
  )
  await send(socket, octets)
  const replied = reply(socket, address, timed, broken)
  const silence = clock
    .sleep(timeoutMs, signal)
    .then((): Observation => told() ?? { kind: 'silence', waitedNs: clock.nowNs() - startNs, syns: 1 })
  silence.catch(() => {})
  return Promise.race([replied, broken, silence])
}

/** The next datagram; when reading ends without one, what broke the socket. */
async function reply(
  socket: DatagramSocket,
  from: string,
  timed: () => Pick<Reply, 'rttNs' | 'clock' | 'elapsedNs' | 'syns'>,
  broken: Promise<Observation>,
): Promise<Observation> {
  try {
    const octets = await socket.read(MOST_OCTETS)
    if (octets !== undefined) return { kind: 'reply', from, length: octets.length, ...timed() }
  } catch (fault) {
    if (!(fault instanceof StreamFault)) throw fault
  }
  return broken
}

/** What a datagram meets here is heard through `broken`. */
async function send(socket: DatagramSocket, octets: Uint8Array): Promise<void> {
  try {
    await socket.write(octets)
  } catch (fault) {
    if (!(fault instanceof StreamFault)) throw fault
  }
}
