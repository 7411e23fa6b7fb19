import type { Reader } from '../../dialogue/dialogue.ts'
import { latin1, line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { redisInfo } from './redis-info.ts'

const MOST_LINE = 1024
const MOST_INFO = 16_384

/** What the first line of an answer surely is of Redis' protocol (RESP), and what it means. */
const LINES: readonly (readonly [pattern: RegExp, info?: string])[] = [
  [/^\+PONG$/],
  [/^-NOAUTH /, 'needs a password'],
  [/^-ERR operation not permitted$/, 'needs a password'],
  [/^-DENIED (?:(?:Redis|KeyDB) is r|R)unning in protected mode/, 'protected mode'],
  [/^-NOPERM .{0,100}'(?:ping|get)'/, 'not permitted'],
  [/^-LOADING .{0,40}is loading the dataset in memory$/, 'loading its data'],
  [/^-ERR max number of clients reached/, 'too many clients'],
  // POP3 also has -ERR, but neither quotes the command like this.
  [/^-ERR unknown command (?:'[^']{0,200}'|`[^`]{0,200}`)(?:$|, with args beginning with:)/],
  [/^-ERR wrong number of arguments for '[^']{1,60}' command$/],
]

export const redis: Protocol = {
  name: 'redis',
  ports: { tcp: [6379] },
  tlsPorts: [6380],
  probe: () => new TextEncoder().encode('PING\r\n'),
  detect(octets, { ended }) {
    if (octets[0] === DOLLAR) return fromInfo(octets, ended)
    if (!mayBegin(octets)) return undefined
    const end = octets.subarray(0, MOST_LINE).indexOf(CR)
    if (end < 0) return ended || octets.length >= MOST_LINE ? undefined : 'more'
    return fromLine(peerText(octets.subarray(0, end)))
  },
  async ask(service, dialogue) {
    if (service.version !== undefined || CLOSED.has(service.info ?? '')) return service
    await dialogue.send(new TextEncoder().encode('INFO server\r\n'))
    const answer = await dialogue.receive(infoOrRefusal)
    if (answer === undefined) return service
    if (answer.kind === 'info') return redisInfo(answer.text)
    return { ...service, ...fromLine(answer.text) }
  },
}

const DOLLAR = '$'.charCodeAt(0)
const CR = 0x0d
const FIRSTS = ['+PONG', '-NOAUTH ', '-ERR ', '-DENIED ', '-NOPERM ', '-LOADING ']
/** These say the same to every command. */
const CLOSED: ReadonlySet<string> = new Set(['needs a password', 'protected mode', 'too many clients'])

/** The octets, as many as there are, begin like one of the lines. */
function mayBegin(octets: Uint8Array): boolean {
  const text = latin1(octets.subarray(0, 8))
  return FIRSTS.some((first) =>
    text.length < first.length ? first.startsWith(text) : text.startsWith(first),
  )
}

function fromLine(text: string): Service | undefined {
  const found = LINES.find(([pattern]) => pattern.test(text))
  if (found === undefined) return undefined
  const [, info] = found
  // The one refusal that may tell the name of the product: Valkey's has none.
  const named = /^-DENIED (Redis|KeyDB) /.exec(text)?.[1]
  const product = named === undefined ? {} : { product: named }
  return info === undefined ? { protocol: 'redis' } : { protocol: 'redis', ...product, info }
}

/** `$576`, and then as many octets of `INFO server`. */
function fromInfo(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  const begin = latin1(octets.subarray(0, 40))
  const isSo = /^\$\d{1,5}\r\n# Server\r\nredis_ver/.test(begin)
  if (!isSo)
    return /^\$(?:\d{1,5}(?:\r|\r\n[# SeverdisR\r\n_]{0,20})?)?$/.test(begin) && !ended ? 'more' : undefined
  const taken = bulk(octets)
  if (taken === 'more' && !ended) return 'more'
  if (taken === undefined) return undefined
  const text = peerText(taken === 'more' ? octets.subarray(0, MOST_INFO) : taken.octets)
  // Of what is cut, the last line may be as well.
  return redisInfo(taken === 'more' ? text.slice(0, text.lastIndexOf('\r\n') + 2) : text)
}

/** A bulk string: its octets, and how many they are with all around them. */
function bulk(
  octets: Uint8Array,
): { readonly octets: Uint8Array; readonly length: number } | 'more' | undefined {
  const [head, digits] = /^\$(\d{1,5})\r\n/.exec(latin1(octets.subarray(0, 10))) ?? []
  if (head === undefined) return octets.length < 9 ? 'more' : undefined
  const end = head.length + Number(digits)
  if (end > MOST_INFO) return undefined
  return octets.length < end + 2 ? 'more' : { octets: octets.subarray(head.length, end), length: end + 2 }
}

interface Answer {
  readonly kind: 'info' | 'refusal'
  readonly text: string
}

/** The answer to INFO, behind the lines that answered what was asked before. */
const infoOrRefusal: Reader<Answer> = (octets, ended) => {
  for (let at = 0; at < 4 * MOST_LINE; ) {
    const rest = octets.subarray(at)
    const next = rest[0] === DOLLAR ? info(rest, ended) : refusal(rest, ended)
    if (next === 'more' || next === undefined) return next
    at += next.length
    if (next.value !== undefined) return { value: next.value, length: at }
  }
  return undefined
}

const info: Reader<Answer> = (octets) => {
  const taken = bulk(octets)
  if (taken === 'more' || taken === undefined) return taken
  return { value: { kind: 'info', text: peerText(taken.octets) }, length: taken.length }
}

/** One line, whose value is undefined unless it says that there will be no INFO. */
const refusal: Reader<Answer | undefined> = (octets) => {
  const taken = line(MOST_LINE)(octets, false)
  if (taken === 'more' || taken === undefined) return taken
  const text = clip(taken.value)
  const isRefusal = /^-(?:NOAUTH|NOPERM|DENIED) |^-ERR unknown command ['`]INFO/i.test(text)
  return { value: isRefusal ? { kind: 'refusal', text } : undefined, length: taken.length }
}
