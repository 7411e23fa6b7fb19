import type { World } from '@portkit/core/sim'
import { PLAIN, type Ran, toolRunner, type User, warmUp } from '../../core/test/tool-kit.ts'
import { hpingTs } from '../src/cli.ts'

export {
  CLOSED,
  fileOf,
  OPEN,
  outgoing,
  PLAIN,
  type Ran,
  recordsOf,
  STEALTH,
  shotsOf,
  type User,
} from '../../core/test/tool-kit.ts'

export const HPING = toolRunner(hpingTs)

await warmUp(
  HPING,
  ['-S -V -D -p 22', '-1', '-2 -p 53', '-8 22', '-S --json', '-S --write w'].map((mode) =>
    mode.startsWith('-8') ? `${mode} -S 10.0.0.2` : `${mode} -c 1 -i 1ms 10.0.0.2`,
  ),
)

export const { run, runOn, readOn } = HPING

/** The same world, but for some of it. */
export function world(more: Partial<World>): World {
  return { ...PLAIN, ...more }
}

/** What a user sees of a run, in its order; standard error behind exclamation marks, the status in the end. */
export async function seen(command: string, more: Partial<World> = {}, user?: User): Promise<string> {
  const { transcript, status } = await run(command, world(more), user)
  return `${visible(transcript)}? ${status}`
}

/** Backspaces with how many there are of them in a row, and bells and tabs, for people to read. */
export function visible(text: string): string {
  return text
    .replace(/[\b]+/g, ({ length }) => `<BS ${length}>`)
    .replaceAll('\u0007', '<BEL>')
    .replaceAll('\t', '<TAB>')
}

/** What the statistics count. */
export function countsOf(stderr: string) {
  const [, sent, received, loss] =
    /^(\d+) packets transmitted, (\d+) packets received, (-?\d+)% packet loss$/m.exec(stderr) ?? []
  return { sent: Number(sent), received: Number(received), loss: Number(loss) }
}

/** A count of what is told apart: `2 answers too late`. */
export function besides(stderr: string, what: RegExp): number {
  return Number(new RegExp(`^(\\d+) (?:${what.source})`, 'm').exec(stderr)?.[1] ?? 0)
}

/** The lines of the verdicts. */
export function verdictsOf({ stderr }: Pick<Ran, 'stderr'>): readonly string[] {
  return stderr.split('\n').filter((line) => / \d+ of \d+ answered$/.test(line))
}

/** The lines about answers, dumps and errors left out. */
export function answersOf({ stdout }: Pick<Ran, 'stdout'>): readonly string[] {
  return stdout.split('\n').filter((line) => /^(?:DUP! )?len=/.test(line))
}
