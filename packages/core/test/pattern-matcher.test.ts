import { afterEach, describe, expect, it } from 'vitest'
import { createMatcher } from '../src/io/node/pattern-matcher.ts'
import { firstMatch, type Matcher, type Pattern } from '../src/io/patterns.ts'
import { simIo } from '../src/sim/sim.ts'

const plain = (source: string, flags = ''): Pattern => ({ source, flags })

const ways: [string, (patterns: readonly Pattern[]) => Promise<Matcher>][] = [
  ['a thread', async (patterns) => createMatcher(patterns)],
  ['the simulated world', (patterns) => simIo({ ports: {} }).openMatcher(patterns)],
]

const open: Matcher[] = []
afterEach(() => {
  for (const matcher of open.splice(0)) matcher.close()
})

describe.each(ways)('matching by %s', (_, create) => {
  const matcher = async (...patterns: Pattern[]): Promise<Matcher> => {
    const made = await create(patterns)
    open.push(made)
    return made
  }

  it('tells the first that matches, and its groups', async () => {
    const some = await matcher(plain('^x'), plain('^SSH-(\\d)\\.(x)?', 'i'), plain('ssh', 'i'))
    expect(await some.first('ssh-2.0', 0, 3)).toEqual({ at: 1, groups: ['ssh-2.', '2', undefined] })
    expect(await some.first('ssh-2.0', 2, 3)).toEqual({ at: 2, groups: ['ssh'] })
    expect(await some.first('ssh-2.0', 0, 1)).toBeUndefined()
    expect(await some.first('ssh-2.0', 2, 99)).toMatchObject({ at: 2 })
    expect(some.slow).toEqual([])
  })

  it('passes over what does not compile', async () => {
    const some = await matcher(plain('('), plain('a', 'zz'), plain('a'))
    expect(await some.first('a', 0, 3)).toMatchObject({ at: 2 })
  })

  it('answers many at once, each its own', async () => {
    const some = await matcher(plain('^(\\d+)$'))
    const texts = Array.from({ length: 50 }, (_, i) => String(i))
    const found = await Promise.all(texts.map((text) => some.first(text, 0, 1)))
    expect(found.map((match) => match?.groups[1])).toEqual(texts)
  })

  it('finds nothing once it is closed, and may be closed twice', async () => {
    const some = await matcher(plain('a'))
    some.close()
    some.close()
    expect(await some.first('a', 0, 1)).toBeUndefined()
  })
})

/** Takes longer than a life. */
const FOREVER = plain('^(a+)+$')
const LONG = `${'a'.repeat(60)}!`

describe('a pattern that takes too long', () => {
  const matcher = (...patterns: Pattern[]): Matcher => {
    const made = createMatcher(patterns)
    open.push(made)
    return made
  }

  it('is left out from then on, and those behind it are tried', async () => {
    const some = matcher(plain('b'), FOREVER, plain('a!$'), FOREVER)
    expect(await some.first(LONG, 0, 4)).toEqual({ at: 2, groups: ['a!'] })
    expect(some.slow).toEqual([1])
    expect(await some.first('aaa', 0, 2)).toBeUndefined()
    expect(await some.first(LONG, 1, 4)).toMatchObject({ at: 2 })
    expect(some.slow).toEqual([1])
  })

  it('leaves the process its own thread', async () => {
    const some = matcher(FOREVER)
    const matching = some.first(LONG, 0, 1)
    let turns = 0
    while (some.slow.length === 0) {
      await new Promise(setImmediate)
      turns++
    }
    expect(await matching).toBeUndefined()
    expect(turns).toBeGreaterThan(10)
  })

  it('ends all matching when there are twenty of its kind', async () => {
    const some = matcher(...new Array(30).fill(FOREVER), plain('a'))
    expect(await some.first(LONG, 0, 31)).toBeUndefined()
    expect(some.slow).toHaveLength(20)
    expect(await some.first('a', 30, 31)).toBeUndefined()
  }, 60_000)

  it('does not hold up a close', async () => {
    const some = matcher(FOREVER)
    const matching = some.first(LONG, 0, 1)
    setImmediate(() => some.close())
    expect(await matching).toBeUndefined()
  })
})

it('takes no more of a text than its patterns do, without a thread', () => {
  expect(firstMatch([plain('a')], 'b', 0, 9)).toBeUndefined()
})
