import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recorded } from './read-kit.ts'

const OPTIONS: BuildOptions = {
  entryPoints: { portscan: join(import.meta.dirname, '../src/bin.ts') },
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['portkit-source'],
  external: ['koffi', 'raw-socket'],
  define: { 'import.meta.url': '__filename', PORTKIT_VERSION: '"1.2.3"' },
  logLevel: 'silent',
}

describe('the words behind portscan', () => {
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portkit-words-'))
    await build({ ...OPTIONS, outdir: folder, format: 'cjs', outExtension: { '.js': '.cjs' } })
    for (const name of ['basic', 'sv']) writeFileSync(join(folder, name), recorded(`nmap-${name}.xml`))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function portscan(...argv: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['portscan.cjs', ...argv], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 30_000,
    })
    return { status, stdout, stderr }
  }

  it.each([
    ['two results are compared', ['diff', 'basic', 'sv'], 1, /^ PORT +STATE +SERVICE +VERSION$/m],
    ['a result is compared with itself', ['diff', '-v', 'sv', 'sv'], 0, /^ 10\.77\.0\.2, /m],
    ['results are joined', ['merge', 'basic', 'sv'], 0, /^Nmap done: 1 IP address/m],
    ['a subcommand explains itself', ['merge', '--help'], 0, /^Usage: portscan merge /],
  ])('%s: %j', (_, argv, status, text) => {
    const run = portscan(...argv)
    expect(run).toMatchObject({ status, stderr: '' })
    expect(run.stdout).toMatch(text)
  })

  it('has the status of an error where a result is not there', () => {
    expect(portscan('diff', 'sv', 'none')).toMatchObject({ status: 2, stdout: '' })
    expect(portscan('merge', 'none')).toMatchObject({ status: 2, stdout: '' })
  })

  // The ports are refused before any name is looked up.
  it.each([[['--', 'diff']], [['diff.']], [['-n', 'merge']]])('are of a scan where they are %j', (words) => {
    const { status, stderr } = portscan('-p', '99999', ...words)
    expect({ status, isOfScan: stderr.includes('Ports specified must be between') }).toEqual({
      status: 1,
      isOfScan: true,
    })
  })
})

it('a scan loads nothing of results and their comparison', async () => {
  const { metafile } = await build({
    ...OPTIONS,
    outdir: 'nowhere',
    write: false,
    metafile: true,
    splitting: true,
    format: 'esm',
  })
  const reached = new Set(Object.keys(metafile.outputs).filter((path) => basename(path) === 'portscan.js'))
  for (const path of reached) {
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') reached.add(next)
    }
  }
  const modules = [...reached].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}))
  expect(modules.filter((path) => path.endsWith('/scan/src/cli.ts') || path === 'src/cli.ts')).not.toEqual([])
  expect(modules.filter((path) => /(diff|merge)-cli|results\/(diff|merge|read-xml|load)/.test(path))).toEqual(
    [],
  )
})
