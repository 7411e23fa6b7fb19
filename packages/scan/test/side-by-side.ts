import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScanWorld } from '@portkit/lab/scan-world'
import type { NmapCase } from './nmap-cases.ts'
import { maskedComplaints, maskedReport, maskedXml, type Speaker, withoutHello } from './nmap-masks.ts'

/** What a tool said, in lines, without what differs by chance or on purpose. */
export interface Said {
  readonly status: number | null
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** That were there when it had ended, by name. */
  readonly files: Readonly<Record<string, readonly string[]>>
}

export interface SideBySide {
  readonly nmap: Said
  readonly ours: Said
}

const PATIENCE_MS = 50_000
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--']

/**
 * Runs a command line by nmap and by ours, at the same time.
 * @param ours the command that stands for `nmap`
 * @throws when one of them did not end
 */
export async function sideBySide(
  world: ScanWorld,
  one: NmapCase,
  ours: readonly string[],
): Promise<SideBySide> {
  const [nmap, mine] = await Promise.all([
    said(world, { one, side: 'nmap' }, ['nmap']),
    said(world, { one, side: 'ours' }, ours),
  ])
  return { nmap, ours: mine }
}

/** In a folder of its own, so that both have the same arguments. */
async function said(world: ScanWorld, speaker: Speaker, tool: readonly string[]): Promise<Said> {
  const { one } = speaker
  const folder = mkdtempSync(join(tmpdir(), 'scan-case-'))
  try {
    chmodSync(folder, 0o777)
    for (const [name, text] of Object.entries(one.files ?? {})) writeFileSync(join(folder, name), text)
    const words = [...(one.asNobody ? NOBODY : []), ...tool, ...one.args.split(' ')]
    const [command = '', ...args] = words
    const result = await world.exec(command, args, { cwd: folder, timeoutMs: PATIENCE_MS })
    if (result.timedOut) throw new Error(`${words.join(' ')} did not end: ${result.stderr}`)
    const stdout = linesOf(result.stdout, speaker)
    return {
      status: result.status,
      stdout: result.status === 0 ? stdout : withoutHello(stdout),
      stderr: maskedComplaints(result.stderr, speaker),
      files: filesIn(folder, speaker),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function filesIn(folder: string, speaker: Speaker): Said['files'] {
  const names = readdirSync(folder).sort()
  return Object.fromEntries(
    names.map((name) => [name, linesOf(readFileSync(join(folder, name), 'utf8'), speaker)]),
  )
}

function linesOf(text: string, speaker: Speaker): readonly string[] {
  return /^<\?xml /m.test(text) ? maskedXml(text, speaker) : maskedReport(text, speaker)
}
