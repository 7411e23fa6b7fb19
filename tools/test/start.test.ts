import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../root.mjs'
import { scratch } from './scratch.ts'

const LOGGED = `require('node:fs').appendFileSync('log', require('node:path').basename(__filename) + '\\n')\n`
const TOOL = `
  const [command, ...rest] = process.argv.slice(2)
  if (command === 'argv') console.log(JSON.stringify([process.argv[1], ...rest]))
  if (command === 'cat') process.stdin.pipe(process.stdout)
  if (command === 'exit') process.exitCode = Number(rest[0])
`

/** A small repository of its own: our tools folder, one built tool, and a pnpm and a turbo that only log their name. */
function repository(): string {
  const root = scratch({
    'package.json': JSON.stringify({ packageManager: 'pnpm@1.2.3' }),
    'packages/echo/package.json': JSON.stringify({ name: 'echo', bin: { echo: 'dist/echo.cjs' } }),
    'packages/echo/src/echo.ts': '',
    'packages/echo/dist/echo.cjs': TOOL,
    'node_modules/pnpm/package.json': JSON.stringify({ version: '1.2.3' }),
    'node_modules/pnpm/bin/pnpm.cjs': `console.log('pnpm talks')\n${LOGGED}`,
    'node_modules/.bin/turbo': `#!${process.execPath}\nconsole.log('turbo talks')\n${LOGGED}`,
  })
  const chmod = spawnSync('chmod', ['+x', join(root, 'node_modules/.bin/turbo')])
  if (chmod.status !== 0) throw new Error('chmod failed')
  cpSync(join(ROOT, 'tools'), join(root, 'tools'), {
    recursive: true,
    filter: (path) => !path.endsWith('test'),
  })
  return root
}

describe('npm start -- TOOL', { timeout: 30_000 }, () => {
  let root: string
  const start = (args: string[], input = '') =>
    spawnSync(process.execPath, [join(root, 'tools', 'start.mjs'), ...args], {
      encoding: 'utf8',
      cwd: root,
      input,
    })
  const steps = () => readFileSync(join(root, 'log'), 'utf8').split('\n').filter(Boolean)

  beforeEach(() => {
    root = repository()
  })

  it('sets up once, says so on stderr only, and then no more', () => {
    const [first, second] = [start(['echo', 'argv', 'a']), start(['echo', 'argv', 'a'])]
    const said = `${JSON.stringify([join(root, 'packages/echo/dist/echo.cjs'), 'a'])}\n`
    expect(first).toMatchObject({ status: 0, stdout: said })
    expect(first.stderr).toMatch(/^portkit: installing .*\nportkit: building\n$/)
    expect(second).toMatchObject({ status: 0, stdout: said, stderr: '' })
    expect(steps()).toEqual(['pnpm.cjs', 'turbo'])
  })

  it('builds again when a source changed, without installing', () => {
    start(['echo'])
    writeFileSync(join(root, 'packages/echo/src/echo.ts'), '// changed')
    expect(start(['echo']).stderr).toBe('portkit: building\n')
    expect(steps()).toEqual(['pnpm.cjs', 'turbo', 'turbo'])
  })

  it('installs again when a package.json changed', () => {
    start(['echo'])
    const manifest = join(root, 'packages/echo/package.json')
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}\n`)
    start(['echo'])
    expect(steps()).toEqual(['pnpm.cjs', 'turbo', 'pnpm.cjs', 'turbo'])
  })

  it('shows the log of a set-up that failed, exits with 1, and tries again the next time', () => {
    writeFileSync(join(root, 'node_modules/pnpm/bin/pnpm.cjs'), `console.log('no space'); process.exit(9)`)
    const failed = start(['echo', 'argv'])
    expect(failed).toMatchObject({ status: 1, stdout: '' })
    expect(failed.stderr).toMatch(/no space\nportkit: installing dependencies failed \(exit status 9\)\n$/)
    writeFileSync(join(root, 'node_modules/pnpm/bin/pnpm.cjs'), LOGGED)
    expect(start(['echo', 'argv']).status).toBe(0)
  })

  it('passes input, output and the exit status through', () => {
    expect(start(['echo', 'cat'], 'bytes\0\n').stdout).toBe('bytes\0\n')
    expect(start(['echo', 'exit', '7'])).toMatchObject({ status: 7, stdout: '' })
  })

  it('names the tools there are to who asks for another, and sets nothing up', () => {
    expect(start(['ecko'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'portkit: no tool is called "ecko"; there is: echo\n',
    })
    expect(() => steps()).toThrow('ENOENT')
  })
})
