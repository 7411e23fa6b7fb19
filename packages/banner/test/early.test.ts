import { expect, it } from 'vitest'
import { earlyAt } from '../src/protocols/early.ts'
import { usualAt, usualInTls } from '../src/protocols/table.ts'

const PORTS = Array.from({ length: 65_535 }, (_, i) => i + 1)

it('what is loaded early is what the table has at that port', async () => {
  const early = PORTS.flatMap((port) => {
    const load = earlyAt(port)
    return load === undefined ? [] : [[port, load] as const]
  })
  expect(early.map(([port]) => port)).toEqual([22, 80])
  for (const [port, load] of early) {
    expect(await load()).toBe(usualAt(port, 'tcp')[0])
    expect(usualInTls(port)).toEqual([])
  }
})
