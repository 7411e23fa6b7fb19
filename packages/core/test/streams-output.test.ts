import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nodeSystem } from '../src/io/node/node-system.ts'
import { createIo } from '../src/io/node-io.ts'

it('empties the file that it opens and adds octets to it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'))
  const path = join(folder, 'dump')
  writeFileSync(path, 'old and longer')
  const output = nodeSystem.openOutput(path)
  output.write('one\n')
  output.write('\u00ff')
  output.close()
  expect([...readFileSync(path)]).toEqual([...Buffer.from('one\n'), 255])
  rmSync(folder, { recursive: true })
})

it('adds to what a file has, and makes one where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'))
  const path = join(folder, 'journal')
  for (const line of ['one\n', 'two\n']) {
    const output = nodeSystem.openOutput(path, true)
    output.write(line)
    output.close()
  }
  expect(readFileSync(path, 'latin1')).toBe('one\ntwo\n')
  rmSync(folder, { recursive: true })
})

it('says why a file cannot be opened', () => {
  const open = () => nodeSystem.openOutput('/no/such/folder/file')
  expect(open).toThrow(expect.objectContaining({ name: 'LocalFault', code: 'ENOENT' }))
})

it('leaves signals alone until somebody wants to know of them', () => {
  const caught = () => ['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name))
  const before = caught()
  const io = createIo()
  expect(caught()).toEqual(before)
  expect(io.interrupted).toBe(io.interrupted)
  expect(caught()).toEqual(before.map((count) => count + 1))
})
