import { join } from 'node:path'
import { builtTool as builtToolOf } from '@portkit/lab/tool'

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

/** The built `tcping`; in `bash` scripts the word TCPING stands for it. */
export const builtTool = () => builtToolOf(PACKAGE, 'tcping')

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
