import type { NpingWorld } from '@portkit/lab/nping-world'
import type { RecordedCase, RecordedSignal, User } from './recorded-cases.ts'
import { linesOf, type Report, reportOf } from './recorded-normal.ts'
import { sentPackets } from './recorded-wire.ts'

/** How a tool is started. */
export interface Tool {
  readonly command: readonly [string, ...string[]]
  /** Put before a case's own words. */
  readonly words: readonly string[]
}

/** What a run did, without what varies from run to run. */
export interface Outcome extends Report {
  /** A status, or the signal that ended it. */
  readonly exit: number | string
  readonly stderr: readonly string[]
  readonly wire: readonly string[]
  readonly seconds: number
}

const TIMEOUT_MS = 20_000

/** Of another program that talks to the same target meanwhile: what it sends is not the tool's. */
const OTHERS = /sackOK,TS/

/** Targets that no machine has. */
const NOBODY_THERE = /^10\.77\.0\.(?:99|0\/30)$/

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'] as const

/** setpriv(1): how a program becomes that user. */
const BECOME: Readonly<Record<User, readonly string[]>> = {
  root: [],
  nobody: ['setpriv', ...NOBODY, '--inh-caps=-all', '--ambient-caps=-all'],
  'net-raw': ['setpriv', ...NOBODY, '--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw'],
}

/** Runs a case in a world that nobody else uses meanwhile. */
export async function runCase(run: RecordedCase, world: NpingWorld, tool: Tool): Promise<Outcome> {
  const [command = '', ...args] = [...BECOME[run.user], ...tool.command, ...tool.words, ...run.argv]
  if (run.argv.some((word) => NOBODY_THERE.test(word))) await world.forgetNeighbours()
  await world.wire()
  const meanwhile = run.meanwhile === undefined ? undefined : world.exec('bash', ['-c', run.meanwhile])
  const began = performance.now()
  const running = world.spawn(command, args, {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  })
  if (run.signal !== undefined) await interrupt(running, run.signal)
  const { stdout, stderr, status, signal } = await running.done
  const seconds = (performance.now() - began) / 1000
  await meanwhile
  const sent = await sentPackets(await world.wire(), run.argv)
  return {
    ...reportOf(stdout, run.argv),
    exit: status ?? signal ?? 'unknown',
    stderr: linesOf(stderr).map((line) => reportOf(line, run.argv).lines[0] ?? line),
    wire: meanwhile === undefined ? sent : sent.filter((packet) => !OTHERS.test(packet)),
    seconds,
  }
}

/** Counts what was printed, so that a slow start of the program changes nothing. */
async function interrupt(
  running: ReturnType<NpingWorld['spawn']>,
  { send, afterSent, thenMs }: RecordedSignal,
): Promise<void> {
  try {
    await running.until(new RegExp(`(?:SENT [\\s\\S]*){${afterSent}}`))
    await new Promise((resolve) => setTimeout(resolve, thenMs))
    running.kill(send)
  } catch {
    // It ended before; its outcome tells.
  }
}
