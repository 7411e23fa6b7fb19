import type { Tcp } from '../wire/tcp.ts'
import { TCP_FLAG } from '../wire/tcp-flags.ts'
import type { TcpOption } from '../wire/tcp-options.ts'
import { type Answerer, wayBack } from './sim-packet-answer.ts'
import { tcpPacket } from './sim-packet-make.ts'
import type { Parcel } from './sim-packet-read.ts'

const { fin, syn, rst, ack, ece, cwr } = TCP_FLAG

/** What a closed port answers to a segment (RFC 9293 section 3.10.7.1): nothing to a RST. */
export function closedAnswer(parcel: Parcel, header: Tcp, answerer: Answerer): Uint8Array | undefined {
  if (has(header, rst)) return undefined
  if (has(header, ack)) {
    return segment(parcel, header, answerer, { seq: header.ack, flags: rst })
  }
  const length = header.payload.to - header.payload.from
  const taken = length + (has(header, syn) ? 1 : 0) + (has(header, fin) ? 1 : 0)
  return segment(parcel, header, answerer, { ack: header.seq + taken, flags: rst | ack })
}

/** What a port answers that is listened at (RFC 9293 section 3.10.7.2; Linux leaves a SYN with FIN alone). */
export function openAnswer(parcel: Parcel, header: Tcp, answerer: Answerer): Uint8Array | undefined {
  if (has(header, ack)) return closedAnswer(parcel, header, answerer)
  if (has(header, rst) || !has(header, syn) || has(header, fin)) return undefined
  // RFC 3168 section 6.1.1: a SYN that offers ECN has both flags, and the answer one of them.
  const agreed = has(header, ece) && has(header, cwr) ? ece : 0
  const stamped = header.options.some(({ kind }) => kind === 'timestamps')
  return segment(parcel, header, answerer, {
    seq: answerer.random(),
    ack: header.seq + 1,
    flags: syn | ack | agreed,
    window: WINDOW[parcel.family][stamped ? 'stamped' : 'plain'],
    options: agreedOptions(parcel, header, answerer),
  })
}

export function isOpening(header: Tcp): boolean {
  return has(header, syn) && !has(header, ack) && !has(header, rst) && !has(header, fin)
}

/** First windows of Linux on Ethernet, by family, with time stamps and without. */
const WINDOW = { 4: { stamped: 65_160, plain: 64_240 }, 6: { stamped: 64_260, plain: 64_800 } } as const
const MSS = { 4: 1460, 6: 1440 } as const
const WINDOW_SHIFT = 10
const NOP: TcpOption = { kind: 'nop' }

/** The MSS always, the others as far as the SYN offers them, in Linux's order. */
function agreedOptions({ family }: Parcel, header: Tcp, answerer: Answerer): readonly TcpOption[] {
  const options: TcpOption[] = [{ kind: 'mss', value: MSS[family] }]
  const offered = (kind: TcpOption['kind']) => header.options.find((option) => option.kind === kind)
  const stamps = offered('timestamps')
  const sack: readonly TcpOption[] =
    offered('sack-permitted') === undefined ? [] : [{ kind: 'sack-permitted' }]
  if (stamps?.kind === 'timestamps') {
    options.push(...(sack.length > 0 ? sack : [NOP, NOP]))
    options.push({ kind: 'timestamps', value: answerer.random(), echo: stamps.value })
  } else if (sack.length > 0) {
    options.push(NOP, NOP, ...sack)
  }
  if (offered('window-scale') !== undefined) {
    options.push(NOP, { kind: 'window-scale', shift: WINDOW_SHIFT })
  }
  return options
}

function has({ flags }: Tcp, flag: number): boolean {
  return (flags & flag) !== 0
}

interface Reply {
  readonly seq?: number
  readonly ack?: number
  readonly flags: number
  readonly window?: number
  readonly options?: readonly TcpOption[]
}

function segment(parcel: Parcel, to: Tcp, answerer: Answerer, reply: Reply): Uint8Array {
  const way = wayBack(parcel, answerer, { dontFragment: true })
  const off = answerer.mischief.ackOff ?? 0
  return tcpPacket(way, {
    ...reply,
    sourcePort: to.destinationPort,
    destinationPort: to.sourcePort,
    seq: (reply.seq ?? 0) >>> 0,
    ack: ((reply.ack ?? 0) + off) >>> 0,
  })
}
