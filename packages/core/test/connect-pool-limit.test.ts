import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLibc } from '../src/io/kernel/libc.ts'

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portkit-pool-'))
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'))
  await build({
    entryPoints: [fileURLToPath(new URL('connect-pool-program.ts', import.meta.url))],
    outfile: join(folder, 'program.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    define: { 'import.meta.url': '__filename' },
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CHOICES = [
  ['the kernel’s sockets', 'kernel', loadLibc() !== undefined],
  ['node:net', 'process', process.platform !== 'win32'],
] as const

describe.each(CHOICES)('with 64 files at most, a pool of %s', (_, choice, available) => {
  it.skipIf(!available)('says which attempts it has no room for, and makes them in the end', async () => {
    const script = `ulimit -n 64; exec '${process.execPath}' '${join(folder, 'program.cjs')}' ${choice}`
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { timeout: 25_000 })
    expect(JSON.parse(stdout)).toEqual({
      outcomes: { refused: 294, handshake: 6 },
      faults: ['EMFILE'],
      isCrowded: true,
    })
  })
})
