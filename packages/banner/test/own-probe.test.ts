import { describe, expect, it } from 'vitest'
import { createOwnMatch, matching } from '../src/run/own-match.ts'
import { octetsOf } from './detector-kit.ts'
import { answers, greets, HTTP, look, SILENT, said, speaks, TLS13, worldOf } from './kit.ts'

const ZORG = 'zorglub 12.34 (beta)\r\n'

describe('--probe and --match', () => {
  it('say what an answer is, by the names of groups', async () => {
    const match = '^(?<product>[a-z]+).(?<version>[0-9.]+).\\((?<info>\\w+)'
    const ran = await look(
      `4711 --probe who\\r\\n --match ${match}`,
      worldOf({ 4711: answers(['who\r\n', ZORG]) }),
    )
    expect(said(ran, 4711)).toBe('open  match  zorglub 12.34, beta  [probe]')
    expect(ran.connections.map(({ sent }) => sent)).toEqual([['who\r\n']])
    expect(ran.status).toBe(0)
  })

  it('--match alone is for greetings, and sends nothing', async () => {
    const ran = await look(
      '22,4711 --match (?<protocol>zorg)',
      worldOf({ 22: greets('other\n'), 4711: greets(ZORG) }),
    )
    expect(said(ran, 4711)).toBe('open  zorg  [greeting]')
    expect(said(ran, 22)).toMatch(/answered, unknown: "other/)
    expect(ran.connections.flatMap(({ sent }) => sent)).toEqual([])
  })

  it('--probe alone leaves it to the protocols that are known', async () => {
    const world = worldOf({ 4711: answers(['hi', HTTP]), 4712: answers(['hi', ZORG]) })
    const ran = await look('4711,4712 --probe hi', world)
    expect(said(ran, 4711)).toMatch(/^open {2}http {2}nginx/)
    expect(said(ran, 4712)).toMatch(/answered, unknown: "zorglub/)
  })

  it('are asked inside TLS with --tls', async () => {
    const peer = { kind: 'answers', answers: [['who', ZORG]] } as const
    const world = worldOf({ 4711: SILENT }, { tls: { 4711: { ...TLS13, peer } } })
    const ran = await look('4711 --tls --probe who --match zorg', world)
    expect(said(ran, 4711)).toMatch(/^open {2}match .*\(TLSv1\.3.*\[tls\+probe\]$/)
  })

  it('match the same however an answer is split', async () => {
    const steps = [...ZORG].flatMap((octets) => [
      { does: 'send', octets } as const,
      { does: 'wait', seconds: 0.01 } as const,
    ])
    const slow = speaks({ kind: 'steps', steps: [...steps, { does: 'drain' }] })
    const ran = await look('4711 --match lub.(?<version>[0-9.]+)', worldOf({ 4711: slow }))
    expect(said(ran, 4711)).toBe('open  match  12.34  [greeting]')
  })

  it('an expression that takes too long for one answer leaves other ports alone', async () => {
    const world = worldOf({ 4711: greets(`${'a'.repeat(40)}!`), 4712: greets('aab') })
    const ran = await look('4711,4712 --match ^(a+)+b', world)
    expect(said(ran, 4712)).toMatch(/^open {2}match/)
    expect(said(ran, 4711)).toMatch(/answered, unknown.*--match took more than 100 ms/)
    expect(ran.stderr).toBe('')
  })
})

describe('an own expression', () => {
  it('sees octets as characters, and dots as any of them', async () => {
    const match = await createOwnMatch('^\\xff.(?<info>.)$')
    expect(match(octetsOf('\xff\n\x41'))).toMatchObject({ service: { protocol: 'match', info: 'A' } })
    expect(match(octetsOf('\xff\n'))).toBeUndefined()
  })

  it('is stopped when it takes too long, and not tried again for that answer', async () => {
    const slow = await createOwnMatch('^(a+)+b')
    const octets = octetsOf(`${'a'.repeat(60)}!`)
    expect(slow(octets)).toBe('too long')
    const read = matching(slow, () => {})
    expect(read(octets, false)).toBeUndefined()
    // Whatever came before does not hinder the next answer.
    expect(slow(octetsOf('aab'))).toMatchObject({ service: { protocol: 'match' } })
  })

  it('tells no more than short texts', async () => {
    const match = await createOwnMatch('(?<product>.+)')
    const found = match(new Uint8Array(60_000).fill(0x61))
    expect(JSON.stringify(found).length).toBeLessThan(600)
  })

  it('waits for what may still become longer', async () => {
    const read = matching(await createOwnMatch('v(?<version>[0-9]+)'), () => {})
    expect(read(octetsOf('v1'), false)).toBe('more')
    expect(read(octetsOf('v12 '), false)).toMatchObject({ value: { version: '12' } })
    expect(read(octetsOf('v12'), true)).toMatchObject({ value: { version: '12' } })
  })
})
