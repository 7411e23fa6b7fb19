import { type Clock, type DatagramSocket, type Observation, StreamFault } from '@portkit/core'

export interface UdpTest {
  /** How long to wait, in milliseconds; the question is asked again every second. */
  readonly limitMs: number
  /** An answer ends the test; otherwise it stays in the socket for the session. */
  readonly endAtReply: boolean
  /** ICMP errors other than a refusal count too: nc does not notice them. */
  readonly heedIcmp: boolean
}

const QUESTION = new TextEncoder().encode('X')
const AGAIN_MS = 1000

/** What nc 1.219 sends to a UDP port to see whether it refuses: two datagrams at once, then one a second. */
export async function testUdp(
  socket: DatagramSocket,
  clock: Clock,
  { limitMs, endAtReply, heedIcmp }: UdpTest,
): Promise<Observation> {
  const startNs = clock.nowNs()
  const over = new AbortController()
  const timed = () => ({
    rttNs: clock.nowNs() - startNs,
    clock: 'process' as const,
    elapsedNs: clock.nowNs() - startNs,
    syns: undefined,
  })
  const icmp = (): Observation | undefined => {
    const error = heedIcmp ? socket.takeIcmp() : undefined
    const family = socket.remote.address.includes(':') ? 6 : 4
    return error && { kind: 'icmp-error', family, ...error, ...timed() }
  }
  const refused = socket.broken.then(
    (): Observation => icmp() ?? { kind: 'refused', by: 'unknown', ...timed() },
  )
  const never = new Promise<never>(() => {})
  // What ends the wait for a sender is heard through `broken`, or nobody waits any more.
  const replied = endAtReply
    ? socket.sender(over.signal).then(
        (): Observation => ({ kind: 'reply', ...timed() }),
        () => never,
      )
    : never
  try {
    return await Promise.race([refused, replied, ask(socket, clock, limitMs, over.signal, icmp)])
  } finally {
    over.abort()
  }
}

/** Asks until the time is over. */
async function ask(
  socket: DatagramSocket,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  icmp: () => Observation | undefined,
): Promise<Observation> {
  const startNs = clock.nowNs()
  await send(socket)
  for (let leftMs = limitMs; ; leftMs -= AGAIN_MS) {
    await send(socket)
    await clock.sleep(Math.max(0, Math.min(AGAIN_MS, leftMs)), signal)
    const told = icmp()
    if (told !== undefined) return told
    if (leftMs <= 0) break
  }
  return { kind: 'silence', waitedNs: clock.nowNs() - startNs, syns: undefined }
}

/** What a datagram meets here is no answer yet: a refusal is heard through `broken`. */
async function send(socket: DatagramSocket): Promise<void> {
  try {
    await socket.write(QUESTION)
  } catch (fault) {
    if (!(fault instanceof StreamFault)) throw fault
  }
}
