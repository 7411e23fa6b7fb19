import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Judgement, judging } from '../src/dialogue/judge.ts'
import type { DetectContext } from '../src/model/protocol.ts'
import { PROTOCOLS } from '../src/protocols/table.ts'
import { octetsOf, probeOf, recorded } from './detector-kit.ts'

type Context = Omit<DetectContext, 'ended'>

/** Answers of real servers, each kind of beginning once. */
const ANSWERS = [
  ...new Map(
    recorded()
      .filter(({ octets }) => octets.length > 0)
      .map(({ octets }) => [Buffer.from(octets.subarray(0, 16)).toString('hex'), octets.subarray(0, 3000)]),
  ).values(),
]

/** Every protocol's question, over both transports. */
const QUESTIONS: readonly Context[] = [
  { asked: 'nothing', sent: new Uint8Array() },
  { asked: 'crlf', sent: octetsOf('\r\n\r\n') },
  { asked: 'help', sent: octetsOf('HELP\r\n') },
  { asked: 'user', sent: octetsOf('x') },
  ...PROTOCOLS.filter(({ probe }) => probe !== undefined).flatMap((protocol) =>
    (['tcp', 'udp'] as const).map((transport) => ({
      asked: protocol.name,
      sent: probeOf(protocol, { transport }),
      transport,
    })),
  ),
].map((question) => ({ port: 4711, transport: 'tcp', secure: false, ...question }) as const)

/** What is made of octets that come in these pieces. */
function judged(octets: Uint8Array, cuts: readonly number[], context: Context): Judgement | undefined {
  const read = judging(PROTOCOLS, context)
  const ends = cuts.map((cut) => cut % (octets.length + 1)).sort((a, b) => a - b)
  for (const end of ends) {
    const taken = read(octets.slice(0, end), false)
    if (taken !== 'more') return taken?.value
  }
  const taken = read(octets, true)
  return taken === 'more' ? undefined : taken?.value
}

const somePart = fc
  .tuple(fc.constantFrom(...ANSWERS), fc.nat(200), fc.nat(3000))
  .map(([octets, from, length]) => octets.subarray(from % octets.length, (from % octets.length) + length))

const wholeAnswer = fc.constantFrom(...ANSWERS)

const changedAnswer = fc
  .tuple(wholeAnswer, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([octets, changes]) => {
    const changed = octets.slice()
    for (const [at, octet] of changes) changed[at % changed.length] = octet
    return changed
  })

/** A beginning of one answer, then parts of others. */
const splicedAnswer = fc
  .tuple(wholeAnswer, fc.nat(120), fc.array(somePart, { minLength: 1, maxLength: 3 }))
  .map(([octets, length, parts]) => Uint8Array.from(Buffer.concat([octets.subarray(0, length), ...parts])))

/** Answers to questions that their own number or name comes back in. */
const repeatingAnswer = fc
  .tuple(fc.constantFrom(...QUESTIONS), fc.nat(30), wholeAnswer)
  .map(([{ sent }, length, rest]) => Uint8Array.from(Buffer.concat([sent.subarray(0, length), rest])))

const answer = fc.oneof(
  fc.uint8Array({ maxLength: 300, size: 'max' }),
  wholeAnswer,
  changedAnswer,
  splicedAnswer,
  repeatingAnswer,
)

const context = fc
  .tuple(fc.constantFrom(...QUESTIONS), fc.integer({ min: 1, max: 65_535 }), fc.boolean())
  .map(([question, port, secure]) => ({ ...question, port, secure }))

describe('all protocols of the table together', () => {
  it('make the same of an answer however it was split', () => {
    const cuts = fc.array(fc.nat(4000), { maxLength: 8 })
    fc.assert(
      fc.property(answer, context, cuts, (octets, asked, where) => {
        expect(judged(octets, where, asked)).toEqual(judged(octets, [], asked))
      }),
      { numRuns: 1500 },
    )
  })

  it('make the same of an answer that comes octet by octet', () => {
    fc.assert(
      fc.property(answer, context, (octets, asked) => {
        const each = Array.from(octets.subarray(0, 600), (_, at) => at + 1)
        expect(judged(octets, each, asked)).toEqual(judged(octets, [], asked))
      }),
      { numRuns: 300 },
    )
  })

  it('tell no text that is not clipped, and few of them', () => {
    fc.assert(
      fc.property(answer, context, (octets, asked) => {
        const service = judged(octets, [], asked)?.service
        const { evidence: _, details = {}, ...texts } = service ?? {}
        for (const text of Object.values(texts)) expect(String(text).length).toBeLessThanOrEqual(320)
        for (const value of Object.values(details)) {
          const values = Array.isArray(value) ? value : [value]
          expect(values.length).toBeLessThanOrEqual(300)
          for (const text of values) expect(String(text).length).toBeLessThanOrEqual(1000)
        }
      }),
      { numRuns: 600 },
    )
  })
})

/** Octets of which an answer may have 64 KB. */
const NASTY = [
  ...['\0', '\x01', '\x30', '\x80', '\xff', '\xff\xfb', '\xff\xfa\x01', '\0\x01a', '\x04\0', '\xc0\x0c'],
  ...['a', '0', ' ', '\t', '\r', '\n', '\r\n', '.', '-', '<', '"', '[', '{"', '(((', '\\', '\xc3\xa9'],
  ...['220-', '220 x\r\n', '220-x\r\n', '250-X\r\n', '<title>', '<a b="c" ', 'A: b\r\n', ': ', 'x/1 (', '( '],
  ...['* OK', '1.', 'a=b;', '\x1b[', '%s:;,'],
]

const STARTS = ['', 'HTTP/1.1 200 OK\r\nServer: ', 'HTTP/1.0 400 x\r\n\r\n<html>', 'RTSP/1.0 200 OK\r\n']

it('64 KB of anything are judged in little time, whatever was asked', () => {
  const size = 65_536
  const octets = Buffer.alloc(size)
  for (const piece of NASTY) {
    for (const start of STARTS) {
      octets.fill(piece, 'latin1').set(octetsOf(start))
      for (const asked of QUESTIONS.slice(0, 4)) judged(octets, [1000, 9000], asked)
    }
    for (const asked of QUESTIONS) {
      octets.fill(piece, 'latin1').set(asked.sent.subarray(0, 12))
      judged(octets, [1000, 9000], asked)
    }
  }
}, 30_000)
