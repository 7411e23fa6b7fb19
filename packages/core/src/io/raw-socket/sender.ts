import { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import type { OutgoingPacket, SendOutcome } from '../packets.ts'
import type { OwnSources } from './own-sources.ts'
import { wayOf } from './packet-way.ts'
import type { RawSocket } from './raw-socket-package.ts'
import { codeOf } from './sockets.ts'

/** The kernel has no room at this moment. */
const FULL: ReadonlySet<string> = new Set(['EAGAIN', 'ENOBUFS', 'EINTR'])

export interface Sender {
  send(packets: readonly OutgoingPacket[], count?: number): Promise<SendOutcome>
  /** Ends what is under way. */
  close(): void
}

export interface SenderNeeds {
  readonly sockets: Readonly<Partial<Record<Family, RawSocket>>>
  readonly sources: OwnSources
  /** The name of an interface by its number. */
  readonly nameOf: (index: number) => string | undefined
  /** A socket can send nothing any more. */
  readonly onFault: (fault: LocalFault) => void
}

/** What became of one packet: the fault is why the system refused it. */
type Given = 'sent' | 'full' | LocalFault

/** One packet after the other: the next one is given to the socket when the one before is gone. */
export function createSender(needs: SenderNeeds): Sender {
  const underWay = new Set<(why: LocalFault) => void>()
  /** Why nothing more is sent. */
  let end: LocalFault | undefined
  const endWith = (fault: LocalFault): void => {
    end ??= fault
    for (const abandon of [...underWay]) abandon(fault)
  }
  for (const socket of Object.values(needs.sockets)) {
    socket.on('error', (error) => {
      const fault = localFault(codeOf(error), 'sending packets')
      needs.onFault(fault)
      endWith(fault)
    })
  }
  return {
    send: (packets, count = packets.length) =>
      new Promise((resolve) => {
        // After the package's own call: see RawSocket.
        const finish = (outcome: SendOutcome): void => void setImmediate(resolve, outcome)
        if (end !== undefined) {
          finish({ sent: 0, fault: end })
          return
        }
        const { start, abandon } = sendEach(needs, packets.slice(0, count), (outcome) => {
          underWay.delete(abandon)
          finish(outcome)
        })
        underWay.add(abandon)
        start()
      }),
    close: () => endWith(new LocalFault('EBADF', 'the way for packets is closed')),
  }
}

/** `done` is called once, maybe during `start`; `abandon` ends it early. */
function sendEach(
  needs: SenderNeeds,
  packets: readonly OutgoingPacket[],
  done: (outcome: SendOutcome) => void,
) {
  let sent = 0
  let isOver = false
  const finish = (fault?: LocalFault): void => {
    if (isOver) return
    isOver = true
    done({ sent, fault })
  }
  const next = (): void => {
    const packet = packets[sent]
    if (packet === undefined) finish()
    else give(needs, packet, take)
  }
  const take = (given: Given): void => {
    if (given instanceof LocalFault) finish(given)
    else if (given === 'full') finish()
    else if (!isOver) {
      sent++
      next()
    }
  }
  return { start: next, abandon: finish }
}

/** Never throws; `done` is called once, maybe at once. */
function give(needs: SenderNeeds, packet: OutgoingPacket, done: (given: Given) => void): void {
  const way = carrierOf(needs, packet)
  if (way instanceof LocalFault) {
    done(way)
    return
  }
  const { family, socket, destination } = way
  socket.send(packet.octets, 0, packet.length, destination, (error) => {
    if (error === null && family === 6) needs.sources.sent(packet.octets)
    done(error === null ? 'sent' : refusal(codeOf(error), destination))
  })
}

/** The socket of the packet's family: one of the other would read the address wrongly. */
function carrierOf({ sockets, nameOf }: SenderNeeds, packet: OutgoingPacket) {
  const way = wayOf(packet, nameOf)
  if (way instanceof LocalFault) return way
  const socket = sockets[way.family]
  if (socket === undefined) return new LocalFault('EAFNOSUPPORT', `not opened for IPv${way.family} packets`)
  return { ...way, socket }
}

function refusal(code: string, destination: string): Given {
  return FULL.has(code) ? 'full' : localFault(code, `sending to ${destination}`)
}
