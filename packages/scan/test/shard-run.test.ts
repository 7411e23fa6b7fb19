import { describe, expect, it } from 'vitest'
import type { ScanResult } from '../src/model/scan-result.ts'
import { mergeResults } from '../src/results/merge.ts'
import { readResult } from '../src/results/read-result.ts'
import { OPEN, PLAIN_USER, portsOf, range, STEALTH, scan, worldOf } from './kit.ts'

const WORLD = worldOf(
  {
    ...portsOf('10.0.0.2', range(1, 9), STEALTH),
    ...portsOf('10.0.0.3', [22, 80], OPEN),
    '10.0.0.2:22': OPEN,
    '[fd00::2]:22': OPEN,
  },
  { addresses: ['10.0.0.1', 'fd00::1'], machines: { '10.0.0.99': { isAbsent: true } } },
)
const HOSTS = '10.0.0.2 10.0.0.99 10.0.0.3 fd00::2'

async function result(words: string, world = WORLD): Promise<ScanResult> {
  const { out, status, err } = await scan(`-n ${words} ${HOSTS} --json`, world)
  expect([status, err]).toEqual([0, ''])
  return readResult(out, words)
}

/** Every port of a result that has a verdict. */
function verdicts({ hosts }: ScanResult): readonly string[] {
  return hosts.flatMap(({ address, ports }) =>
    [...(ports?.rows() ?? [])].map(({ protocol, port, state }) => `${address} ${port}/${protocol} ${state}`),
  )
}

function up({ hosts }: ScanResult): readonly string[] {
  return hosts.flatMap(({ address, status }) => (status.state === 'up' ? [address] : [])).sort()
}

describe.each([
  ['-p 1-50', WORLD, 2],
  ['-p 1-50', WORLD, 7],
  ['-sT -p 1-50', { ...WORLD, ...PLAIN_USER }, 3],
  ['-sSU -p 20-30', WORLD, 5],
  ['-p 22', WORLD, 9],
  ['-p 1-50 --randomize-hosts', WORLD, 4],
] as const)('%s in parts', (options, world, count) => {
  it(`is the same as in one, and no port is asked twice (${count})`, async () => {
    const whole = await result(options, world)
    const parts: ScanResult[] = []
    for (const index of range(1, count)) {
      parts.push(await result(`${options} --shard ${index}/${count} --seed 42`, world))
    }
    const asked = parts.flatMap(verdicts)
    expect(new Set(asked).size).toBe(asked.length)
    expect([...asked].sort()).toEqual([...verdicts(whole)].sort())
    const { result: merged, warnings } = mergeResults(parts)
    expect(warnings).toEqual([])
    expect([...verdicts(merged)].sort()).toEqual([...verdicts(whole)].sort())
    expect(up(merged)).toEqual(up(whole))
  })
})

describe('--shard', () => {
  it('without --seed is refused: each part would have an order of its own', async () => {
    const { status, err } = await scan('-p 22 --shard 1/2 10.0.0.2', WORLD)
    expect(status).toBe(1)
    expect(err).toMatch(/--seed.*\nQUITTING!\n$/)
  })

  it.each(['0/2', '3/2', '1/0', 'x/2', '1', '1/2/3', '-1/2', '1/99999999999999999999'])(
    '%s is refused',
    async (shard) => {
      const { status, err, out } = await scan(`-p 22 --seed 1 --shard=${shard} 10.0.0.2`, WORLD)
      expect([status, out]).toEqual([1, ''])
      expect(err).toContain('QUITTING!')
    },
  )

  it('that has nothing to do ends at once, with whole files', async () => {
    const parts = await Promise.all(
      range(1, 9).map((index) => scan(`-n -p 22 --seed 1 --shard ${index}/9 10.0.0.2 -oX a.xml`, WORLD)),
    )
    const busy = parts.filter(({ out }) => out.includes('22/tcp'))
    expect(busy).toHaveLength(1)
    for (const { status, file } of parts) {
      expect(status).toBe(0)
      expect(file('a.xml')).toMatch(/<\/nmaprun>\n$/)
    }
  })
})
