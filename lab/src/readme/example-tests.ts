import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTool } from '../built-tool.ts'
import { missing } from '../missing.mjs'
import { NpingWorld } from '../nping-world.mjs'
import { readmeOf } from './readme.ts'

/** A tool whose README's examples are run. */
export interface Exampled {
  readonly packageFolder: string
  readonly tool: string
  /** What differs from run to run: times, dates, random numbers, and what a kernel chooses. */
  readonly masks: readonly (readonly [RegExp, string])[]
  readonly least: number
  /** The network that they are run in; without it a `NpingWorld`. */
  readonly world?: ExampleWorld
  /** Puts what comes in any order into the one that the README has. */
  readonly arrange?: (output: string) => string
  /** Programs that examples use besides those of every system. */
  readonly needs?: readonly string[]
  /** Packages whose servers examples ask and that this machine lacks. */
  readonly absent?: readonly string[]
}

/** A network of which its own test says what it takes. */
export interface ExampleWorld {
  up(): Promise<void>
  exec(
    command: string,
    args: readonly string[],
    options: { readonly timeoutMs: number },
  ): Promise<{ readonly stdout: string }>
  remove(): Promise<void>
}

/** Examples there are run without CAP_NET_RAW. */
const WITHOUT_RIGHTS = '## Privileges'
const NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups'

/** The tests that run each example of a README in its world, and compare what it prints. */
export function exampleTests(exampled: Exampled): void {
  const { packageFolder, tool, masks, least, needs = [], arrange = (output) => output } = exampled
  const readme = readmeOf(packageFolder)
  const unprivileged = readme.text.includes(`\n${WITHOUT_RIGHTS}\n`) ? readme.section(WITHOUT_RIGHTS) : ''
  const examples = readme.examples().map(({ command, output }) => ({
    command,
    output,
    wrapper: unprivileged.includes(`$ ${command}\n`) ? NOBODY : '',
  }))
  const lacks = [...missing(['bash', 'setpriv', 'tail', ...needs]), ...(exampled.absent ?? [])]
  const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
  const masked = (text: string): string =>
    arrange(masks.reduce((so, [pattern, word]) => so.replaceAll(pattern, word), text).trim())

  describe.skipIf(skipped !== '')(`the examples of the README${skipped}`, () => {
    const world: ExampleWorld = exampled.world ?? new NpingWorld()
    let folder = ''

    beforeAll(async () => {
      folder = buildTool(packageFolder, tool)
      await world.up()
    })

    afterAll(async () => {
      await world.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    })

    it('are many', () => {
      expect(examples.length).toBeGreaterThan(least)
    })

    it.each(examples)('print what is printed there: $command', async ({ command, output, wrapper }) => {
      const shell = `${wrapper} '${process.execPath}' '${join(folder, `${tool}.cjs`)}'`
      const script = `cd '${folder}' && ${command.replaceAll(new RegExp(`\\b${tool}\\b`, 'g'), shell)} 2>&1`
      const { stdout } = await world.exec('bash', ['-c', script], { timeoutMs: 30_000 })
      expect(masked(stdout)).toBe(masked(output))
    })
  })
}
