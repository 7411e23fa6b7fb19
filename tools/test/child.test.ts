import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { runChild } from '../child.mjs'

const options = { cwd: '.', env: process.env, limitMs: 20_000 }
const node = (script: string, more = {}) =>
  runChild(process.execPath, ['-e', script], { ...options, ...more })

it('keeps what a program says on both streams', async () => {
  const ended = await node('console.log("out"); console.error("err")')
  expect(ended).toMatchObject({ ok: true, why: 'exit status 0' })
  expect(ended.output.split('\n').sort()).toEqual(['', 'err', 'out'])
})

it.each([
  ['its exit status', 'process.exitCode = 3', 'exit status 3'],
  ['its signal', 'process.kill(process.pid, "SIGKILL")', 'ended by SIGKILL'],
])('tells a failure by %s', async (_, script, why) => {
  expect(await node(script)).toEqual({ ok: false, why, output: '' })
})

it('tells that a program could not be started', async () => {
  const ended = await runChild('no-such-program', [], options)
  expect(ended.ok).toBe(false)
  expect(ended.why).toContain('ENOENT')
})

it('gives a program no input', async () => {
  expect((await node('process.stdin.on("end", () => console.log("end")).resume()')).output).toBe('end\n')
})

it('keeps the end of a flood', async () => {
  const { output } = await node('process.stdout.write("x".repeat(3e6) + "end")')
  expect(output).toHaveLength(1_000_000)
  expect(output.endsWith('xend')).toBe(true)
})

it('ends a program that outstays its limit, and what it started', async () => {
  const script = `
    const { spawn } = require('node:child_process')
    const own = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    own.once('spawn', () => console.log(own.pid))
    setInterval(() => {}, 1000)`
  const { ok, why, output } = await node(script, { limitMs: 2_500 })
  expect({ ok, why }).toEqual({ ok: false, why: 'stopped after 2.5 s' })
  const grandchild = Number(output)
  expect(grandchild).toBeGreaterThan(1)
  await expect.poll(() => isRunning(grandchild), { timeout: 5_000 }).toBe(false)
}, 20_000)

/** A process that ended but was not yet reaped by its foster parent counts as gone. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })
  return /^[^Z]/.test(stdout.trim())
}
