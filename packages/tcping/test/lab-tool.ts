import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Lab } from '@portkit/lab/vitest'
import { afterAll, beforeAll } from 'vitest'

type InsideOptions = NonNullable<Parameters<Lab['exec']>[2]>
type RunResult = Awaited<ReturnType<Lab['exec']>>

/** The parts of `--json` records that tests look at. */
export interface Probed {
  readonly port: number
  readonly seq: number
  readonly word: string
  readonly reason: string
  readonly rttMs: number | null
  readonly elapsedMs: number
  readonly syns: number | null
  readonly clock: string | null
  readonly local: { readonly address: string; readonly port: number } | null
  readonly icmp: { readonly from: string | null } | null
  readonly tls: Readonly<Record<string, unknown>> | null
}

export const CLOCKS = ['kernel', 'process'] as const

const PACKAGE = join(import.meta.dirname, '..')

/**
 * The built tool, in a directory of its own while the tests of a file run: whoever builds meanwhile disturbs nobody,
 * and a user without rights can read it.
 */
export function builtTool() {
  let directory = ''
  beforeAll(() => {
    execFileSync(process.execPath, ['build.mjs'], { cwd: PACKAGE, stdio: 'inherit' })
    directory = mkdtempSync(join(tmpdir(), 'tcping-lab-'))
    chmodSync(directory, 0o755)
    cpSync(join(PACKAGE, 'dist'), directory, { recursive: true })
    copyKoffi(join(directory, 'node_modules'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const path = (): string => join(directory, 'tcping.cjs')
  return {
    directory: (): string => directory,
    /** The beginning of a command line in a shell. */
    shell: (): string => `'${process.execPath}' '${path()}'`,
    command: (...args: string[]): [string, string[]] => [process.execPath, [path(), ...args]],
    run: (lab: Lab, args: readonly string[], options: InsideOptions = {}): Promise<RunResult> =>
      lab.exec(process.execPath, [path(), ...args], options),
    start: (lab: Lab, args: readonly string[]) => lab.spawn(process.execPath, [path(), ...args]),
    bash: (lab: Lab, script: string, options: InsideOptions = {}): Promise<RunResult> =>
      lab.exec('bash', ['-c', script.replaceAll('TCPING', `'${process.execPath}' '${path()}'`)], options),
  }
}

/** koffi with its binaries, as an installed tool has it; the checkout itself may be closed to other users. */
function copyKoffi(modules: string): void {
  const koffi = realpathSync(join(PACKAGE, 'node_modules', 'koffi'))
  const natives = join(dirname(koffi), '@koromix')
  cpSync(koffi, join(modules, 'koffi'), { recursive: true })
  for (const native of readdirSync(natives)) {
    cpSync(realpathSync(join(natives, native)), join(modules, '@koromix', native), { recursive: true })
  }
}

/** The probes among the records. Fails on a line that is no JSON. */
export function probesOf(stdout: string): readonly Probed[] {
  return recordsOf(stdout).filter(isProbe)
}

export function recordsOf(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

function isProbe(record: Readonly<Record<string, unknown>>): record is Probed & Record<string, unknown> {
  return record.type === 'probe'
}

/** Does so many things at once at most; the results are in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const queue = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, item] = next
      results[i] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
