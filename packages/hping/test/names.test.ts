import { createLines } from '@portkit/core'
import { simIo, type VirtualClock } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNamedText, type NamedText } from '../src/run/names.ts'
import { visible } from './sim-kit.ts'

interface Desk {
  readonly text: NamedText
  readonly clock: VirtualClock
  /** What was written so far. */
  written(): Promise<string>
  /** Addresses that were asked for, in order. */
  readonly asked: readonly string[]
  /** The name server answers all questions about an address; undefined: it knows no name. */
  answer(address: string, name: string | undefined): Promise<void>
  refuse(address: string): Promise<void>
}

interface Question {
  resolve(name: string | undefined): void
  reject(error: Error): void
}

/** A name server that answers when it is told to. Time stands still unless somebody lets it pass. */
function desk(): Desk {
  const io = simIo({ ports: {} })
  io.clock.halt()
  const asked: string[] = []
  const open = new Map<string, Question[]>()
  const dns = {
    ...io.dns,
    reverse(address: string) {
      asked.push(address)
      return new Promise<string | undefined>((resolve, reject) => {
        open.set(address, [...(open.get(address) ?? []), { resolve, reject }])
      })
    },
  }
  let said = ''
  const lines = createLines(async ({ text }) => {
    said += text
  })
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    text: createNamedText({ dns, clock: io.clock }, lines),
    clock: io.clock,
    asked,
    async written() {
      await lines.flush()
      return visible(said)
    },
    async answer(address, name) {
      for (const { resolve } of open.get(address) ?? []) resolve(name)
      open.delete(address)
      await settle()
    },
    async refuse(address) {
      for (const { reject } of open.get(address) ?? []) reject(new Error('SERVFAIL'))
      open.delete(address)
      await settle()
    },
  }
}

const WIPED = `<BS 15>${' '.repeat(15)}<BS 15>`

/** A line with an address, as it is shown in the end. */
function shown(line: string, name: string): string {
  return `${line} get hostname...${WIPED}name=${name}`
}

describe('text that waits for names', () => {
  it('is written at once when no name is wanted', async () => {
    const { text, written, asked } = desk()
    text.text('a\n')
    text.named('b', undefined)
    expect(await written()).toBe('a\nb')
    expect(asked).toEqual([])
  })

  it('shows that it waits, and keeps what follows behind', async () => {
    const { text, written, answer } = desk()
    text.named('one', '10.0.0.1')
    text.text('\ntwo\n')
    expect(await written()).toBe('one get hostname...')
    await answer('10.0.0.1', 'a.lan')
    expect(await written()).toBe(`${shown('one', 'a.lan')}\ntwo\n`)
  })

  it('keeps its order in whatever order names come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        async (lines, order) => {
          const { text, written, answer, asked } = desk()
          for (const [i, host] of lines.entries()) {
            // Number 6 has no name to be asked for.
            text.named(`${i} from ${host}`, host === 6 ? undefined : `10.0.0.${host}`)
            text.text('\n')
          }
          const hosts = [...new Set(lines)].filter((host) => host !== 6)
          expect(asked.toSorted()).toEqual(hosts.map((host) => `10.0.0.${host}`).toSorted())
          const left = [...hosts]
          while (left.length > 0) {
            const [host = 0] = left.splice((order.next().value ?? 0) % left.length, 1)
            await answer(`10.0.0.${host}`, `h${host}.lan`)
          }
          const expected = lines.map((host, i) =>
            host === 6 ? `${i} from 6\n` : `${shown(`${i} from ${host}`, `h${host}.lan`)}\n`,
          )
          expect(await written()).toBe(expected.join(''))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('asks for a name once, also for one that there is not', async () => {
    const { text, written, answer, asked } = desk()
    text.named('a', '10.0.0.1')
    text.named('b', '10.0.0.1')
    await answer('10.0.0.1', undefined)
    text.named('c', '10.0.0.1')
    expect(asked).toEqual(['10.0.0.1'])
    expect(await written()).toBe(['a', 'b', 'c'].map((line) => shown(line, 'UNKNOWN')).join(''))
  })

  it('knows no name when the look-up fails', async () => {
    const { text, written, refuse } = desk()
    text.named('a', '10.0.0.1')
    await refuse('10.0.0.1')
    expect(await written()).toBe(shown('a', 'UNKNOWN'))
  })

  it('waits for a second, and the end waits no longer', async () => {
    const { text, written, clock } = desk()
    text.named('a', '10.0.0.1')
    const settled = text.settled()
    clock.go()
    await settled
    expect(clock.nowNs()).toBe(1e9)
    expect(await written()).toBe(shown('a', 'UNKNOWN'))
  })

  it('has nothing to wait for once all names have come', async () => {
    const { text, clock, answer } = desk()
    text.named('a', '10.0.0.1')
    await answer('10.0.0.1', 'a.lan')
    await text.settled()
    expect([clock.nowNs(), clock.sleepers()]).toEqual([0, 0])
  })

  it('does not wait with more than 4096 pieces', async () => {
    const { text, written } = desk()
    text.named('first', '10.0.0.1')
    for (let i = 0; i < 4095; i++) text.text('x')
    expect(await written()).toBe('first get hostname...')
    text.text('!')
    expect(await written()).toBe(`${shown('first', 'UNKNOWN')}${'x'.repeat(4095)}!`)
  })

  it('loses no name however many addresses there are', async () => {
    const { text, written, answer, asked } = desk()
    const addresses = Array.from({ length: 1500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
    // Everything waits behind the first one, and most have their names before the last ones are asked for.
    for (const address of addresses.slice(0, 1000)) text.named('', address)
    for (const address of addresses.slice(1, 1000)) await answer(address, `${address}.lan`)
    for (const address of addresses.slice(1000)) text.named('', address)
    for (const address of addresses.slice(1000)) await answer(address, `${address}.lan`)
    await answer('10.0.0.0', 'first.lan')
    expect(asked).toHaveLength(1500)
    const names = [...(await written()).matchAll(/name=(\S+?)(?= get|$)/g)].map(([, name]) => name)
    expect(names).toEqual(['first.lan', ...addresses.slice(1).map((address) => `${address}.lan`)])
  })

  it.each([
    ['an escape sequence', 'ev\u001b[2Jil', /^name=ev[ -~]*\[2Jil$/],
    ['a line end', 'two\nlines', /^name=two[ -~]+lines$/],
    ['a control character of the upper half', '\u009b31m', /^name=[ -~]+31m$/],
    ['backspaces', '\b\b\bback', /^name=[ -~]+back$/],
    ['a hundred thousand letters', 'x'.repeat(100_000), /^name=x{255}$/],
    ['nothing', '', /^name=$/],
  ])('shows nothing that a terminal would obey of a name with %s', async (_, name, told) => {
    const { text, written, answer } = desk()
    text.named('a', '10.0.0.1')
    await answer('10.0.0.1', name)
    expect((await written()).replace(`a get hostname...${WIPED}`, '')).toMatch(told)
  })
})
