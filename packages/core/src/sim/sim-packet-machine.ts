import type { UnreachableCode } from '../model/observation.ts'
import type { Family } from '../model/target.ts'
import type { Tcp } from '../wire/tcp.ts'
import type { Udp } from '../wire/udp.ts'
import { type DatagramBehaviour, datagramAnswer } from './sim-datagrams.ts'
import { portUnreachable } from './sim-icmp.ts'
import { type Answer, type Answerer, errorAbout, wayBack } from './sim-packet-answer.ts'
import { udpPacket } from './sim-packet-make.ts'
import type { Parcel } from './sim-packet-read.ts'
import { closedAnswer, isOpening, openAnswer } from './sim-packet-tcp.ts'
import type { Behaviour } from './sim-ports.ts'

const LATENCY_MS = 0.1
/** When a SYN-ACK that nobody acknowledges is sent again (RFC 6298 section 5). */
const REPEATS_MS = [1000, 3000, 7000] as const

/** The answers of a port to a segment, the repeated ones too where no reset comes back for the first. */
export function tcpAnswers(
  parcel: Parcel,
  header: Tcp,
  behaviour: Behaviour,
  answerer: Answerer,
  repeats: boolean,
): readonly Answer[] {
  switch (behaviour.does) {
    case 'drop':
    case 'fault':
      return []
    case 'icmp':
      return [errorAbout(parcel, behaviour, answerer)]
    case 'unreachable':
      return errorsFor(parcel, behaviour, answerer)
    case 'refuse':
      return answersOf(closedAnswer(parcel, header, answerer), behaviour.afterMs)
    case 'accept': {
      const { afterMs } = behaviour
      const answers = answersOf(openAnswer(parcel, header, answerer), afterMs)
      if (!repeats || !isOpening(header)) return answers
      return answers.flatMap((answer) => [
        answer,
        ...REPEATS_MS.map((laterMs) => ({ ...answer, afterMs: afterMs + laterMs })),
      ])
    }
  }
}

/** The answers of a port to a datagram. */
export function udpAnswers(
  parcel: Parcel,
  header: Udp,
  behaviour: DatagramBehaviour,
  answerer: Answerer,
): readonly Answer[] {
  const reply = (payload: Uint8Array, sourcePort = header.destinationPort): readonly Answer[] => {
    const way = wayBack(parcel, answerer, { dontFragment: true, id: answerer.random() >>> 16 })
    const ports = { sourcePort, destinationPort: header.sourcePort }
    return answersOf(udpPacket(way, ports, payload), afterMs)
  }
  const afterMs = ('afterMs' in behaviour ? behaviour.afterMs : undefined) ?? LATENCY_MS
  switch (behaviour.does) {
    case 'drop':
    case 'log':
    case 'fault':
      return []
    case 'echo':
      return reply(parcel.octets.slice(header.payload.from, header.payload.to))
    case 'answer':
    case 'answers': {
      const question = parcel.octets.subarray(header.payload.from, header.payload.to)
      const answer = datagramAnswer(behaviour, question)
      return answer === undefined ? [] : reply(answer, behaviour.fromPort)
    }
    case 'icmp':
      return [errorAbout(parcel, { ...behaviour, afterMs }, answerer)]
    case 'closed':
      return [errorAbout(parcel, { ...unreachablePort(parcel), afterMs }, answerer)]
  }
}

/** Port unreachable, from the machine that a packet went to. */
export function unreachablePort({ destination }: Parcel) {
  return { ...portUnreachable(destination), from: destination }
}

export function answersOf(octets: Uint8Array | undefined, afterMs: number): readonly Answer[] {
  return octets === undefined ? [] : [{ afterMs, octets }]
}

/** Type and code of the ICMP errors that Linux makes an errno of; none where there is no error but silence. */
const ERRORS: Readonly<
  Record<UnreachableCode, Readonly<Record<Family, readonly [number, number]>> | undefined>
> = {
  ENETUNREACH: { 4: [3, 0], 6: [1, 0] },
  EHOSTUNREACH: { 4: [3, 1], 6: [1, 3] },
  ENOPROTOOPT: { 4: [3, 2], 6: [4, 1] },
  EHOSTDOWN: undefined,
  ENETDOWN: undefined,
}

function errorsFor(
  parcel: Parcel,
  { code, afterMs }: Extract<Behaviour, { does: 'unreachable' }>,
  answerer: Answerer,
): readonly Answer[] {
  const numbers = ERRORS[code]?.[parcel.family]
  if (numbers === undefined) return []
  const [type, icmpCode] = numbers
  return [errorAbout(parcel, { type, code: icmpCode, from: parcel.destination, afterMs }, answerer)]
}
