import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'portkit-stdout-'))
const program = join(folder, 'program.mjs')

beforeAll(async () => {
  const output = join(import.meta.dirname, '../src/io/node/output.ts')
  const text = `
    import { nodeHost } from ${JSON.stringify(pathToFileURL(output).pathname)}
    process.on('SIGUSR1', () => process.exit(7))
    process.stderr.write('ready')
    nodeHost.stdout.write('x'.repeat(1 << 20), () => process.exit(1))`
  await build({
    stdin: { contents: text, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.runIf(process.platform === 'linux')('hears signals while a named pipe is full', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const reader = openSync(pipe, constants.O_RDWR)
  const writer = openSync(pipe, constants.O_WRONLY)
  const child = spawn(process.execPath, [program], { stdio: ['ignore', writer, 'pipe'] })
  try {
    await once(child.stderr ?? child, 'data')
    child.kill('SIGUSR1')
    expect(await once(child, 'exit')).toEqual([7, null])
  } finally {
    child.kill('SIGKILL')
    closeSync(writer)
    closeSync(reader)
  }
})
