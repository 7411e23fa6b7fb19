import { err, isoTime, type Line, type Result, type System, type Word } from '@portkit/core'
import type { LaneState } from './lane-state.ts'
import type { Settings } from './settings.ts'

const BELL = '\x07'
/** A command that hangs shall not pile up others behind it for ever. */
const COMMAND_LIMIT_MS = 60_000
const MOST_WAITING = 16

/** Bells and commands for the people who do not look at the screen. */
export interface Alerts {
  /** `previous` is the word before this result; the first result is no change. */
  result(lane: LaneState, event: Result, previous: Word | undefined): readonly Line[]
  /** Waits for the commands that still run. */
  end(): Promise<readonly Line[]>
}

export function createAlerts({ audible, beep, onChange }: Settings, system: System): Alerts {
  const failed: Line[] = []
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  const run = (command: string, env: Readonly<Record<string, string>>): readonly Line[] => {
    if (waiting >= MOST_WAITING) {
      return [err(`tcping: --on-change: ${waiting} commands still wait, this change is left out\n`)]
    }
    waiting++
    last = last.then(async () => {
      const status = await system.shell(command, env, COMMAND_LIMIT_MS)
      waiting--
      if (status !== 0) failed.push(err(`tcping: --on-change: command ended with status ${status}\n`))
    })
    return failed.splice(0)
  }
  return {
    result(lane, event, previous) {
      const now = lane.last
      const changed = previous !== undefined && now !== undefined && now !== previous
      const lines: Line[] = []
      if ((audible && now === 'open') || (changed && rings(beep, previous, now))) lines.push(err(BELL))
      if (changed && onChange !== undefined) lines.push(...run(onChange, variables(event, now, previous)))
      return lines
    },
    async end() {
      await last
      return failed.splice(0)
    },
  }
}

function rings(beep: Settings['beep'], previous: Word, now: Word): boolean {
  switch (beep) {
    case undefined:
      return false
    case 'change':
      return true
    case 'up':
      return now === 'open'
    case 'down':
      return previous === 'open'
  }
}

/** The change as environment variables: nothing of it is ever part of the command's text. */
function variables({ result }: Result, now: Word, previous: Word): Readonly<Record<string, string>> {
  const { target, verdict, startedAtMs } = result
  return {
    TCPING_HOST: target.host,
    TCPING_ADDRESS: target.address,
    TCPING_PORT: String(target.port),
    TCPING_STATE: now,
    TCPING_PREVIOUS: previous,
    TCPING_REASON: verdict.reason,
    TCPING_TIME: isoTime(startedAtMs),
  }
}
