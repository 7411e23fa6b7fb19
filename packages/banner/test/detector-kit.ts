import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectContext, ProbeContext, Protocol } from '../src/model/protocol.ts'
import type { Service } from '../src/model/service.ts'
import type { Wishes } from '../src/model/wishes.ts'

export const WISHES: Wishes = {
  host: 'db.lan',
  serverName: 'db.lan',
  community: 'public',
  hostKeys: false,
  follow: 0,
}

const NOTHING = new Uint8Array()

export const octetsOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

/** A context of a whole TCP answer to nothing, but for what is given. */
export function contextOf(given: Partial<DetectContext> = {}): DetectContext {
  return {
    port: 4711,
    transport: 'tcp',
    secure: false,
    asked: 'nothing',
    sent: NOTHING,
    ended: true,
    ...given,
  }
}

/** What is sent first to a port; always the same random numbers. */
export function probeOf(protocol: Protocol, given: Partial<ProbeContext> = {}): Uint8Array {
  const context = {
    port: 4711,
    transport: 'tcp',
    secure: false,
    wishes: WISHES,
    random: () => 0x12345678,
  } as const
  return protocol.probe?.({ ...context, ...given }) ?? NOTHING
}

/** An answer, and what is to be made of it. */
export interface Answer {
  readonly title: string
  /** A string's characters are octets. */
  readonly octets: string | Uint8Array
  readonly context?: Partial<DetectContext>
  /** undefined: somebody else's. */
  readonly service: Service | undefined
}

const MOST = 65_536

/**
 * The laws of a detector, and the answers that it is to know: of any octets, any beginning of an answer, any change to it.
 * @param answers at least one that is the protocol's
 */
export function detectorTests(protocol: Protocol, answers: readonly Answer[]): void {
  const { detect, name } = protocol
  const bytes = ({ octets }: Answer): Uint8Array => (typeof octets === 'string' ? octetsOf(octets) : octets)

  describe(`${name} is recognised`, () => {
    it.each(answers.map((answer) => [answer.title, answer] as const))('%s', (_, answer) => {
      expect(detect(bytes(answer), contextOf(answer.context))).toEqual(answer.service)
    })

    it('in one answer at least', () => {
      expect(answers.filter(({ service }) => service !== undefined)).not.toEqual([])
    })
  })

  describe(`the detector of ${name}`, () => {
    const contexts = fc.record({
      port: fc.integer({ min: 1, max: 65_535 }),
      transport: fc.constantFrom('tcp' as const, 'udp' as const),
      secure: fc.boolean(),
      asked: fc.constantFrom('nothing', 'http', 'crlf', 'help', name),
      sent: fc.oneof(fc.constant(NOTHING), fc.constant(probeOf(protocol)), fc.uint8Array({ maxLength: 40 })),
    })
    const seeds = answers.map((answer) => [bytes(answer), answer.context] as const)
    const anyAnswer = fc.oneof(
      fc.record({ octets: fc.uint8Array({ maxLength: 300, size: 'max' }), context: contexts }),
      fc
        .record({
          seed: fc.constantFrom(...seeds),
          tail: fc.uint8Array({ maxLength: 20 }),
          context: contexts,
        })
        .map(({ seed: [octets, own], tail, context }) => ({
          octets: Uint8Array.from([...octets, ...tail]),
          context: { ...context, ...own },
        })),
      fc
        .record({
          seed: fc.constantFrom(...seeds),
          changes: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
        })
        .map(({ seed: [octets, own], changes }) => {
          const changed = octets.slice()
          for (const [at, octet] of changes) if (at < changed.length) changed[at] = octet
          return { octets: changed, context: { ...contextOf(), ...own } }
        }),
    )

    it('never throws, and says at the end what it is', () => {
      fc.assert(
        fc.property(anyAnswer, ({ octets, context }) => {
          const service = detect(octets, { ...context, ended: true })
          expect(service).not.toBe('more')
          if (service !== undefined && service !== 'more') expectBounded(service)
        }),
        { numRuns: 300 },
      )
    })

    it('says of a beginning what it says of the whole, however that was split', () => {
      fc.assert(
        fc.property(anyAnswer, fc.nat(400), fc.boolean(), ({ octets, context }, cut, ended) => {
          const begun = detect(octets.subarray(0, Math.min(cut, octets.length)), { ...context, ended: false })
          if (begun !== 'more') expect(detect(octets, { ...context, ended })).toEqual(begun)
        }),
        { numRuns: 300 },
      )
    })

    it('neither keeps nor changes the octets', () => {
      for (const [octets, own] of seeds) {
        const lent = octets.slice()
        const service = detect(lent, contextOf(own))
        expect(lent).toEqual(octets)
        const before = JSON.stringify(service)
        lent.fill(0xa5)
        expect(JSON.stringify(service)).toBe(before)
      }
    })

    it('takes time in proportion to long answers of one kind', () => {
      const lines = [
        '\r\n',
        ' ',
        '\t',
        'a',
        '0',
        '\0',
        '220-',
        '220 x\r\n',
        '<title>',
        '{"',
        '(((',
        '\xff\xfb',
        '%s:;,',
      ]
      const starts = [NOTHING, ...seeds.map(([octets]) => octets.subarray(0, 300))]
      const octets = Buffer.alloc(MOST)
      for (const piece of lines) {
        for (const start of starts) {
          octets.fill(piece, 'latin1').set(start)
          for (const ended of [false, true]) detect(octets, contextOf({ ended }))
        }
      }
    }, 10_000)
  })
}

const LONGEST = 4096

/** What is told stays small, whatever the peer said. */
function expectBounded(value: unknown): void {
  const text = JSON.stringify(value)
  expect(text.length).toBeLessThan(16 * LONGEST)
}

/** One exchange with a real server. */
export interface Recorded {
  /** The server: `openssh`. */
  readonly name: string
  readonly port: number
  readonly proto: 'tcp' | 'udp'
  readonly tls: boolean
  /** What was sent: `greeting` for nothing, `http-get` … */
  readonly probe: string
  readonly end: string
  readonly octets: Uint8Array
}

/** The recorded exchanges with real servers of that name, or of all. */
export function recorded(name?: string): readonly Recorded[] {
  const path = new URL('fixtures/exchanges.jsonl', import.meta.url)
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Omit<Recorded, 'octets'> & { readonly hex: string })
    .filter((row) => name === undefined || row.name === name)
    .map(({ hex, ...row }) => ({ ...row, octets: Uint8Array.from(Buffer.from(hex, 'hex')) }))
}
