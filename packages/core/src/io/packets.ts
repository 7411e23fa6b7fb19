import type { LocalFault } from '../model/errors.ts'
import type { ClockName } from '../model/observation.ts'
import type { Address, Family } from '../model/target.ts'

/** Who carries whole packets: system calls (Linux, koffi) or the portable package `raw-socket`. */
export type PacketBackend = 'kernel' | 'raw-socket'

/** `auto` takes the kernel where it can be had, else raw-socket. */
export type BackendChoice = 'auto' | PacketBackend

/** Whole packets, out and in, past the system's transport protocols (packet(7), raw(7)). */
export interface Packets {
  /** Why no packets can be exchanged here, and what to do about it; undefined when they can. Opens nothing that stays. */
  obstacle(backend: BackendChoice): Promise<LocalFault | undefined>
  /** Rejects with LocalFault: EPERM without CAP_NET_RAW, ENOTSUP without a backend, ENODEV for an unknown interface. */
  open(request: PacketRequest): Promise<PacketChannel>
  /** How the system would send to an address. Sends nothing. Rejects with LocalFault ENETUNREACH, EHOSTUNREACH, EACCES, ENODEV. */
  route(destination: Address, way: RouteWay): Promise<Route>
}

export interface RouteWay {
  /** One of this machine's own addresses. */
  readonly sourceAddress?: string | undefined
  readonly interfaceName?: string | undefined
}

/** The way from this machine to one address. Addresses are literals without a zone. */
export interface Route {
  readonly family: Family
  readonly source: string
  readonly destination: string
  /** What the packet leaves by; undefined where the backend cannot tell. */
  readonly interfaceName: string | undefined
  /** 0 where it is not known. */
  readonly interfaceIndex: number
  /** The router that the packet is handed to; undefined on the link itself. */
  readonly gateway: string | undefined
  /** The interface's own hardware address, 6 octets; undefined where it has none or it is not known. */
  readonly hardwareAddress: Uint8Array | undefined
  /** The longest packet, in octets, that leaves uncut: the route's own, else the interface's; undefined where it is not known. */
  readonly mtu: number | undefined
}

/** From and to, both included. */
export type PortRange = readonly [number, number]

/**
 * Packets that may be answers; the exact match is made by whoever reads. ICMP errors, and echo and timestamp replies,
 * are let in with any interest but ARP.
 */
export interface Interest {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'arp'
  /** This machine's ports; all when not given. For TCP and UDP. */
  readonly localPorts?: PortRange | undefined
  /** The others' ports; all when not given. For TCP and UDP. */
  readonly remotePorts?: PortRange | undefined
  /** Of own TCP segments on their way out only those with exactly these flags are seen: not the system's own resets. */
  readonly departingFlags?: number | undefined
  /** Of TCP segments that come in only those with any of these flags need to be seen: not a connection's data. */
  readonly arrivingFlags?: number | undefined
}

export interface PacketRequest {
  readonly backend: BackendChoice
  /** Send and listen on this interface only. */
  readonly interfaceName?: string | undefined
  readonly families: readonly Family[]
  readonly interests: readonly Interest[]
  /** Also see own packets as they leave, with their stamps: what the packet clock is made of. Kernel only. */
  readonly departures: boolean
  /** Only send: nothing comes in. */
  readonly sendOnly?: boolean | undefined
  /** Octets of each packet that are handed over, 64 to 65535; the rest is cut, `length` tells. */
  readonly snapLength: number
}

/** One packet to be sent. Only read during `send`; may be used again afterwards. */
export interface OutgoingPacket {
  /** From the IP header on with all checksums, or a whole ARP message. */
  readonly octets: Uint8Array
  /** Octets of it that count. */
  readonly length: number
  /** The interface that a link-local or multicast destination, or an ARP message, leaves by; else 0. */
  readonly interfaceIndex: number
  /** For ARP: the hardware address it goes to. */
  readonly hardwareDestination?: Uint8Array | undefined
}

/** What became of a `send`. */
export interface SendOutcome {
  /** How many packets were sent, from the first on. */
  readonly sent: number
  /** Why the next one was not: it is to be left out. undefined with `sent` below all: no room now, try again soon. */
  readonly fault: LocalFault | undefined
}

/** One packet that was seen. The object and its octets are valid during the call only: copy what is to be kept. */
export interface SeenPacket {
  /** `LINK_TYPE` of what is at `from`: raw IP, or ARP as Ethernet. */
  readonly linkType: number
  readonly octets: Uint8Array
  readonly from: number
  /** Behind the last octet that was captured. */
  readonly to: number
  /** Octets that it had on the wire, counted from `from`. */
  readonly length: number
  /** A capture file does not say. */
  readonly direction: 'in' | 'out' | 'unknown'
  /** Nanoseconds on the clock of `Clock.nowNs`: the kernel's stamp where `clock` is `packet`, else when it was handed over. */
  readonly timeNs: number
  /** Grows by one when the wall clock that the stamps are taken from was set: times of different eras have no difference. */
  readonly era: number
  /** The backend had to rebuild the IP header: hop limit and traffic class are not known. */
  readonly isHeaderRebuilt: boolean
}

/** An open way for packets. Whoever opened it closes it. */
export interface PacketChannel {
  readonly backend: PacketBackend
  /** `packet` when departures and arrivals carry the kernel's stamps. */
  readonly clock: ClockName
  /** What to add to `timeNs` for nanoseconds since 1970. */
  wallOffsetNs(): bigint
  /** Sends the first `count` packets in their order (all by default). Never rejects. */
  send(packets: readonly OutgoingPacket[], count?: number): SendOutcome | Promise<SendOutcome>
  /** Hands over what has come so far, at most `most` packets (4096 by default); says how many. Never waits. */
  drain(see: (packet: SeenPacket) => void, most?: number): number
  /** Resolves when there may be something to drain, or when the signal is aborted. One wait at a time. */
  ready(signal: AbortSignal): Promise<void>
  /** Packets of interest that were lost because nobody drained in time. */
  dropped(): number
  /** What went wrong for good, such as ENETDOWN while reading; undefined while all is well. */
  fault(): LocalFault | undefined
  /** Safe to call twice. */
  close(): void
}
