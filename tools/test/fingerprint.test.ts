import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fingerprint } from '../fingerprint.mjs'
import { scratch } from './scratch.ts'

const FILES = { 'package.json': '{}', 'src/a.ts': 'a', 'src/deep/b.ts': 'b' }
const PATHS = ['package.json', 'src', 'absent']

it('stays the same while nothing is touched', () => {
  const root = scratch(FILES)
  expect(fingerprint(root, PATHS)).toBe(fingerprint(root, PATHS))
})

it.each([
  ['a file grows', (root: string) => writeFileSync(join(root, 'src/deep/b.ts'), 'bb')],
  ['a file is written anew', (root: string) => utimesSync(join(root, 'src/a.ts'), 1, 1)],
  ['a file comes', (root: string) => writeFileSync(join(root, 'src/deep/c.ts'), '')],
  ['a file goes', (root: string) => rmSync(join(root, 'src/a.ts'))],
  ['a missing path comes', (root: string) => writeFileSync(join(root, 'absent'), '')],
  ['a path goes', (root: string) => rmSync(join(root, 'src'), { recursive: true })],
])('changes when %s', (_, touch) => {
  const root = scratch(FILES)
  const before = fingerprint(root, PATHS)
  touch(root)
  expect(fingerprint(root, PATHS)).not.toBe(before)
})

it('does not look outside the given paths', () => {
  const root = scratch(FILES)
  const before = fingerprint(root, PATHS)
  mkdirSync(join(root, 'dist'))
  expect(fingerprint(root, PATHS)).toBe(before)
})
