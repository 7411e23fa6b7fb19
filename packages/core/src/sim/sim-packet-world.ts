import type { PacketBackend } from '../io/packets.ts'

/** What of a world only whole packets meet. Times in milliseconds; addresses are literals without a zone. */
export interface PacketWorld {
  /** Who may exchange packets: nobody (EPERM), both backends (`kernel`), raw-socket only. Not given: nobody without `root`. */
  readonly packetAccess?: false | PacketBackend
  /** What `Io.random` and the numbers that machines choose come from; 1 when not given. */
  readonly seed?: number
  readonly link?: LinkScript
  /** The routers before an address, the nearest one first; an address that is not named is on the link. */
  readonly hops?: Readonly<Record<string, readonly Hop[]>>
  /** Errno with which this machine refuses to send to an address: ENETUNREACH, EACCES (`ip route prohibit`), EHOSTUNREACH. */
  readonly routes?: Readonly<Record<string, string>>
  /** What is particular about machines, by address. */
  readonly machines?: Readonly<Record<string, Machine>>
  /** What goes wrong with probes of a port (`10.0.0.2:22`), or else of a whole machine (`10.0.0.2`). */
  readonly mischief?: Readonly<Record<string, Mischief>>
  /** Packets that come by themselves. */
  readonly noise?: readonly Noise[]
}

/** A router on the way; one without an address tells nobody that a packet's time is over. */
export interface Hop {
  readonly address?: string
  /** Round trip from this machine; 0.2 for each hop when not given. */
  readonly afterMs?: number
}

/** A machine that a probe reaches. All exist, answer ARP, echo and timestamp requests, unless said otherwise. */
export interface Machine {
  /** Nobody is there: packets never leave, only the kernel's ARP requests or solicitations for it do. */
  readonly isAbsent?: boolean
  /** Round trip of what has no time of its own: echo, time stamps, ARP. 0.1 when not given. */
  readonly afterMs?: number
  readonly echo?: boolean
  readonly timestamp?: boolean
  readonly arp?: boolean
  readonly mac?: string
}

/** What goes wrong, beyond what the port does. Probes are counted from 0 for each port that is probed. */
export interface Mischief {
  /** Which probes it happens to; all when not given. */
  readonly probes?: readonly number[]
  /** Probes that are lost on the way, by their number, or the last of so many. */
  readonly lost?: readonly number[] | { readonly every: number }
  /** Answers come so much later. */
  readonly lateMs?: number
  /** Answers come again, so long after the first time each. */
  readonly againMs?: readonly number[]
  /** Answers come from this address. */
  readonly from?: string
  /** Added to the acknowledgment number of answers. */
  readonly ackOff?: number
  /** Answers have a wrong checksum in TCP, UDP or ICMP. */
  readonly badSum?: boolean
  /** ICMP errors quote only so many octets, or these octets instead of the packet. */
  readonly quote?: number | Uint8Array
  /** How often the probe is seen as it leaves: 0, or 2 as on bridges; once when not given. */
  readonly departures?: number
}

/** A packet that comes by itself; `times` of them, `everyMs` apart. */
export interface Noise {
  readonly afterMs: number
  /** From the IP header on, or a whole Ethernet frame with an ARP message: see `LINK_TYPE`. */
  readonly octets: Uint8Array
  readonly linkType?: number
  readonly times?: number
  readonly everyMs?: number
}

/** This machine's interface, and what goes wrong with it. */
export interface LinkScript {
  /** `eth0` when not given. */
  readonly name?: string
  readonly mac?: string
  /** From then on sending fails with ENETDOWN, and so does every channel. */
  readonly downAtMs?: number
  /** Packets that a channel holds before further ones are dropped; no end when not given. */
  readonly buffer?: number
  readonly failures?: readonly SendFailure[]
  /** Whether the kernel answers segments and datagrams that no socket waits for; else targets repeat their SYN-ACK. */
  readonly kernelAnswers?: boolean
  /** When somebody sets the wall clock: stamps begin a new era, by so many milliseconds ahead. */
  readonly wallSteps?: readonly { readonly atMs: number; readonly byMs: number }[]
}

/** What sending the n-th packet of the world (from 0) meets: no room until so long after the first try, or an errno. */
export type SendFailure =
  | { readonly packet: number; readonly does: 'no-room'; readonly forMs: number }
  | { readonly packet: number; readonly does: 'fault'; readonly code: string }

/** A packet on the wire: `octets` are raw IP or an Ethernet frame, as `linkType` says. */
export interface WirePacket {
  readonly timeNs: number
  readonly direction: 'in' | 'out'
  readonly linkType: number
  readonly octets: Uint8Array
}
