import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { ROOT } from '../root.mjs'
import { setUp } from '../set-up.mjs'
import {
  type Ended,
  type Installed,
  InstallKit,
  KINDS,
  type Kind,
  NODES,
  NPMS,
  nodeFor,
  type Product,
} from './install-kit.ts'

/** What a tool's own test of an installation gets. */
export interface Installation {
  readonly run: (...args: string[]) => Promise<Ended>
  readonly version: string
  /** Of a server on 127.0.0.1 that sends a line and closes. */
  readonly port: string
  /** Whether what only koffi can do on this system can be done. */
  readonly hasKernel: boolean
  /** What became of the package that is compiled; `foreign`: it was, for another version of Node. */
  readonly compiled: Compiled
}

export type Compiled = 'ready' | 'foreign' | 'uncompiled' | 'absent'

const COMPILERS = ['g++', 'make', 'python3']

/** What that server says. */
export const GREETING = 'hello\n'

/**
 * The tests of what a user installs: what is in the tarball, and that it runs on every Node from every npm, with and
 * without koffi, where `expectToWork` decides. Without the package registry the latter are skipped by name.
 */
export function installTests(
  product: Product,
  expectToWork: (installation: Installation) => Promise<void>,
): void {
  const { folder, command, parts, beside = [], optional, compiles } = product
  const kinds = KINDS.filter((kind) => compiles !== undefined || kind === 'full' || kind === 'lean')
  const lacking = COMPILERS.filter((program) => !isOnPath(program))
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'))
  /** By npm's version, then the kind. */
  const installations = new Map<string, Installed>()
  let kit: InstallKit
  let tarball: string
  let reachable: boolean
  let server: Server

  beforeAll(async () => {
    await setUp(ROOT)
    kit = await InstallKit.make(product)
    tarball = await kit.pack()
    server = await greet()
    reachable = await kit.reachesRegistry()
    if (!reachable) return
    await kit.equip()
    for (const npm of NPMS) {
      for (const kind of kinds) installations.set(`${npm} ${kind}`, await kit.install(npm, kind, tarball))
    }
  })

  afterAll(async () => {
    server?.close()
    await kit?.remove()
  })

  const more = beside.length === 0 ? '' : ', what stands beside it'
  it(`packs the bundle, the manifest, the readme and the licence${more}, and nothing else`, () => {
    const bundle = ['', ...parts.map((part) => `-${part}`)].map((part) => `dist/${command}${part}.cjs`)
    expect(filesIn(tarball)).toEqual(['LICENSE', 'README.md', 'package.json', ...beside, ...bundle].sort())
  })

  it(`asks for ${optional.join(' and ')} only, and only optionally`, () => {
    const manifest = contentOf(tarball, 'package.json')
    expect(manifest).not.toContain('workspace:')
    const asked = JSON.parse(manifest)
    const { dependencies = {}, optionalDependencies, peerDependencies = {}, scripts = {} } = asked
    expect({ ...dependencies, ...peerDependencies }).toEqual({})
    expect(Object.keys(optionalDependencies)).toEqual(optional)
    expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([])
  })

  it('has nothing in its bundle that would be looked up elsewhere, but for what it asks for', () => {
    const files = filesIn(tarball)
    const required = files
      .filter((file) => file.endsWith('.cjs'))
      .flatMap((file) => requiredBy(tarball, file))
    const inside = files.map((file) => file.replace(/^dist\//, './'))
    expect(required).toContain('node:fs')
    const texts = files.filter((file) => file.endsWith('.cjs')).map((file) => contentOf(tarball, file))
    // Pieces of the bundle's files are found by name there.
    const isChunk = (id: string) => texts.some((text) => text.includes(`${JSON.stringify(id.slice(2))}:`))
    const elsewhere = required.filter((id) => !isBuiltin(id) && !inside.includes(id) && !isChunk(id))
    expect(elsewhere.filter((id) => !optional.includes(id))).toEqual([])
  })

  it.for(NPMS)('brings koffi along when npm %s installs it', (npm, context) => {
    expect(isIn(installed(context, npm, 'full'), 'koffi')).toBe(true)
  })

  it.for(NPMS)('does without all of them when npm %s installs it with --omit=optional', (npm, context) => {
    const lean = installed(context, npm, 'lean')
    expect(optional.filter((name) => isIn(lean, name))).toEqual([])
  })

  const RUNS = NPMS.flatMap((npm) => NODES.flatMap((node) => kinds.map((kind) => ({ npm, node, kind }))))

  it.for(RUNS)('installed by npm $npm ($kind) runs on Node $node', async ({ npm, node, kind }, context) => {
    const installation = installed(context, npm, kind)
    expect(await kit.nodeVersion(node)).toMatch(`v${node}.`)
    await expectToWork({
      run: (...args) => kit.run(installation, node, args),
      version,
      port: `${portOf(server)}`,
      hasKernel: kind !== 'lean' && process.platform === 'linux',
      compiled: compiledFor(installation, node === nodeFor(npm, kind), compiles),
    })
  })

  if (compiles !== undefined) {
    it.for(NPMS)(`has npm %s compile ${compiles} where that is possible`, (npm, context) => {
      expect(compiledFor(installed(context, npm, 'compiled'), true, compiles)).toBe('ready')
    })

    it.for(NPMS)(`is installed by npm %s without ${compiles} where there is no compiler`, (npm, context) => {
      const bare = installed(context, npm, 'uncompiled')
      expect(isIn(bare, 'koffi')).toBe(true)
      expect(compiledFor(bare, true, compiles)).toMatch(/^(?:uncompiled|absent)$/)
    })
  }

  function installed(context: TestContext, npm: string, kind: Kind): Installed {
    context.skip(!reachable, 'needs the package registry')
    context.skip(kind === 'compiled' && lacking.length > 0, `needs ${lacking.join(', ')}`)
    const name = `${npm} ${kind}`
    const installation = installations.get(name)
    if (installation === undefined) throw new Error(`nothing was installed as ${name}`)
    return installation
  }
}

async function greet(): Promise<Server> {
  const server = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end(GREETING),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** @returns paths below the tarball's only folder, sorted */
function filesIn(tarball: string): readonly string[] {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  return files.map((file) => file.replace(/^package\//, '')).sort()
}

function contentOf(tarball: string, file: string): string {
  const args = ['-xzOf', tarball, `package/${file}`]
  return execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 << 20 })
}

function requiredBy(tarball: string, file: string): readonly string[] {
  const calls = contentOf(tarball, file).matchAll(/\brequire\(["']([^"']+)["']\)/g)
  return [...calls].flatMap(([, id]) => id ?? [])
}

/** Files of a package, wherever npm put it. */
function filesOf({ prefix }: Installed, name: string): readonly string[] {
  const inside = join('node_modules', name, '/')
  return readdirSync(prefix, { recursive: true, encoding: 'utf8' }).filter((entry) => entry.includes(inside))
}

function isIn(installation: Installed, name: string): boolean {
  return filesOf(installation, name).some((file) => file.endsWith(join(name, 'package.json')))
}

function compiledFor(installation: Installed, isForThisNode: boolean, name: string | undefined): Compiled {
  const files = name === undefined ? [] : filesOf(installation, name)
  if (files.length === 0) return 'absent'
  if (!files.some((file) => /Release[/\\][^/\\]+\.node$/.test(file))) return 'uncompiled'
  return isForThisNode ? 'ready' : 'foreign'
}

function isOnPath(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function portOf(listening: Server): number {
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}
