import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bucket, renderHistogram } from '../src/histogram.ts'

const unicode = { unicode: true }
const buckets: readonly Bucket[] = [
  { fromMs: 0.2, toMs: 0.25, count: 10 },
  { fromMs: 0.25, toMs: 0.3, count: 80 },
  { fromMs: 0.3, toMs: 0.35, count: 0 },
  { fromMs: 0.35, toMs: 0.4, count: 1 },
]

const anyNumber = fc.oneof(fc.double(), fc.double({ min: 0, max: 5000, noNaN: true }))
const anyBuckets = fc.array(
  fc.record({ fromMs: anyNumber, toMs: anyNumber, count: fc.oneof(fc.nat(), anyNumber) }),
  { maxLength: 20 },
)

describe('renderHistogram', () => {
  it('draws a bar for each range, with its count and its part of all', () => {
    expect(renderHistogram(buckets, 50, unicode)).toEqual([
      '0.200 – 0.250 ms │██▊                    10  11.0%',
      '0.250 – 0.300 ms │██████████████████████ 80  87.9%',
      '0.300 – 0.350 ms │                        0   0.0%',
      '0.350 – 0.400 ms │▎                       1   1.1%',
    ])
  })

  it('draws in ASCII where the locale is not UTF-8', () => {
    const lines = renderHistogram(buckets, 50, { unicode: false })
    expect(lines[1]).toBe('0.250 - 0.300 ms |###################### 80  87.9%')
    expect(lines.join('')).toMatch(/^[ -~]*$/)
  })

  it('shows the rarest answers and calls no part of them nothing', () => {
    const lines = renderHistogram(
      [
        { fromMs: 0, toMs: 1, count: 1e6 },
        { fromMs: 1, toMs: 2, count: 1 },
      ],
      60,
      unicode,
    )
    expect(lines[1]).toContain('│▏')
    expect(lines[1]).toContain('<0.1%')
  })

  it('names an open end and a single value', () => {
    const ends = [
      { fromMs: 0.5, toMs: 0.5, count: 1 },
      { fromMs: 5, toMs: Number.POSITIVE_INFINITY, count: 1 },
    ]
    expect(renderHistogram(ends, 40, unicode).map((line) => line.split(' │')[0])).toEqual([
      '  0.500 ms',
      '≥ 5.000 ms',
    ])
    expect(renderHistogram(ends, 40, { unicode: false })[1]).toMatch(/^>= 5\.000 ms \|/)
  })

  it('gives up percentages first, then counts, then bars', () => {
    const at = (width: number) => renderHistogram(buckets, width, unicode)[1]
    expect(at(34)).toBe('0.250 – 0.300 ms │██████ 80  87.9%')
    expect(at(33)).toBe('0.250 – 0.300 ms │████████████ 80')
    expect(at(25)).toBe('0.250 – 0.300 ms │███████')
    expect(at(10)).toBe('0.250 – 0.')
  })

  it('colours nothing but the bars', () => {
    const lines = renderHistogram(buckets, 50, { unicode: false, style: (bar) => `<${bar}>` })
    expect(lines[0]).toMatch(/\|<#+> /)
    expect(lines[2]).not.toContain('<')
  })

  it('has nothing to draw without buckets, and no bars without answers', () => {
    expect(renderHistogram([], 80, unicode)).toEqual([])
    expect(renderHistogram([{ fromMs: 0, toMs: 1, count: 0 }], 80, unicode)[0]).toMatch(/│ +0 {2}0\.0%$/)
  })

  it('never throws, never says NaN and never draws a line that is too wide', () => {
    fc.assert(
      fc.property(
        anyBuckets,
        fc.oneof(fc.integer({ min: -5, max: 300 }), fc.double()),
        fc.boolean(),
        (all, width, u) => {
          const lines = renderHistogram(all, width, { unicode: u })
          expect(lines).toHaveLength(all.length)
          for (const line of lines) {
            expect([...line].length).toBeLessThanOrEqual(Math.max(width || 0, 0))
            expect(line).not.toMatch(/NaN|Infinity|undefined/)
          }
        },
      ),
    )
  })

  it('draws longer bars for fuller buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 2, maxLength: 12 }), (counts) => {
        const all = counts.map((count, i) => ({ fromMs: i, toMs: i + 1, count }))
        const bars = renderHistogram(all, 90, { unicode: false }).map(
          (line) => line.replaceAll(/[^#]/g, '').length,
        )
        for (const [i, a] of counts.entries()) {
          for (const [j, b] of counts.entries())
            if (a > b) expect(bars[i]).toBeGreaterThanOrEqual(bars[j] ?? 0)
        }
      }),
    )
  })
})
