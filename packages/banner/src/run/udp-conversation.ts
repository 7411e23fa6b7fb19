import { type ByteStream, type DatagramSocket, LocalFault, type Observation } from '@portkit/core'
import { Conversation } from '../dialogue/conversation.ts'
import type { Asked } from '../model/protocol.ts'
import { answeredFromAnyPort } from './any-port.ts'
import type { PortWork } from './port-work.ts'

/** Who asks, and from where answers may come. */
export interface UdpWay {
  readonly asked: Asked
  readonly fromAnyPort: boolean
}

/** A conversation by datagrams. */
export interface UdpConversation {
  readonly conversation: Conversation
  /** What the system has been told of this socket's datagrams: a refusal, or another ICMP error; undefined for nothing. */
  error(): Observation | undefined
}

/** An observation: the system knows no way there. @throws LocalFault */
export async function openUdp(
  { asked, fromAnyPort }: UdpWay,
  work: PortWork,
): Promise<UdpConversation | Observation> {
  const { target, budget } = work
  const socket = await openSocket(fromAnyPort, work)
  if ('kind' in socket) return socket
  const { address, port } = target
  const stream: ByteStream = fromAnyPort ? answeredFromAnyPort(socket, { address, port }) : socket
  const again = async (): Promise<Conversation | undefined> => {
    if (budget.isOver) return undefined
    const next = await openUdp({ asked, fromAnyPort }, work)
    return 'kind' in next ? undefined : next.conversation
  }
  const conversation = new Conversation(stream, work, { secure: false, alpn: undefined, again })
  conversation.asking(asked)
  return { conversation, error: () => errorOf(socket, conversation, work) }
}

async function openSocket(
  fromAnyPort: boolean,
  work: PortWork,
): Promise<DatagramSocket | Extract<Observation, { kind: 'unreachable' }>> {
  const { sockets } = work.kit.io
  const { address, family, port } = work.target
  try {
    if (fromAnyPort)
      return await sockets.bindUdp({ address: family === 6 ? '::' : '0.0.0.0', family, port: 0 })
    return await sockets.connectUdp({ address, family, port, errors: true })
  } catch (fault) {
    const code = UNREACHABLE.find((one) => fault instanceof LocalFault && fault.code === one)
    if (code === undefined) throw fault
    return { kind: 'unreachable', code, ...timed(work), rttNs: undefined }
  }
}

/** Errors of connect(2) that are about the way to the host. */
const UNREACHABLE = ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EHOSTDOWN'] as const

function errorOf(socket: DatagramSocket, { end }: Conversation, work: PortWork): Observation | undefined {
  const icmp = socket.takeIcmp()
  if (icmp !== undefined) return { kind: 'icmp-error', family: work.target.family, ...icmp, ...timed(work) }
  return end === 'reset' ? { kind: 'refused', by: 'unknown', ...timed(work) } : undefined
}

function timed({ kit, startNs }: PortWork) {
  const elapsedNs = kit.io.clock.nowNs() - startNs
  return { rttNs: elapsedNs, clock: 'process', elapsedNs, syns: 1 } as const
}
