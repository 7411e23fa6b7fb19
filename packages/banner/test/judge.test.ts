import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Inbox } from '../src/dialogue/inbox.ts'
import { judging } from '../src/dialogue/judge.ts'
import type { Protocol } from '../src/model/protocol.ts'
import { PROTOCOLS } from '../src/protocols/table.ts'
import { contextOf, octetsOf, recorded } from './detector-kit.ts'

/** Claims what begins with that word. */
function word(name: string): Protocol & { readonly asked: () => number } {
  let asked = 0
  return {
    name,
    ports: {},
    asked: () => asked,
    detect(octets, { ended }) {
      asked += 1
      const text = String.fromCharCode(...octets.subarray(0, name.length))
      if (text === name) return { protocol: name }
      return name.startsWith(text) && !ended ? 'more' : undefined
    },
  }
}

const CONTEXT = contextOf()

describe('who an answer belongs to', () => {
  it('the first in the table that claims it, once none before it still may', () => {
    const read = judging([word('hello'), word('hell')], CONTEXT)
    expect(read(octetsOf('hel'), false)).toBe('more')
    expect(read(octetsOf('hell'), false)).toBe('more')
    expect(read(octetsOf('hell!'), false)).toMatchObject({
      value: { service: { protocol: 'hell' } },
      length: 0,
    })
  })

  it('what is claimed at the end, when no more comes', () => {
    const read = judging([word('hello'), word('hell')], CONTEXT)
    expect(read(octetsOf('hell'), true)).toMatchObject({ value: { service: { protocol: 'hell' } } })
  })

  it('nobody, as soon as all have said no', () => {
    const read = judging([word('hello'), word('help')], CONTEXT)
    expect(read(octetsOf('x'), false)).toBeUndefined()
  })

  it('who has said no is not asked again', () => {
    const [no, may] = [word('x'), word('hello')]
    const read = judging([no, may], CONTEXT)
    for (const text of ['h', 'he', 'hel']) expect(read(octetsOf(text), false)).toBe('more')
    expect([no.asked(), may.asked()]).toEqual([1, 3])
  })

  it('is the same for every split of every recorded answer', () => {
    const all = recorded().filter(({ octets }) => octets.length > 0)
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.array(fc.nat(600), { maxLength: 8 }), (answer, cuts) => {
        const { octets, port, proto, tls } = answer
        const context = contextOf({ port, transport: proto, secure: tls, asked: answer.probe })
        const whole = judging(PROTOCOLS, context)(octets, true)
        const read = judging(PROTOCOLS, context)
        const ends = cuts.filter((cut) => cut < octets.length).sort((a, b) => a - b)
        let judged: ReturnType<typeof read> = 'more'
        for (const end of ends) if (judged === 'more') judged = read(octets.subarray(0, end), false)
        if (judged === 'more') judged = read(octets, true)
        expect(judged).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
})

describe('an inbox', () => {
  it('is worth a look at every segment at first, then at each sixteenth more', () => {
    const inbox = new Inbox()
    let looks = 0
    for (let i = 0; i < 65_536; i += 1) {
      inbox.add(Uint8Array.of(i))
      if (inbox.isWorthALook) looks += 1
      if (i === 63) expect(looks).toBe(64)
    }
    expect(looks).toBeLessThan(200)
    expect(inbox.unread).toHaveLength(65_536)
    expect(inbox.unread[65_535]).toBe(255)
  })

  it('holds what was added and not taken, whatever becomes of lent octets', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 700 }), fc.nat(900))), (steps) => {
        const inbox = new Inbox()
        let left: number[] = []
        for (const step of steps) {
          if (typeof step === 'number') {
            const most = Math.min(step, left.length)
            inbox.take(most)
            left = left.slice(most)
          } else {
            const lent = step.slice()
            inbox.add(lent)
            lent.fill(0xa5)
            left.push(...step)
          }
          expect([...inbox.unread]).toEqual(left)
        }
      }),
    )
  })
})
