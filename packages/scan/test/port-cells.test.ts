import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPortCells } from '../src/model/port-cells.ts'

it('has the ports that were set, in their order, whenever they are asked for', () => {
  const step = fc.tuple(
    fc.integer({ min: 0, max: 65_535 }),
    fc.integer({ min: 1, max: 65_535 }),
    fc.boolean(),
  )
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cells = createPortCells()
      const model = new Map<number, number>()
      const ports = () => [...model.keys()].sort((a, b) => a - b)
      for (const [port, value, isAsked] of steps) {
        cells.set(port, value)
        model.set(port, value)
        if (isAsked) expect([...cells.ports()]).toEqual(ports())
      }
      expect([...cells.ports()].map((port) => [port, cells.get(port)])).toEqual(
        ports().map((port) => [port, model.get(port)]),
      )
    }),
  )
})

it('goes on with the ports it had when a few become many', () => {
  const cells = createPortCells()
  for (let port = 3000; port > 0; port -= 1) {
    cells.set(port, port)
    if (port % 500 === 0) expect([...cells.ports()]).toHaveLength(3001 - port)
  }
  expect([...cells.ports()]).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1))
  expect(cells.get(2999)).toBe(2999)
})
