import type { SimIo, World } from '@portkit/core/sim'
import { PLAIN, type Ran, toolRunner, VERSION, warmUp } from '../../core/test/tool-kit.ts'
import { npingTs } from '../src/cli.ts'

export { CLOSED, OPEN, PLAIN, STEALTH, shotsOf } from '../../core/test/tool-kit.ts'

export const NPING = toolRunner(() => npingTs(VERSION))

await warmUp(
  NPING,
  ['--tcp', '--tcp --tr', '--tcp-connect', '--udp --unprivileged', '--tcp --json --write w'].map(
    (mode) => `${mode} -c 1 -p 22 10.0.0.2`,
  ),
)

/** Runs nping-ts in a world of data until nothing can happen any more. Ctrl-C comes at `interruptMs`, if at all. */
export async function run(command: string, world: World = PLAIN, interruptMs?: number): Promise<Ran> {
  return NPING.run(command, world, { interruptMs })
}

export async function runOn(io: SimIo, argv: readonly string[]): Promise<Ran> {
  return NPING.runOn(io, argv)
}

/** What is counted at the end: probes that were sent, answers, and what is missing. */
export function countsOf(stdout: string) {
  const [, sent, received, lost] =
    /(?:sent|attempts): (\d+).*?(?:Rcvd|connections): (\d+).*?(?:Lost|Failed): (\d+)/.exec(stdout) ?? []
  return { sent: Number(sent), received: Number(received), lost: Number(lost) }
}

/** The rows of the table of verdicts, their cells put together with one blank between. */
export function verdictsOf(stdout: string): readonly string[] {
  const lines = stdout.split('\n')
  const title = lines.findIndex((line) => line.startsWith('TARGET'))
  if (title < 0) return []
  return lines
    .slice(title + 1)
    .filter((line) => line !== '')
    .map((line) => line.replace(/ +/g, ' '))
}

/** The lines that begin so. */
export function linesOf(stdout: string, start: 'SENT' | 'RCVD' | 'ERR'): readonly string[] {
  return stdout.split('\n').filter((line) => line.startsWith(start))
}
