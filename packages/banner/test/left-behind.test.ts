import { type Behaviour, type SimIo, simIo, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../core/src/cli/line.ts'
import { runCli } from '../../core/src/cli/run-cli.ts'
import { wordsOf } from '../../core/test/tool-kit.ts'
import { banner } from '../src/cli.ts'
import { greets, SILENT, worldOf } from './kit.ts'
import { type Watched, watched } from './watched-io.ts'

const MPD = greets('OK MPD 0.23.5\n')
const FAULT: Behaviour = { does: 'fault', code: 'EMFILE', message: 'too many open files' }

/** Ends with the status; whatever goes on behind it has a minute then. */
async function run(words: string, world: World, wanted: (line: Line) => boolean) {
  const sim = simIo(world)
  const { io, ...seen } = watched(sim)
  const lines: Line[] = []
  const write = (line: Line): boolean => {
    lines.push(line)
    return wanted(line)
  }
  const status = await sim.runUntilIdle(runCli(banner, wordsOf(words), io, write, { version: '1' }))
  const attempts = io.net.attempts.length
  await sim.runFor(new Promise(() => {}), 0.01)
  const open = openNow(seen, sim)
  await sim.runFor(new Promise(() => {}), 60)
  return { status, lines, open, more: io.net.attempts.length - attempts }
}

function openNow({ connections }: Pick<Watched, 'connections'>, { net }: SimIo): number {
  return connections.filter(({ closedNs }) => closedNs === undefined).length + net.open()
}

describe('nothing goes on behind', () => {
  const drop: Behaviour = { does: 'drop' }
  const ports = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [4000 + i, i % 2 === 0 ? SILENT : drop]),
  )

  it('a reader who had enough', async () => {
    const ran = await run('db.lan 6600,4000-4059', worldOf({ ...ports, 6600: MPD }), () => false)
    expect(ran).toMatchObject({ status: 0, open: 0, more: 0 })
    expect(ran.lines).toHaveLength(1)
  })

  it('a fault of this machine', async () => {
    const ran = await run('db.lan 4000-4010,6600,4011-4059', worldOf({ ...ports, 6600: FAULT }), () => true)
    expect(ran).toMatchObject({ status: 2, open: 0, more: 0 })
  })
})
