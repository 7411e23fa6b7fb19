import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NpingWorld } from '../nping-world.mjs'
import type { RecordedCase, RecordedSignal, User } from './case.ts'
import { dissected } from './wire.ts'

/** How a tool is started. */
export interface Tool {
  readonly command: readonly [string, ...string[]]
  /** Put before a case's own words. */
  readonly words: readonly string[]
}

/** What a run printed, without what varies from run to run. */
export interface Report {
  /** What both tools print on standard output. */
  readonly lines: readonly string[]
  readonly stderr: readonly string[]
  /** What only ours prints besides, on purpose and in every run. */
  readonly table: readonly string[]
}

/** What a run did, without what varies from run to run. */
export interface Outcome extends Report {
  /** A status, or the signal that ended it. */
  readonly exit: number | string
  readonly wire: readonly string[]
  readonly seconds: number
}

/** What is known of a tool's command line and of its lines. */
export interface Dialect {
  /** What the probe sent, of lines as `dissected` gives them. */
  readonly packets: (lines: readonly string[], argv: readonly string[]) => readonly string[]
  /** Masks what varies, and splits off what is ours alone. */
  readonly report: (stdout: string, stderr: string, argv: readonly string[]) => Report
}

const TIMEOUT_MS = 20_000

/** Of another program that talks to the same target meanwhile: what it sends is not the tool's. */
const OTHERS = /sackOK,TS/

/** Targets that no machine has. */
const NOBODY_THERE = /^10\.77\.0\.(?:99|0\/30)$/

/** Routers tell a host once a second that there is no way (Linux: ip_error), and other ICMP errors count. */
const ONCE_A_SECOND = /^10\.8[01]\./
const SECOND_MS = 1100

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'] as const

/** setpriv(1): how a program becomes that user. */
const BECOME: Readonly<Record<User, readonly string[]>> = {
  root: [],
  nobody: ['setpriv', ...NOBODY, '--inh-caps=-all', '--ambient-caps=-all'],
  'net-raw': ['setpriv', ...NOBODY, '--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw'],
}

/** Runs a case in a world that nobody else uses meanwhile. */
export async function runCase(
  run: RecordedCase,
  world: NpingWorld,
  tool: Tool,
  dialect: Dialect,
): Promise<Outcome> {
  const [command = '', ...args] = [...BECOME[run.user], ...tool.command, ...tool.words, ...run.argv]
  if (run.argv.some((word) => NOBODY_THERE.test(word))) await world.forgetNeighbours()
  if (run.argv.some((word) => ONCE_A_SECOND.test(word))) await pause(SECOND_MS)
  const folder = run.files === undefined ? undefined : folderWith(run.files)
  await world.wire()
  const meanwhile = run.meanwhile === undefined ? undefined : world.exec('bash', ['-c', run.meanwhile])
  const began = performance.now()
  const running = world.spawn(command, args, {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  await interrupt(running, run.signals ?? [])
  const { stdout, stderr, status, signal } = await running.done
  const seconds = (performance.now() - began) / 1000
  await meanwhile
  if (folder !== undefined) rmSync(folder, { recursive: true })
  const packets = await dissected(await world.wire())
  const own = meanwhile === undefined ? packets : packets.filter((packet) => !OTHERS.test(packet))
  return {
    ...dialect.report(stdout, stderr, run.argv),
    exit: status ?? signal ?? 'unknown',
    wire: dialect.packets(own, run.argv),
    seconds,
  }
}

function folderWith(files: NonNullable<RecordedCase['files']>): string {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** Counts what was printed, so that a slow start of the program changes nothing. */
async function interrupt(
  running: ReturnType<NpingWorld['spawn']>,
  signals: readonly RecordedSignal[],
): Promise<void> {
  try {
    for (const { send, after, times, thenMs } of signals) {
      await running.until(new RegExp(`(?:${after}[\\s\\S]*){${times}}`))
      await pause(thenMs)
      running.kill(send)
    }
  } catch {
    // It ended before; its outcome tells.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
