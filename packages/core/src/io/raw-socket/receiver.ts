import type { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'
import { encodeIpv6 } from '../../wire/ipv6.ts'
import type { Clock } from '../io.ts'
import { localFault } from '../local-fault.ts'
import type { Interest } from '../packets.ts'
import { type Listened, mayAnswer, PROTOCOL } from './answers.ts'
import type { Mailbox } from './mailbox.ts'
import type { OwnSources } from './own-sources.ts'
import type { RawSocket } from './raw-socket-package.ts'
import { codeOf } from './sockets.ts'

/** Octets of the fixed IPv6 header, and the shortest of an IPv4 one. */
const LENGTH6 = 40
const LENGTH4 = 20
const NOTHING = new Uint8Array()

export interface Hearing {
  readonly socket: RawSocket
  readonly family: Family
  readonly listened: Listened
  readonly interests: readonly Interest[]
  readonly mailbox: Mailbox
  readonly sources: OwnSources
  readonly clock: Clock
  /** The socket hears nothing any more. */
  readonly onFault: (fault: LocalFault) => void
}

/** Puts what a socket hears, if it may be an answer, into the mailbox. */
export function hear(hearing: Hearing): void {
  const { socket, family, mailbox, clock, onFault } = hearing
  const take = family === 4 ? take4 : take6
  socket.on('message', (octets, source) => {
    // What is thrown here would vanish inside the package, and the packet with it.
    take(hearing, octets, source, (head, rest) => mailbox.put(head, rest, clock.nowNs(), family === 6))
  })
  socket.on('error', (error) => {
    const code = codeOf(error)
    // A packet whose checksum is wrong wakes the reader and is gone when it looks.
    if (code !== 'EAGAIN' && code !== 'EINTR') onFault(localFault(code, 'receiving packets'))
  })
}

type Put = (head: Uint8Array, rest: Uint8Array) => void

/** IPv4 comes with its header, and whole: the kernel has put fragments together. */
function take4({ listened, interests }: Hearing, octets: Uint8Array, _: string, put: Put): void {
  const headerLength = ((octets[0] ?? 0) & 15) * 4
  if (headerLength < LENGTH4 || headerLength > octets.length) return
  if (mayAnswer(listened, octets, headerLength, interests)) put(NOTHING, octets)
}

/** IPv6 comes without its header (RFC 3542 section 3): what is known of it is put in front again. */
function take6(hearing: Hearing, octets: Uint8Array, from: string, put: Put): void {
  const { listened, interests, sources } = hearing
  if (listened === 'icmp' || !mayAnswer(listened, octets, 0, interests)) return
  const [source = ''] = from.split('%')
  const destination = sources.destinationOf(listened, octets, source)
  if (destination === undefined) return
  const header = {
    trafficClass: 0,
    flowLabel: 0,
    hopLimit: 0,
    source,
    destination,
    extensions: [],
    protocol: PROTOCOL[listened],
  }
  const head = new Uint8Array(LENGTH6)
  encodeIpv6(header, head, 0, octets.length)
  put(head, octets)
}
