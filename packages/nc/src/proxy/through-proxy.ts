import type { ByteStream, Family } from '@portkit/core'
import type { ProxyChoice } from '../settings.ts'
import { PROXY, proxyPassword } from '../words/format-proxy.ts'
import { askHttp, cutPassword, refused } from './http-connect.ts'
import { ProxyFault } from './proxy-fault.ts'
import { askSocks4, askSocks4a } from './socks4.ts'
import { askSocks5 } from './socks5.ts'
import { orAborted, type Talk, talkOver } from './talk.ts'

/** Passwords that are asked for before nc gives up. */
const MOST_PASSWORDS = 3
/** Octets of the question that nc's buffer holds. */
const LONGEST_QUESTION = 511

/** Where the proxy shall connect to: a name or a literal as the user typed it. nc's `-4` and `-6` choose the way to the proxy only. */
export interface ProxyTarget {
  readonly host: string
  readonly port: number
  readonly family?: Family | undefined
}

export interface ProxyTools {
  /** An IPv4 address of the name, for SOCKS 4. @throws ResolveError */
  lookup4(host: string): Promise<string>
  /** Asks on the terminal without echo; undefined where there is none. */
  askPassword(question: string): Promise<string | undefined>
  /** Another connection to the proxy, after one that a 407 has used up. What it throws is passed on. */
  reconnect(): Promise<ByteStream>
  /** A line for stderr that nc prints without its name in front, without a line end. */
  say(line: string): void
}

/**
 * Has the proxy at the other end of the stream connect to the target. Reads not one octet more than the proxy's reply.
 * Has no time limit, as in nc: the signal is one.
 * @returns the stream on which the target talks: the given one, or after a 407 another
 * @throws ProxyFault with nc's text, or the signal's reason; the stream is closed then
 */
export async function throughProxy(
  stream: ByteStream,
  { host, port }: ProxyTarget,
  choice: ProxyChoice,
  tools: ProxyTools,
  signal?: AbortSignal,
): Promise<ByteStream> {
  switch (choice.protocol) {
    case '4':
      await closedOnFault(stream, signal, (talk) => askSocks4(talk, host, port, tools.lookup4))
      return stream
    case '4A':
      await closedOnFault(stream, signal, (talk) => askSocks4a(talk, host, port))
      return stream
    case '5':
      await closedOnFault(stream, signal, (talk) => askSocks5(talk, host, port))
      return stream
    case 'connect':
      return throughHttp(stream, { host, port }, choice, tools, signal)
  }
}

/** The first try goes without a password; each 407 after it uses up a connection. */
async function throughHttp(
  first: ByteStream,
  { host, port }: ProxyTarget,
  choice: ProxyChoice,
  tools: ProxyTools,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  let stream = first
  for (let passwords = 0; ; passwords++) {
    const credentials = passwords === 0 ? undefined : () => orAborted(credentialsOf(choice, tools), signal)
    const answer = await closedOnFault(stream, signal, (talk) => askHttp(talk, host, port, credentials))
    if (answer.kind === 'open') return stream
    stream.close('fin')
    if (choice.user === undefined) throw refused(answer.status)
    if (passwords > 0) tools.say(PROXY.authenticationFailed)
    if (passwords === MOST_PASSWORDS) throw new ProxyFault(PROXY.tooManyFailures)
    stream = await reconnected(tools, signal)
  }
}

/** A connection that comes too late is closed, so that nothing stays behind an aborted run. */
async function reconnected(tools: ProxyTools, signal: AbortSignal | undefined): Promise<ByteStream> {
  const stream = tools.reconnect()
  return orAborted(stream, signal).catch((error) => {
    stream.then((late) => late.close('rst')).catch(() => {})
    throw error
  })
}

async function credentialsOf({ user = '', host }: ProxyChoice, tools: ProxyTools): Promise<string> {
  const question = proxyPassword(user, host).slice(0, LONGEST_QUESTION)
  const password = await tools.askPassword(question)
  if (password === undefined) throw new ProxyFault(PROXY.noPassphrase)
  return `${user}:${cutPassword(password)}`
}

async function closedOnFault<T>(
  stream: ByteStream,
  signal: AbortSignal | undefined,
  ask: (talk: Talk) => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted()
    return await orAborted(ask(talkOver(stream, signal)), signal)
  } catch (error) {
    stream.close(signal?.aborted ? 'rst' : 'fin')
    throw error
  }
}
