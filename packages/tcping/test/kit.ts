import { type Line, runCli, type UserRequest } from '@portkit/core'
import { type SimIo, simIo, type World } from '@portkit/core/sim'
import { tcping } from '../src/cli.ts'

export const VERSION = '1.2.3'

/** What the user does while the tool runs, counted from its first line. */
export interface Deed {
  readonly afterMs: number
  readonly does: UserRequest | 'SIGINT' | 'SIGTERM'
}

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  readonly lines: readonly Line[]
  readonly io: SimIo
}

/** Runs tcping in a world of data, to its end. */
export async function run(argv: readonly string[], world: World, deeds: readonly Deed[] = []): Promise<Ran> {
  return runOn(simIo(world), argv, deeds)
}

export async function runOn(io: SimIo, argv: readonly string[], deeds: readonly Deed[] = []): Promise<Ran> {
  const lines: Line[] = []
  const write = (line: Line): boolean => {
    if (lines.length === 0) for (const deed of deeds) void later(io, deed)
    lines.push(line)
    return true
  }
  const status = await runCli(tcping(VERSION), argv, io, write, { version: VERSION })
  const textOf = (to: Line['to']) => lines.flatMap((line) => (line.to === to ? line.text : [])).join('')
  return { status, stdout: textOf('out'), stderr: textOf('err'), lines, io }
}

async function later(io: SimIo, { afterMs, does }: Deed): Promise<void> {
  await io.clock.sleep(afterMs)
  if (does === 'SIGINT' || does === 'SIGTERM') io.interrupt(does)
  else io.request(does)
}

export const OPEN = { does: 'accept', afterMs: 0.25 } as const
export const CLOSED = { does: 'refuse', afterMs: 0.3 } as const
export const STEALTH = { does: 'drop' } as const

/** One host with one port that does these things, one after the other. */
export function db(...behaviours: readonly (typeof OPEN | typeof CLOSED | typeof STEALTH)[]): World {
  return { hosts: { 'db.lan': ['10.0.0.2'] }, ports: { '10.0.0.2:22': behaviours } }
}
