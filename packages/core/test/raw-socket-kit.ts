import { nodeClock } from '../src/io/node/node-clock.ts'
import type { OutgoingPacket, PacketChannel } from '../src/io/packets.ts'
import type {
  RawSocket,
  RawSocketOptions,
  RawSocketPackage,
} from '../src/io/raw-socket/raw-socket-package.ts'
import { rawSocketPackets } from '../src/io/raw-socket/raw-socket-packets.ts'
import { synTo, tcpInterest } from './packet-kit.ts'

export const PAIR = { local: '10.0.0.1', remote: '10.0.0.2' }
const BACK = { local: '10.0.0.2', remote: '10.0.0.1' }
export const PAIR6 = { local: 'fd00::1', remote: 'fd00::2' }
export const BACK6 = { local: 'fd00::2', remote: 'fd00::1' }

type After = (error: Error | null, sent: number) => void

/** A socket without a system: it says what was asked of it, and hears what it is told to. */
class Played implements RawSocket {
  readonly sent: { readonly octets: Uint8Array; readonly address: string; readonly after: After }[] = []
  readonly options: (readonly [number, number, readonly number[]])[] = []
  readonly asked: RawSocketOptions
  isClosed = false
  isDeaf = false
  readonly #listeners = new Map<string, ((...args: never[]) => void)[]>()

  constructor(asked: RawSocketOptions) {
    this.asked = asked
  }
  on(event: string, listener: (...args: never[]) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
  }
  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]))
  }
  send(octets: Uint8Array, _from: number, length: number, address: string, after: After): void {
    this.sent.push({ octets: octets.slice(0, length), address, after })
  }
  setOption(level: number, option: number, value: Uint8Array): void {
    this.options.push([level, option, [...value]])
    if (option === 25 && value[0] === 'x'.charCodeAt(0)) throw new Error('No such device')
    if (option === 33) throw new Error('Operation not permitted')
  }
  pauseRecv(): void {
    this.isDeaf = true
  }
  close(): void {
    this.isClosed = true
  }
}

export function played(refuse: (options: RawSocketOptions) => void = () => {}) {
  const sockets: Played[] = []
  const raw: RawSocketPackage = {
    AddressFamily: { IPv4: 1, IPv6: 2 },
    SocketLevel: { SOL_SOCKET: 1, IPPROTO_IP: 0 },
    SocketOption: { SO_BINDTODEVICE: 25, SO_RCVBUF: 8, IP_HDRINCL: 3 },
    createSocket(options) {
      refuse(options)
      const socket = new Played(options)
      sockets.push(socket)
      return socket
    },
  }
  return { raw, sockets, socketOf: (protocol: number, family = 1) => find(sockets, protocol, family) }
}

function find(sockets: readonly Played[], protocol: number, family: number): Played {
  const found = sockets.find(({ asked }) => asked.protocol === protocol && asked.addressFamily === family)
  if (found === undefined) throw new Error(`no socket for protocol ${protocol}`)
  return found
}

export async function open(raw: RawSocketPackage, more: object = {}): Promise<PacketChannel> {
  const packets = rawSocketPackets(nodeClock, () => ({ kind: 'loaded', raw }), 'linux')
  if (packets.kind === 'missing') throw new Error(packets.why)
  const request = { families: [4, 6], interests: [tcpInterest(40_000, 40_009)], snapLength: 100 } as const
  return packets.open({ backend: 'raw-socket', departures: false, ...request, ...more })
}

export const SEND = 255
export const octetsOf = ({ octets, length }: OutgoingPacket): Uint8Array => octets.slice(0, length)
export const reply = (port: number, dataLength = 0): Uint8Array => octetsOf(synTo(BACK, 80, port, dataLength))
