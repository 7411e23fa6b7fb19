import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listPackages, toolFiles } from '../packages.mjs'
import { scratch } from './scratch.ts'

const manifest = (name: string, more: object) => JSON.stringify({ name, ...more })

it('finds every tool by its command, whichever way its package.json writes bin', () => {
  const root = scratch({
    'packages/web/package.json': manifest('@portkit/web', { bin: './dist/web.cjs' }),
    'packages/nc/package.json': manifest('@portkit/nc', {
      bin: { 'nc-ts': 'dist/nc.cjs', nc2: 'dist/nc2.cjs' },
    }),
    'packages/core/package.json': manifest('@portkit/core', {}),
  })
  expect([...toolFiles(listPackages(root))]).toEqual([
    ['nc-ts', join(root, 'packages/nc/dist/nc.cjs')],
    ['nc2', join(root, 'packages/nc/dist/nc2.cjs')],
    ['web', join(root, 'packages/web/dist/web.cjs')],
  ])
})

it('tells public packages from private ones and passes by folders that are none', () => {
  const root = scratch({
    'packages/b/package.json': manifest('b', { private: true }),
    'packages/a/package.json': manifest('a', {}),
    'packages/left-over/dist/x.js': '',
    'packages/notes.txt': '',
  })
  expect(listPackages(root).map(({ name, isPublic }) => [name, isPublic])).toEqual([
    ['a', true],
    ['b', false],
  ])
})
