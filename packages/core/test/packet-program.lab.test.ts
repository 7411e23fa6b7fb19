import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeLab, FAR, PORTS } from '@portkit/lab/vitest'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadRawSocket } from '../src/io/raw-socket/raw-socket-package.ts'

const loaded = loadRawSocket()
const needed = loaded.kind === 'missing' ? ` (skipped: ${loaded.why})` : ''
const isLoaded = loaded.kind === 'loaded'

/** A user without any privilege, and the same with nothing but CAP_NET_RAW. */
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']
const RAW_ALONE = [
  ...NOBODY,
  '--inh-caps=-all,+net_raw',
  '--ambient-caps=-all,+net_raw',
  '--bounding-set=-all,+net_raw',
]
const ROOT_WITHOUT = ['--inh-caps=-net_raw', '--bounding-set=-net_raw']

describeLab('a program that sends packets', { needs: ['setpriv'] }, (lab) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packets-'))
    // For those who are not root.
    chmodSync(folder, 0o755)
    const source = fileURLToPath(new URL('packet-program.ts', import.meta.url))
    buildSync({
      entryPoints: [source],
      outfile: join(folder, 'program.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      define: { 'import.meta.url': '__filename' },
    })
    if (!isLoaded) return
    const from = realpathSync(fileURLToPath(new URL('../node_modules/raw-socket', import.meta.url)))
    for (const file of ['package.json', 'index.js', 'build/Release/raw.node']) {
      cpSync(join(from, file), join(folder, 'node_modules/raw-socket', file))
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = async (
    args: readonly string[],
    {
      as = [],
      where = folder,
      flags = [],
    }: { as?: readonly string[]; where?: string; flags?: readonly string[] } = {},
  ) => {
    // Without pnpm's NODE_PATH, by which the program would find this checkout's koffi.
    const node = [process.execPath, ...flags, join(where, 'program.cjs'), ...args]
    const { stdout, stderr, status, signal } = await lab.exec('env', [
      '-u',
      'NODE_PATH',
      'setpriv',
      ...as,
      ...node,
    ])
    return { stdout, stderr, status, signal }
  }
  const open = [lab.target.address4, String(PORTS.open.port)]
  const answered = { stdout: 'raw-socket: SA 22>40000\n', stderr: '', status: 0, signal: null }

  it.skipIf(!isLoaded).each([
    ['root', []],
    ['a user with CAP_NET_RAW alone', RAW_ALONE],
  ])(`hears its answer with raw-socket and ends by itself, as %s${needed}`, async (_, as) => {
    expect(await run(['auto', ...open], { as })).toEqual(answered)
    expect(await run(['raw-socket', lab.target.address6, '22'], { as })).toEqual(answered)
  })

  it.skipIf(!isLoaded).each([
    ['nothing else happens meanwhile', []],
    ['the garbage is collected meanwhile', ['--expose-gc']],
  ])(`hears a late answer with raw-socket when %s${needed}`, async (_, flags) => {
    await lab.tun.configure({ rules: [{ to: FAR.prefixes[0], ports: '22', delayMs: 300 }] })
    expect(await run(['auto', FAR.address4, '22'], { flags })).toEqual(answered)
  })

  it.skipIf(!isLoaded).each([
    ['a user', NOBODY, 'run as root'],
    ['root without the capability', ROOT_WITHOUT, 'container'],
  ])(`says what is missing before it tries and when it does: as %s${needed}`, async (_, as, words) => {
    const { stdout, stderr, status } = await run(['auto', ...open], { as })
    const [obstacle = '', fault = '', ...more] = stdout.trimEnd().split('\n')
    expect([stderr, status, more]).toEqual(['', 0, []])
    expect(obstacle).toMatch(/^obstacle EPERM: raw packets need CAP_NET_RAW/)
    expect(obstacle).toContain(words)
    expect(fault).toBe(obstacle.replace('obstacle', 'LocalFault'))
  })

  it('says what to install where there is no package for packets', async () => {
    const { stdout } = await run(['kernel', ...open])
    expect(stdout).toMatch(/^obstacle ENOTSUP: the kernel backend cannot be used: .*koffi.*\n/)
  })

  it('says that raw-socket is there but was not compiled', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const modules = join(elsewhere, 'node_modules', 'raw-socket')
    mkdirSync(modules, { recursive: true })
    writeFileSync(join(modules, 'index.js'), "module.exports = require('./build/Release/raw.node')\n")
    cpSync(join(folder, 'program.cjs'), join(elsewhere, 'program.cjs'))
    const { stdout } = await run(['auto', ...open], { where: elsewhere })
    expect(stdout).toMatch(
      /^obstacle ENOTSUP: .*koffi.*raw-socket is installed but was not compiled.*compiler/,
    )
  })
})
