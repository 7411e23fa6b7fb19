import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { ROOT } from '../../../tools/root.mjs'
import { setUp } from '../../../tools/set-up.mjs'
import { type Installed, InstallKit, NODES, NPMS } from './install-kit.ts'

const CAN_USE_KERNEL_CLOCK = process.platform === 'linux'
const VERSION = JSON.parse(readFileSync(join(ROOT, 'packages', 'tcping', 'package.json'), 'utf8')).version

let kit: InstallKit
let tarball: string
let reachable: boolean
let server: Server
/** By npm's version, then 'full' or 'lean' (without optional dependencies). */
const installations = new Map<string, Installed>()

beforeAll(async () => {
  await setUp(ROOT)
  kit = await InstallKit.make()
  tarball = await kit.pack()
  server = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  reachable = await kit.reachesRegistry()
  if (!reachable) return
  await kit.equip()
  for (const npm of NPMS) {
    installations.set(`${npm} full`, await kit.install(npm, tarball))
    installations.set(`${npm} lean`, await kit.installLean(npm, tarball))
  }
})

afterAll(async () => {
  server?.close()
  await kit?.remove()
})

it('packs the bundle, the manifest, the readme and the licence, and nothing else', () => {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n').sort()
  expect(files).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/dist/tcping-about.cjs',
    'package/dist/tcping.cjs',
    'package/package.json',
  ])
})

it('asks for koffi only, and only optionally', () => {
  const manifest = fromTarball('package.json')
  expect(manifest).not.toContain('workspace:')
  const {
    dependencies = {},
    optionalDependencies,
    peerDependencies = {},
    scripts = {},
  } = JSON.parse(manifest)
  expect({ ...dependencies, ...peerDependencies }).toEqual({})
  expect(Object.keys(optionalDependencies)).toEqual(['koffi'])
  expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([])
})

it('has nothing in its bundle that would be looked up elsewhere, but for koffi', () => {
  const required = [...fromTarball('dist/tcping.cjs').matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(
    ([, id]) => id,
  )
  expect(required).toContain('node:fs')
  expect(required.filter((id = '') => !isBuiltin(id) && id !== 'koffi')).toEqual([])
})

it.for(NPMS)('brings koffi along when npm %s installs it', (npm, context) => {
  expect(koffiIn(installed(context, `${npm} full`))).toBe(true)
})

it.for(NPMS)('does without koffi when npm %s installs it with --omit=optional', (npm, context) => {
  expect(koffiIn(installed(context, `${npm} lean`))).toBe(false)
})

const RUNS = NPMS.flatMap((npm) => NODES.map((node) => [npm, node] as const))

it.for(RUNS)(
  'installed by npm %s, runs on Node %s with the best clock of the system',
  async ([npm, node], context) => {
    const installation = installed(context, `${npm} full`)
    await expectToWork(installation, node, CAN_USE_KERNEL_CLOCK ? 'kernel' : 'process')
  },
)

it.for(RUNS)(
  'installed by npm %s without koffi, runs on Node %s with the process clock',
  async ([npm, node], context) => {
    const installation = installed(context, `${npm} lean`)
    await expectToWork(installation, node, 'process')
  },
)

async function expectToWork(
  installation: Installed,
  node: (typeof NODES)[number],
  clock: string,
): Promise<void> {
  expect(await kit.nodeVersion(node)).toMatch(`v${node}.`)
  expect(await kit.tcping(installation, node, '--version')).toContain(VERSION)
  const target = ['-c', '1', '127.0.0.1', `${portOf(server)}`]
  expect(await kit.tcping(installation, node, ...target)).toMatch(/^open from 127\.0\.0\.1/m)
  expect(await kit.tcping(installation, node, '--json', ...target)).toMatch(
    new RegExp(`"clock": ?"${clock}"`),
  )
}

function installed(context: TestContext, name: string): Installed {
  context.skip(!reachable, 'needs the package registry')
  const installation = installations.get(name)
  if (installation === undefined) throw new Error(`nothing was installed as ${name}`)
  return installation
}

function koffiIn({ prefix }: Installed): boolean {
  const entries = readdirSync(prefix, { recursive: true, encoding: 'utf8' })
  return entries.some((entry) => entry.endsWith(join('node_modules', 'koffi', 'package.json')))
}

function fromTarball(file: string): string {
  return execFileSync('tar', ['-xzOf', tarball, `package/${file}`], { encoding: 'utf8', maxBuffer: 64 << 20 })
}

function portOf(listening: Server): number {
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}
