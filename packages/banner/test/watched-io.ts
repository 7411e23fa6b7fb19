import type { Attempt, ByteStream, ConnectAnswer, ConnectRequest } from '@portkit/core'
import type { SimIo } from '@portkit/core/sim'

/** A TCP connection that was open during a run. */
export interface Seen {
  readonly address: string
  readonly port: number
  readonly openedNs: number
  closedNs: number | undefined
  /** What the tool wrote outside TLS, each write a text, each octet a character. */
  readonly sent: string[]
}

/** A simulated machine whose connections are kept account of. */
export interface Watched {
  readonly io: SimIo
  readonly connections: readonly Seen[]
  /** Connections to one address at most at any moment. */
  mostAtOnce(address?: string): number
}

export function watched(sim: SimIo): Watched {
  const connections: Seen[] = []
  const connect = (request: ConnectRequest): Attempt => {
    const { answer, abandon } = sim.net.connect(request)
    const seen = async (): Promise<ConnectAnswer> => noted(await answer, request, sim, connections)
    const answered = seen()
    answered.catch(() => {})
    return { answer: answered, abandon }
  }
  const net = { ...sim.net, connect }
  return {
    io: { ...sim, openNet: async () => net },
    connections,
    mostAtOnce: (address = '10.0.0.2') => most(connections.filter((seen) => seen.address === address)),
  }
}

function noted(
  { fact, connection }: ConnectAnswer,
  { address, port }: ConnectRequest,
  { clock }: SimIo,
  connections: Seen[],
): ConnectAnswer {
  if (connection === undefined) return { fact }
  const seen: Seen = { address, port, openedNs: clock.nowNs(), closedNs: undefined, sent: [] }
  connections.push(seen)
  const onClose = (): void => {
    seen.closedNs ??= clock.nowNs()
  }
  const stream = connection.bytes()
  const bytes: ByteStream = {
    local: stream.local,
    remote: stream.remote,
    broken: stream.broken,
    read: (limit) => stream.read(limit),
    write(octets) {
      seen.sent.push(Buffer.from(octets).toString('latin1'))
      return stream.write(octets)
    },
    endWrite: () => stream.endWrite(),
    close(how) {
      onClose()
      stream.close(how)
    },
  }
  const close = (): void => {
    onClose()
    connection.close()
  }
  return { fact, connection: { ...connection, bytes: () => bytes, close } }
}

/** Those that were open for no time at all were given up at once. */
function most(connections: readonly Seen[]): number {
  const changes = connections.flatMap(({ openedNs, closedNs = Number.POSITIVE_INFINITY }) =>
    openedNs === closedNs
      ? []
      : [
          { atNs: openedNs, by: 1 },
          { atNs: closedNs, by: -1 },
        ],
  )
  changes.sort((a, b) => a.atNs - b.atNs || a.by - b.by)
  let now = 0
  let highest = 0
  for (const { by } of changes) {
    now += by
    highest = Math.max(highest, now)
  }
  return highest
}
