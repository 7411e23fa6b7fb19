import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  COLOUR_GRAPH_STYLES,
  createGraphModel,
  type GraphSize,
  type GraphWord,
  PLAIN_GRAPH_STYLES,
  renderGraph,
} from '../src/graph.ts'

const anyDouble = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 2000, noNaN: true }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
)
const anySample = fc.record({
  target: fc.nat(12),
  atMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 200_000 }) },
    { weight: 1, arbitrary: fc.double() },
  ),
  rttMs: fc.option(anyDouble, { nil: undefined }),
  word: fc.constantFrom<GraphWord[]>('open', 'open', 'closed', 'stealth', 'unreachable'),
})
const asciiName = fc.string({ unit: fc.constantFrom(...'abc.:-0123 %['), maxLength: 60 })
const anyGraph = fc.record({
  names: fc.array(asciiName, { maxLength: 12 }),
  samples: fc.array(anySample, { maxLength: 150 }),
  size: fc.oneof(
    fc.record({ columns: fc.integer({ min: 18, max: 60 }), rows: fc.integer({ min: 4, max: 30 }) }),
    fc.record({ columns: fc.integer({ min: -1, max: 400 }), rows: fc.integer({ min: -1, max: 100 }) }),
    fc.record({ columns: fc.double(), rows: fc.double({ max: 50 }) }),
  ),
  nowMs: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.double()),
  intervalMs: fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.double()),
  unicode: fc.boolean(),
  colour: fc.boolean(),
})

describe('every frame', () => {
  it('fits its terminal, never throws and never says NaN', () => {
    const law = ({
      names,
      samples,
      size,
      colour,
      ...options
    }: typeof anyGraph extends fc.Arbitrary<infer T> ? T : never) => {
      const model = createGraphModel({ names, capacity: 100 })
      for (const { target, ...sample } of samples) model.add(target, sample)
      const styles = colour ? COLOUR_GRAPH_STYLES : PLAIN_GRAPH_STYLES
      const { lines } = renderGraph(model, size, { ...options, styles })
      expect(lines.length).toBeLessThanOrEqual(Math.max(size.rows || 0, 0))
      for (const line of lines) {
        const text = stripVTControlCharacters(line)
        expect([...text].length).toBeLessThanOrEqual(size.columns)
        expect(text).not.toMatch(/NaN|Infinity|undefined|\n/)
        if (!options.unicode) expect(text).toMatch(/^[ -~]*$/)
        if (!colour) expect(text).toBe(line)
      }
    }
    fc.assert(fc.property(anyGraph, law), { numRuns: 300 })
  })

  it('uses all rows of a terminal that is large enough', () => {
    const size = fc.record({
      columns: fc.integer({ min: 20, max: 400 }),
      rows: fc.integer({ min: 6, max: 100 }),
    })
    const law = (terminal: GraphSize, targets: number) => {
      const names = Array.from({ length: targets }, (_, i) => `h:${i}`)
      const model = createGraphModel({ names, capacity: 9 })
      for (const i of names.keys()) model.add(i, { atMs: 0, rttMs: i, word: 'open' })
      const options = { nowMs: 0, intervalMs: 1000, unicode: true, styles: PLAIN_GRAPH_STYLES }
      expect(renderGraph(model, terminal, options).lines).toHaveLength(terminal.rows)
    }
    fc.assert(fc.property(size, fc.integer({ min: 1, max: 20 }), law), { numRuns: 50 })
  })
})
