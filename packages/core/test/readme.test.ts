import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { probe } from '../src/index.ts'
import { LocalFault, ResolveError, UsageError } from '../src/model/errors.ts'
import { simIo } from '../src/sim/sim.ts'

const server = createServer((socket) => void socket.on('error', () => {}))
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as { port: number }).port
})
afterAll(() => void server.close())

it('runs the example of the README as it stands there, on an open port', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, example = ''] =
    /```ts\nimport \{ probe \} from '@portkit\/core'\n\n([\s\S]*?)```/.exec(readme) ?? []
  expect(example).toContain("await probe('127.0.0.1', 22)")
  const AsyncFunction = (async () => {}).constructor as new (
    ...names: string[]
  ) => (...values: unknown[]) => Promise<void>
  const printed: unknown[][] = []
  const run = new AsyncFunction('probe', 'console', example)
  await run((host: string) => probe(host, port), { log: (...values: unknown[]) => printed.push(values) })
  expect(printed[0]).toEqual([{ state: 'open', reason: 'syn-ack' }])
  expect(printed[1]).toEqual([expect.any(Number), expect.stringMatching(/^(kernel|process)$/)])
})

it('throws for input that makes no sense, for unknown names and for local faults', async () => {
  const fault = { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const
  const io = simIo({ ports: { '10.0.0.2:22': fault } })
  await expect(probe('10.0.0.2', 70_000, { io })).rejects.toThrow(UsageError)
  await expect(probe('no such host', 22, { io })).rejects.toThrow(UsageError)
  await expect(probe('nowhere.example', 22, { io })).rejects.toThrow(ResolveError)
  await expect(probe('10.0.0.2', 22, { io })).rejects.toThrow(LocalFault)
})

it('gives whatever the network does as a value', async () => {
  const io = simIo({ ports: { '10.0.0.2:22': { does: 'drop' } } })
  const { verdict, target, seq } = await probe('10.0.0.2', 22, { io, timeoutMs: 50 })
  expect(verdict).toEqual({ state: 'filtered', reason: 'no-response' })
  expect([target.address, seq]).toEqual(['10.0.0.2', 1])
})
