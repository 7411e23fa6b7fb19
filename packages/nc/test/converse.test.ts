import { type Line, runCli } from '@portkit/core'
import { peerSteps, type SimIo, STILL_RUNNING, simIo, type World } from '@portkit/core/sim'
import { beforeAll, expect, it } from 'vitest'
import { ncTs } from '../src/cli.ts'
import { loadEverything } from './recorded-sim.ts'

beforeAll(loadEverything)

const PORT = '10.0.0.2:22'

async function run(args: string, peer: string, world: Partial<World> = {}) {
  const script = { kind: 'steps', steps: peerSteps(peer) } as const
  const io: SimIo = simIo({ ports: { [PORT]: { does: 'accept', afterMs: 0, peer: script } }, ...world })
  const lines: Line[] = []
  const write = (line: Line): boolean => lines.push(line) > 0
  const tool = runCli(ncTs('nc'), [...args.split(' '), '10.0.0.2', '22'], io, write, { version: '1.2.3' })
  const status = await io.runFor(tool, 5)
  const stderr = lines.flatMap(({ to, text }) => (to === 'err' ? [text] : [])).join('')
  return { status, seconds: Math.round(io.clock.nowNs() / 1e8) / 10, stderr }
}

it('ends as soon as nobody reads its output, though the peer says nothing more', async () => {
  const silent = 'send:hello linger:60'
  expect(await run('-d', silent, { stdout: { goneAtMs: 700 } })).toMatchObject({ status: 0, seconds: 0.7 })
  expect(await run('-d', silent)).toMatchObject({ status: STILL_RUNNING })
})

it('goes on sending what is typed when nobody reads its output, as nc does', async () => {
  const stdin = [{ waitMs: 2000 }, { write: 'late' }] as const
  const world = { stdin, stdout: { goneAtMs: 700 } }
  expect(await run('-N', 'linger:60', world)).toMatchObject({ status: 0, seconds: 2 })
})

it('warns of each telnet request that it can no longer answer, and goes on', async () => {
  const asks = String.raw`wait:0.5 send:\xff\xfd\x01\xff\xfb\x03 close`
  const { stderr, status } = await run('-tN', asks, { stdin: 'null' })
  expect(stderr).toBe('nc: Write Error!: Broken pipe\n'.repeat(2))
  expect(status).toBe(0)
})

it('warns with the words of a closed descriptor after the last read of -W', async () => {
  const { stderr } = await run('-tW1', String.raw`send:\xff\xfd\x01 linger:9`)
  expect(stderr).toBe('nc: Write Error!: Bad file descriptor\n')
})
