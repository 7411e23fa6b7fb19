import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src/io/builtin.ts', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'optional-'))
  // As pnpm lays it out: a link to the package, whose own dependency is beside the place that the link leads to.
  for (const part of ['store/one', 'store/two', 'node_modules'])
    mkdirSync(join(folder, part), { recursive: true })
  writeFileSync(join(folder, 'store/one/main.cjs'), "module.exports = require('../two/main.cjs')")
  writeFileSync(join(folder, 'store/two/main.cjs'), "module.exports = 'both'")
  symlinkSync('../store/one', join(folder, 'node_modules/one'))
  const contents = `import { fstatSync } from 'node:fs'
    import { optionalPackage } from ${JSON.stringify(source)}
    fstatSync(1)
    process.stderr.write(optionalPackage('one', 'main.cjs'))`
  const options = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: join(folder, 'program.cjs'),
  } as const
  const define = { 'import.meta.url': '__filename' }
  buildSync({ stdin: { contents, resolveDir: folder }, ...options, define })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['a file', '> /dev/null'],
  ['a pipe', '| cat'],
])('finds a linked package after standard output was seen to be %s', (_, where) => {
  const command = `"$0" program.cjs 2>told ${where}; cat told`
  const told = execFileSync('sh', ['-c', command, process.execPath], { cwd: folder, encoding: 'utf8' })
  expect(told).toBe('both')
})
