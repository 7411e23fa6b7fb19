import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Lab } from './lab.mjs'

type InsideOptions = NonNullable<Parameters<Lab['exec']>[2]>
type RunResult = Awaited<ReturnType<Lab['exec']>>

/**
 * A package's built tool, in a directory of its own while the tests of a file run: whoever builds meanwhile disturbs
 * nobody, and a user without rights can read it. `name` is that of its file in `dist`, without `.cjs`.
 */
export function builtTool(packageFolder: string, name: string) {
  let directory = ''
  beforeAll(() => {
    directory = buildTool(packageFolder, name)
  })
  afterAll(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true })
  })
  const path = (): string => join(directory, `${name}.cjs`)
  const shell = (): string => `'${process.execPath}' '${path()}'`
  return {
    directory: (): string => directory,
    /** The beginning of a command line in a shell. */
    shell,
    command: (...args: string[]): [string, string[]] => [process.execPath, [path(), ...args]],
    run: (lab: Lab, args: readonly string[], options: InsideOptions = {}): Promise<RunResult> =>
      lab.exec(process.execPath, [path(), ...args], options),
    start: (lab: Lab, args: readonly string[]) => lab.spawn(process.execPath, [path(), ...args]),
    /** A shell script in which the tool's name in capitals stands for the tool. */
    bash: (lab: Lab, script: string, options: InsideOptions = {}): Promise<RunResult> =>
      lab.exec('bash', ['-c', script.replaceAll(name.toUpperCase(), shell())], options),
  }
}

/** Builds a package and copies its tool with koffi into a new directory, which the caller removes. */
export function buildTool(packageFolder: string, name: string): string {
  execFileSync(process.execPath, ['build.mjs'], { cwd: packageFolder, stdio: 'inherit' })
  const directory = mkdtempSync(join(tmpdir(), `${name}-lab-`))
  chmodSync(directory, 0o755)
  cpSync(join(packageFolder, 'dist'), directory, { recursive: true })
  // As npm does for what a package names under `bin`.
  chmodSync(join(directory, `${name}.cjs`), 0o755)
  copyKoffi(packageFolder, join(directory, 'node_modules'))
  return directory
}

/** koffi with its binaries, as an installed tool has it; the checkout itself may be closed to other users. */
function copyKoffi(packageFolder: string, modules: string): void {
  const koffi = realpathSync(join(packageFolder, 'node_modules', 'koffi'))
  const natives = join(dirname(koffi), '@koromix')
  cpSync(koffi, join(modules, 'koffi'), { recursive: true })
  for (const native of readdirSync(natives)) {
    cpSync(realpathSync(join(natives, native)), join(modules, '@koromix', native), { recursive: true })
  }
}
