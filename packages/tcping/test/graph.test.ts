import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  COLOUR_GRAPH_STYLES,
  createGraphModel,
  type GraphOptions,
  type GraphSample,
  type GraphSize,
  type GraphWord,
  PLAIN_GRAPH_STYLES,
  renderGraph,
} from '../src/graph.ts'

const PLAIN = { nowMs: 0, intervalMs: 1000, unicode: true, styles: PLAIN_GRAPH_STYLES } as const

type Shot = number | GraphWord | readonly [GraphWord, number]

function sampleOf(shot: Shot, atMs: number): GraphSample {
  if (typeof shot === 'number') return { atMs, rttMs: shot, word: 'open' }
  if (typeof shot === 'string') return { atMs, rttMs: undefined, word: shot }
  return { atMs, word: shot[0], rttMs: shot[1] }
}

/** One probe a second for each target; the frame is taken when the last ones started. */
function draw(
  targets: Readonly<Record<string, readonly Shot[]>>,
  size: GraphSize,
  options: Partial<GraphOptions> = {},
): readonly string[] {
  const model = createGraphModel({ names: Object.keys(targets), capacity: 500 })
  const shots = Object.values(targets)
  for (const [index, list] of shots.entries()) {
    for (const [i, shot] of list.entries()) model.add(index, sampleOf(shot, i * 1000))
  }
  const nowMs = Math.max(0, ...shots.map((list) => list.length - 1)) * 1000
  return renderGraph(model, size, { ...PLAIN, nowMs, ...options }).lines
}

const repeat = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value)
const small = { columns: 44, rows: 12 }

