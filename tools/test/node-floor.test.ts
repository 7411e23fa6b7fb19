import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NODE_FLOOR, nodeTooOld } from '../node-floor.mjs'
import { ROOT } from '../root.mjs'

it.each(['16.20.2', '18.20.4', '20.18.3', '20.0.0'])('names the Node it needs to Node %s', (version) => {
  expect(nodeTooOld(version)).toBe(`portkit needs Node 20.19 or newer; this is Node ${version}\n`)
})

it.each(['20.19.0', '20.20.2', '21.0.0', '22.1.0', '26.10.0', '24.0.0-nightly'])(
  'says nothing to Node %s',
  (version) => {
    expect(nodeTooOld(version)).toBeUndefined()
  },
)

it('asks for the Node that package.json asks for', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(engines.node).toBe(`>=${NODE_FLOOR.join('.')}`)
})
