import { type ByteStream, ResolveError, StreamFault } from '@portkit/core'
import { type ProxyTools, throughProxy } from '../src/proxy/through-proxy.ts'
import type { ProxyChoice, ProxyProtocol } from '../src/settings.ts'

/** What a proxy sends on one connection, and how the connection ends after that. */
export interface Script {
  readonly sends: string
  readonly ends?: 'fin' | 'ECONNRESET' | 'silence'
  /** Octets that arrive at a time. */
  readonly dribble?: number
}

/** One connection to a proxy; all texts have one character an octet. */
export interface Proxied extends ByteStream {
  readonly written: readonly string[]
  readonly closedWith: string | undefined
  /** What was not read. */
  readonly left: string
}

export function proxied({ sends, ends = 'fin', dribble = 1e9 }: Script): Proxied {
  const written: string[] = []
  let closedWith: string | undefined
  let left = sends
  let wake = (): void => {}
  return {
    local: { address: '127.0.0.1', port: 1 },
    remote: { address: '127.0.0.1', port: 2 },
    broken: new Promise(() => {}),
    written,
    get closedWith() {
      return closedWith
    },
    get left() {
      return left
    },
    async read(most) {
      if (left === '' && ends === 'silence' && closedWith === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (left === '' && ends === 'ECONNRESET') throw new StreamFault('ECONNRESET')
      if (left === '') return undefined
      const octets = Buffer.from(left.slice(0, Math.min(most, dribble)), 'latin1')
      left = left.slice(octets.length)
      return octets
    },
    async write(octets) {
      if (ends === 'ECONNRESET' && sends === '') throw new StreamFault('EPIPE')
      written.push(Buffer.from(octets).toString('latin1'))
    },
    endWrite() {},
    close(how) {
      closedWith ??= how
      wake()
    },
  }
}

export interface Meeting {
  readonly protocol: ProxyProtocol
  readonly host: string
  readonly scripts: readonly (Script | string)[]
  readonly port?: number
  readonly user?: string
  readonly passwords?: readonly (string | undefined)[]
  readonly names?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Goes through proxies that follow the scripts, one a connection. */
export async function meet(meeting: Meeting) {
  const { protocol, host, port = 22, user, passwords = [], names = {}, signal } = meeting
  const streams = meeting.scripts.map((script) =>
    proxied(typeof script === 'string' ? { sends: script } : script),
  )
  const asked: string[] = []
  const said: string[] = []
  let connections = 1
  const tools: ProxyTools = {
    async lookup4(name) {
      const address = names[name]
      if (address === undefined) throw new ResolveError(name, 'ENOTFOUND', 'Name or service not known')
      return address
    },
    async askPassword(question) {
      asked.push(question)
      return passwords[asked.length - 1]
    },
    async reconnect() {
      const stream = streams[connections++]
      if (stream === undefined) throw new Error('no further connection was expected')
      return stream
    },
    say: (line) => void said.push(line),
  }
  const choice: ProxyChoice = { host: 'proxy.lab', port: 1080, protocol, user }
  const [first = proxied({ sends: '' })] = streams
  const result = await throughProxy(first, { host, port }, choice, tools, signal).then(
    (stream) => ({ stream, error: undefined }),
    (error: Error) => ({ stream: undefined, error }),
  )
  return {
    ...result,
    message: result.error?.message,
    streams,
    asked,
    said,
    wrote: streams.map(({ written }) => written.join('')),
  }
}