describe('renderGraph', () => {
  it('draws title, plot, loss strip, axis and legend', () => {
    const shots: Shot[] = [1, 2, 3, 4, 5, 6, 7, 8, 'stealth', 8, 7, 6, 5, 4, 3, 2, 1]
    expect(draw({ 'db.lan:22': shots }, small)).toEqual([
      'tcping db.lan:22           every 1s, for 16s',
      '10 ms ┤',
      '      │                          ⡠⠂ ⠲⡀',
      '      │                        ⢠⠊    ⠈⢢',
      ' 5 ms ┤                      ⢀⠔⠁       ⠑⢄',
      '      │                    ⢀⠔⠁           ⠑⢄',
      ' 0 ms ┤                    ⠚              ⠈⠂',
      '    ● │                            ✗',
      '      └──────┬──────────────┬──────────────┬',
      '            -30s           -15s          now',
      '✗ stealth              last      loss',
      '● db.lan:22 open      1.000 ms   5.9%',
    ])
  })

  it('draws the same in ASCII where the locale is not UTF-8', () => {
    const shots: Shot[] = [1, 2, 3, 4, 5, 6, 7, 8, 'stealth', 8, 7, 6, 5, 4, 3, 2, 1]
    expect(draw({ 'db.lan:22': shots }, small, { unicode: false })).toEqual([
      'tcping db.lan:22           every 1s, for 16s',
      '10 ms +',
      '      |                          .- -.',
      "      |                        .'    '.",
      " 5 ms +                      .-'       '.",
      "      |                    .-'           '.",
      " 0 ms +                    '              '-",
      '    * |                            x',
      '      +------+--------------+--------------+',
      '            -30s           -15s          now',
      'x stealth              last      loss',
      '* db.lan:22 open      1.000 ms   5.9%',
    ])
  })

  it('tells targets apart by letters where there is no colour', () => {
    const lines = draw({ 'a:1': repeat(1, 30), 'b:2': repeat(9, 30) }, { columns: 60, rows: 16 })
    const plot = lines.slice(1, 10).join('\n')
    expect(plot).toContain('A')
    expect(plot).toContain('B')
    expect(lines.at(-2)).toMatch(/^A a:1 +open/)
    expect(lines.at(-1)).toMatch(/^B b:2 +open/)
  })

  it('tells targets apart by colour where there is colour', () => {
    const options = { styles: COLOUR_GRAPH_STYLES }
    const frame = draw({ 'a:1': repeat(1, 30), 'b:2': repeat(9, 30) }, { columns: 60, rows: 16 }, options)
    const lines = frame.map((line) => line.replaceAll('\u001b[', '<'))
    expect(lines.at(-2)).toMatch(/^<36m●<39m a:1/)
    expect(lines.at(-1)).toMatch(/^<33m●<39m b:2/)
    const coloured = lines.filter((line) => /<33m[\u2801-\u28ff]/.test(line))
    expect(coloured).toHaveLength(1)
  })

  it('uses letters besides colours when there are more targets than colours', () => {
    const targets = Object.fromEntries(repeat(0, 8).map((_, i) => [`h:${i}`, repeat(i, 5)]))
    const lines = draw(targets, { columns: 80, rows: 40 }, { styles: COLOUR_GRAPH_STYLES })
    expect(stripVTControlCharacters(lines.at(-1) ?? '')).toMatch(/^H h:7/)
  })

  it.each([
    ['stealth', '✗', 'x'],
    ['unreachable', '!', '!'],
    [['closed', 1], '○', 'o'],
  ] as const)('marks %s by a sign and not only by colour', (shot, sign, ascii) => {
    const shots: Shot[] = [1, 1, 1, shot, 1]
    expect(draw({ 'a:1': shots }, small)[7]).toBe(`${' '.repeat(5)}● │${' '.repeat(34)}${sign}`)
    expect(draw({ 'a:1': shots }, small, { unicode: false })[7]?.at(-1)).toBe(ascii)
  })

  it('marks an answer without a time', () => {
    const model = createGraphModel({ names: ['a:1'], capacity: 9 })
    model.add(0, { atMs: 0, rttMs: undefined, word: 'open' })
    const { lines } = renderGraph(model, small, PLAIN)
    expect(lines[7]).toMatch(/\?$/)
    expect(lines.at(-1)).toMatch(/^● a:1 +open +– .* 0%$/)
  })

  it('gives each of a few targets its own loss strip, and many one together', () => {
    const two = draw({ 'a:1': [1, 'stealth', 1], 'b:2': [1, 1, 'unreachable'] }, { columns: 50, rows: 24 })
    expect(two.filter((line) => /^ +[AB] │/.test(line)).map((line) => line.trimEnd().at(-1))).toEqual([
      '✗',
      '!',
    ])
    const many = Object.fromEntries(
      repeat(0, 20).map((_, i) => [`h:${i}`, [1, i === 9 ? 'stealth' : 1] as const]),
    )
    const together = draw(many, { columns: 50, rows: 24 }).filter((line) => line.includes(' any │'))
    expect(together).toHaveLength(1)
    expect(together[0]).toMatch(/✗$/)
  })

  it('leaves a gap where a probe was lost', () => {
    const lines = draw({ 'a:1': [1, 1, 1, 'stealth', 'stealth', 1, 1, 1] }, small)
    const row = lines.find((line) => /[\u2801-\u28ff]/.test(line))
    expect(row).toMatch(/[\u2801-\u28ff]+ {1,2}[\u2801-\u28ff]+$/)
  })

  it('does not draw a line across a pause of the program', () => {
    const model = createGraphModel({ names: ['a:1'], capacity: 9 })
    for (const atMs of [0, 1000, 20_000, 21_000]) model.add(0, { atMs, rttMs: 1, word: 'open' })
    const { lines } = renderGraph(model, small, { ...PLAIN, nowMs: 21_000 })
    expect(lines.find((line) => /[\u2801-\u28ff]/.test(line))).toMatch(
      /[\u2801-\u28ff]{2} {18}[\u2801-\u28ff]{2}$/,
    )
  })

  it('clips an answer that dwarfs the others, and says how long it took', () => {
    const lines = draw({ 'a:1': [...repeat(1, 20), 812, ...repeat(1, 9)] }, { columns: 60, rows: 16 })
    expect(lines[1]).toContain('▲812')
    expect(lines.join('\n')).toMatch(/1\.\d ms ┤/)
    expect(lines.at(-1)).toContain('812.0 ms')
  })

  it('says that nothing has answered so far, without a number that is none', () => {
    const lines = draw({ 'a:1': repeat('stealth', 5) }, small)
    expect(lines.join('\n')).toContain('no answer so far')
    expect(lines.at(-1)).toMatch(/^● a:1 +stealth +– .*100%$/)
  })

  it('does not say so when there were answers before the visible time', () => {
    const lines = draw({ 'a:1': [1, ...repeat('stealth' as const, 90)] }, small)
    expect(lines.join('\n')).not.toContain('no answer')
    expect(lines.at(-1)).toMatch(/98\.9%$/)
  })

  it("does not count a router's complaint as a round trip", () => {
    const lines = draw({ 'a:1': [['unreachable', 3]] }, { columns: 70, rows: 12 })
    expect(lines.at(-1)).toMatch(/^● a:1 +unreachable +– +– +– +– ms +100%$/)
  })

  it('cuts the legend when there are more targets than rows', () => {
    const targets = Object.fromEntries(repeat(0, 30).map((_, i) => [`host-${i}:22`, [i + 1]]))
    const lines = draw(targets, { columns: 70, rows: 20 })
    expect(lines.at(-1)).toBe('  +26 more')
    expect(lines[0]).toMatch(/^tcping host-0:22, host-1:22, host-2:22 \+27 more +every 1s, for 0s$/)
    expect(draw(targets, { columns: 30, rows: 6 }).at(-1)).toMatch(/^A host-0:22 open \+29 more$/)
  })

  it('cuts even the state where nothing else fits', () => {
    const targets = { 'host-1:22': ['unreachable'], 'host-2:22': [1] } as const
    expect(draw(targets, { columns: 20, rows: 6 }).at(-1)).toBe('A hos… unre… +1 more')
  })

  it('keeps the scale while it fits, also over a new size', () => {
    const model = createGraphModel({ names: ['a:1'], capacity: 9 })
    model.add(0, { atMs: 0, rttMs: 9, word: 'open' })
    model.add(0, { atMs: 0, rttMs: 1, word: 'open' })
    const first = renderGraph(model, small, PLAIN)
    model.add(0, { atMs: 1000, rttMs: 9.6, word: 'open' })
    const second = renderGraph(
      model,
      { columns: 80, rows: 24 },
      { ...PLAIN, nowMs: 1000, previousScale: first.scale },
    )
    expect(second.scale).toBe(first.scale)
  })

  it('scrolls by whole characters, so that old samples keep their shape', () => {
    const shots = Array.from({ length: 60 }, (_, i) => 5 + 4 * Math.sin(i / 3))
    const plotOf = (nowMs: number) =>
      draw({ 'a:1': shots }, small, { nowMs, previousScale: { lowMs: 0, highMs: 10 } }).slice(1, 7)
    const before = plotOf(59_000).map((line) => line.padEnd(44).slice(10))
    const after = plotOf(61_000).map((line) => line.padEnd(44).slice(8, 42))
    expect(after).toEqual(before)
    expect(plotOf(59_400)).toEqual(plotOf(59_000))
  })

  it.each([
    [19, 6],
    [20, 5],
    [1, 1],
    [Number.NaN, Number.NaN],
    [0, 24],
  ])('needs one line at most on a terminal of %i x %i', (columns, rows) => {
    const lines = draw({ 'a:1': [1] }, { columns, rows })
    expect(lines.length).toBeLessThanOrEqual(1)
    expect(lines[0]?.length ?? 0).toBeLessThanOrEqual(columns || 0)
    if (columns > 10) expect(lines).toEqual(['needs 20x6'])
  })

  it('counts the columns of wide characters', () => {
    const lines = draw({ '例え.テスト:443': [1, 2] }, { columns: 60, rows: 12 })
    // Seven of the characters take two columns each.
    expect(lines[0]).toHaveLength(60 - 5)
    expect(lines.at(-1)).toMatch(/^● 例え\.テスト:443 open/)
  })
})
