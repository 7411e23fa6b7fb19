import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withLock } from '../lock.mjs'
import { scratch } from './scratch.ts'

const options = { limitMs: 10_000, onWait: () => {} }

it('lets one after the other in', async () => {
  const file = join(scratch(), 'made', 'lock')
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} in`)
    await new Promise(setImmediate)
    seen.push(`${name} out`)
  }
  await Promise.all(['a', 'b'].map((name) => withLock(file, options, work(name))))
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out'])
  expect(existsSync(file)).toBe(false)
})

it('holds its own process id while the work lasts', async () => {
  const file = join(scratch(), 'lock')
  expect(await withLock(file, options, async () => readFileSync(file, 'utf8'))).toBe(`${process.pid}\n`)
})

const DEAD = spawnSync(process.execPath, ['-e', '0']).pid

it.each([
  ['of a dead process', `${DEAD}\n`],
  ['with nothing in it', ''],
  ['with nonsense in it', 'x\n'],
  ['of all processes', '-1\n'],
])('takes over a lock %s without waiting', async (_, text) => {
  const file = join(scratch({ lock: text }), 'lock')
  const refuse = () => {
    throw new Error('waited')
  }
  expect(await withLock(file, { limitMs: 0, onWait: refuse }, async () => 'done')).toBe('done')
  expect(existsSync(file)).toBe(false)
})

it('gives up on a lock that lives on, and names its holder and its file', async () => {
  const file = join(scratch({ lock: `${process.pid}\n` }), 'lock')
  const waits: number[] = []
  const tried = withLock(file, { limitMs: 150, onWait: (pid) => waits.push(pid) }, async () => {})
  await expect(tried).rejects.toThrow(`process ${process.pid} has held ${file} for too long`)
  expect(waits).toEqual([process.pid])
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`)
})

it('is free again after work that failed', async () => {
  const file = join(scratch(), 'lock')
  const broken = withLock(file, options, () => Promise.reject(new Error('broke')))
  await expect(broken).rejects.toThrow('broke')
  expect(existsSync(file)).toBe(false)
})
