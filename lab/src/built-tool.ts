import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Lab } from './lab.mjs'

type InsideOptions = NonNullable<Parameters<Lab['exec']>[2]>
type RunResult = Awaited<ReturnType<Lab['exec']>>

/** Where koffi's binaries are, one package for each platform. */
const NATIVES = '@koromix'

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

/** Builds a package and copies its tool with its optional packages into a new directory, which the caller removes. */
export function buildTool(packageFolder: string, name: string): string {
  execFileSync(process.execPath, ['build.mjs'], { cwd: packageFolder, stdio: 'inherit' })
  const directory = mkdtempSync(join(tmpdir(), `${name}-lab-`))
  chmodSync(directory, 0o755)
  cpSync(join(packageFolder, 'dist'), directory, { recursive: true })
  // As npm does for what a package names under `bin`.
  chmodSync(join(directory, `${name}.cjs`), 0o755)
  const modules = join(directory, 'node_modules')
  for (const needed of optionalOf(packageFolder)) {
    copyPackage(join(packageFolder, 'node_modules', needed), needed, modules)
  }
  return directory
}

/** The packages that a package has use for when they are there. */
function optionalOf(packageFolder: string): readonly string[] {
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  return Object.keys(optionalDependencies)
}

/**
 * A package as an installed tool has it, for the checkout itself may be closed to other users: without what it was
 * compiled from, and with the packages of its binaries, which stand beside it.
 */
function copyPackage(folder: string, name: string, modules: string): void {
  if (!existsSync(folder)) return
  const real = realpathSync(folder)
  cpSync(real, join(modules, name), { recursive: true, filter: (path) => !path.endsWith('obj.target') })
  const siblings = join(dirname(real), NATIVES)
  if (!existsSync(siblings)) return
  for (const native of readdirSync(siblings)) {
    cpSync(realpathSync(join(siblings, native)), join(modules, NATIVES, native), { recursive: true })
  }
}
