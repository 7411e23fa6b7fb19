import { join } from 'node:path'
import { describeHostile, type Hostile } from '../../nping/test/hostile-kit.ts'

export {
  BACKENDS,
  bringUp,
  HOSTILE,
  type Hostile,
  must,
  NO_RIGHTS,
  NOBODY,
  ONLY_NET_RAW,
} from '../../nping/test/hostile-kit.ts'

const HPING = { folder: join(import.meta.dirname, '..'), name: 'hping-ts' }

/** Tests of hping-ts in a world of their own. */
export function describeHping(
  title: string,
  needs: readonly string[],
  tests: (hostile: Hostile) => void,
): void {
  describeHostile(title, needs, tests, HPING)
}

/** A command line that node runs. */
export function commandOf({ command }: Pick<Hostile, 'command'>, words: string): [string, string[]] {
  const [node, tool] = command()
  return [node, [tool, ...words.split(' ')]]
}

/** What the statistics count, all of them. */
export function counts(stderr: string) {
  const [, sent, received, loss] =
    /^(\d+) packets transmitted, (\d+) packets received, (-?\d+)% packet loss$/m.exec(stderr) ?? []
  return { sent: Number(sent), received: Number(received), loss: Number(loss) }
}

/** What stands behind the round trips: what was counted apart, and the verdicts. */
export function verdicts(stderr: string): readonly string[] {
  const [, after = ''] = stderr.split(/^round-trip min.*\n(?:round-trip mdev.*\n)?/m)
  return after.split('\n').filter((line) => line !== '')
}

/** The lines about answers. */
export function answers(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => /^(?:DUP! )?len=/.test(line))
}
