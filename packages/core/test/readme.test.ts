import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as core from '../src/index.ts'
import { probe } from '../src/index.ts'
import { LocalFault, ResolveError, UsageError } from '../src/model/errors.ts'
import { simIo } from '../src/sim/sim.ts'

const GREETING = 'SSH-2.0-example\r\n'
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.write(GREETING)
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as { port: number }).port
})
afterAll(() => void server.close())

const EXPORTS: ReadonlyMap<string, unknown> = new Map(Object.entries(core))

interface Example {
  readonly names: readonly string[]
  readonly code: string
}

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const EXAMPLE = /```ts\nimport \{ ([^}]*) \} from '@portkit\/core'\n\n([\s\S]*?)```/g
const examples: readonly Example[] = [...readme.matchAll(EXAMPLE)].map(([, names = '', code = '']) => ({
  names: names.split(', '),
  code,
}))

const AsyncFunction = (async () => {}).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>

/** Runs an example with port 22 being the server's; gives what it prints. */
async function printed({ names, code }: Example): Promise<readonly (readonly unknown[])[]> {
  const lines: unknown[][] = []
  const console = { log: (...values: unknown[]) => void lines.push(values) }
  const run = new AsyncFunction(...names, 'console', code.replace(/\b22\b/, String(port)))
  await run(...names.map((name) => EXPORTS.get(name)), console)
  return lines
}

const exampleOf = (name: string): Example => {
  const found = examples.find(({ names }) => names.includes(name))
  if (found === undefined) throw new Error(`the README has no example of ${name}`)
  return found
}

it('has no example that is not run here', () => {
  expect(readme.match(/^```ts$/gm)).toHaveLength(examples.length)
  expect(examples.map(({ names }) => names[0])).toEqual(['probe', 'createNet', 'awaitAnswer', 'classify'])
})

it('runs the example of one probe as it stands in the README, on an open port', async () => {
  expect(await printed(exampleOf('probe'))).toEqual([
    [{ state: 'open', reason: 'syn-ack' }],
    [expect.any(Number), expect.stringMatching(/^(kernel|process)$/)],
  ])
})

it('runs the example of a schedule as it stands in the README', async () => {
  expect(await printed(exampleOf('schedule'))).toEqual([
    [1, 'open'],
    [2, 'open'],
    [3, 'open'],
  ])
})

it('runs the example of a byte stream as it stands in the README', async () => {
  expect(await printed(exampleOf('awaitAnswer'))).toEqual([[GREETING]])
})

const obstacle = await core.createIo().packets.obstacle('auto')
const packetTitle = 'runs the example of packets as it stands in the README'
it.skipIf(obstacle !== undefined)(
  obstacle === undefined ? packetTitle : `${packetTitle} (skipped: ${obstacle.message})`,
  async () => {
    const lines = await printed(exampleOf('runVolley'))
    expect(lines).toHaveLength(3)
    expect(lines).toContainEqual([port, 'open', 'syn-ack', expect.any(Number)])
  },
)

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
