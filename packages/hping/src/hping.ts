import { createLines, err, type Io, type Say, telling } from '@portkit/core'
import { captured } from './run/captured.ts'
import { endStatus } from './run/end-status.ts'
import { createFigures } from './run/figures.ts'
import { type Kit, TOOL } from './run/kit.ts'
import { live } from './run/live.ts'
import { USUAL } from './run/usual.ts'
import type { Settings } from './settings.ts'

/** One run from its look-ups to its statistics; gives the exit status. Rejects with what kept it from beginning. */
export async function hping(settings: Settings, io: Io, say: Say): Promise<number> {
  const lines = createLines(say)
  const note = (sentence: string): void => lines.line(err(`${TOOL}: ${sentence}\n`))
  const figures = createFigures()
  const kit: Kit = { settings, io, lines, figures, startNs: io.clock.nowNs(), note }
  const { json, exitCode, read } = settings
  return telling({ tool: TOOL, json, clock: io.clock, lines }, async () => {
    for (const sentence of settings.notes) note(sentence)
    if (settings.isCapped) note(`${perSecond(settings)} packets a second, for --max-rate allows no more`)
    const outcome = read === undefined ? await live(kit) : await captured(kit, read)
    return endStatus(exitCode, { ...outcome, lastFlags: figures.lastFlags() })
  })
}

function perSecond({ intervalNs = USUAL.intervalNs }: Settings): number {
  return Math.round(1e9 / intervalNs)
}
