import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** Says on stderr when yargs is evaluated. */
const telltale: Plugin = {
  name: 'telltale',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.yargs.build.index\.cjs$/ }, ({ path }) => ({
      contents: `process.stderr.write('yargs loaded\\n');${readFileSync(path, 'utf8')}`,
    }))
  },
}

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portkit-bundle-'))
  mkdirSync(join(folder, 'dist'))
  const { warnings } = await build({
    entryPoints: [fileURLToPath(new URL('cli-sample-bin.ts', import.meta.url))],
    outfile: join(folder, 'dist/sample.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['portkit-source'],
    external: ['koffi'],
    define: { 'import.meta.url': '__filename' },
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [telltale],
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a line of shell in which `sample` is the bundled tool. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const program = `sample() { "$NODE" dist/sample.cjs "$@"; }; ${line}`
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', NODE: process.execPath, LANG: 'de_DE.UTF-8', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, stdout, stderr }
}

it.each([
  ['sample -vzc4 h 22', 7, /^note\ncleaned up\n$/],
  ['sample -c abc', 2, /^sample: -c: not a whole number .*\n$/],
  ['sample --bogus', 2, /^sample: unknown option --bogus\n.*\n$/],
  ['sample --version', 0, /^$/],
  ['sample --man', 0, /^$/],
  ['sample --completion=zsh', 0, /^$/],
])('%s is settled without yargs', (line, status, stderr) => {
  const result = shell(line)
  expect(result.status).toBe(status)
  expect(result.stderr).toMatch(stderr)
})

it('--help works in one CommonJS file, in English, and reads no locale that lies about', () => {
  for (const place of ['locales', 'dist/locales']) {
    mkdirSync(join(folder, place), { recursive: true })
    writeFileSync(join(folder, place, 'en.json'), '{ broken')
    writeFileSync(join(folder, place, 'de.json'), '{ "Options:": "Optionen:" }')
  }
  const { status, stdout, stderr } = shell('sample --help')
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'yargs loaded\n' })
  expect(stdout).toMatch(/^Usage: sample .*\n.*\n\nTry the kit\.\n\nArguments:\n/)
  expect(stdout).toContain('  -c, --count=N ')
})

it('ends quietly when its reader has had enough', () => {
  const { status, stdout, stderr } = shell('set -o pipefail; sample endless | head -3')
  expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 0, lines: 4 })
  expect(stderr).toBe('note\ncleaned up\n')
})

it('goes on when nobody reads its errors', () => {
  const { status, stdout } = shell('set -o pipefail; { sample h 2>&1 >&3 | true; } 3>&1')
  expect(stdout).toContain('line 1\n')
  expect(status).toBe(7)
})

it.skipIf(process.platform !== 'linux')('says when what it prints cannot be written', () => {
  const { status, stderr } = shell('sample endless > /dev/full')
  expect(status).toBe(2)
  expect(stderr).toBe('cleaned up\nsample: cannot write to standard output: ENOSPC\n')
})

it('shows one line for a mistake of ours, and where it was only when asked', () => {
  expect(shell('sample bug')).toMatchObject({
    status: 70,
    stderr: 'note\ncleaned up\nsample: internal error: it broke\\x9b2J\\x0abadly\n',
  })
  expect(shell('sample bug', { PORTKIT_DEBUG: '1' }).stderr).toMatch(/\n {4}at .*sample\.cjs/)
})
