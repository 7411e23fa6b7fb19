import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiOf, brailleOf, type Canvas, createCanvas } from '../src/braille.ts'

const show = (canvas: Canvas): string[] => canvas.render().map((row) => row.map(brailleOf).join(''))
const layers = (canvas: Canvas) => canvas.render().map((row) => row.map((cell) => cell.layer))

describe('createCanvas', () => {
  it.each([
    [0, 0, '⠁'],
    [0, 1, '⠂'],
    [0, 2, '⠄'],
    [0, 3, '⡀'],
    [1, 0, '⠈'],
    [1, 1, '⠐'],
    [1, 2, '⠠'],
    [1, 3, '⢀'],
  ])('shows the dot at %i, %i as %s', (x, y, expected) => {
    const canvas = createCanvas(1, 1)
    canvas.dot(x, y, 0)
    expect(show(canvas)).toEqual([expected])
  })

  it('lights exactly the dots that were asked for', () => {
    const points = fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 60 })
    const law = (dots: [number, number][]) => {
      const canvas = createCanvas(8, 4)
      for (const [x, y] of dots) canvas.dot(x, y, 0)
      const lit = canvas
        .render()
        .flat()
        .reduce((sum, { bits }) => sum + bits.toString(2).replaceAll('0', '').length, 0)
      expect(lit).toBe(new Set(dots.map(String)).size)
    }
    fc.assert(fc.property(points, law))
  })

  it('ignores dots outside', () => {
    const canvas = createCanvas(2, 1)
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [4, 0],
      [0, 4],
      [Number.NaN, 0],
    ]) {
      canvas.dot(x ?? 0, y ?? 0, 0)
    }
    expect(show(canvas)).toEqual(['  '])
  })

  it('gives a cell to the layer with the most dots', () => {
    const canvas = createCanvas(1, 1)
    canvas.dot(0, 0, 1)
    canvas.dot(0, 1, 2)
    canvas.dot(0, 2, 2)
    expect(layers(canvas)).toEqual([[2]])
  })

  it('gives a cell with as many dots of each to the first layer, in whatever order they came', () => {
    const canvas = createCanvas(1, 1)
    canvas.dot(0, 0, 5)
    canvas.dot(1, 0, 3)
    expect(layers(canvas)).toEqual([[3]])
  })

  it('leaves a dot to the layer that lit it first', () => {
    const canvas = createCanvas(1, 1)
    canvas.dot(0, 0, 7)
    canvas.dot(0, 0, 1)
    expect(layers(canvas)).toEqual([[7]])
  })

  it('draws lines in both directions alike', () => {
    const there = createCanvas(4, 1)
    const back = createCanvas(4, 1)
    there.line(0, 3, 7, 0, 0)
    back.line(7, 0, 0, 3, 0)
    expect(show(there)).toEqual(['⣀⠤⠒⠉'])
    expect(show(back)).toEqual(show(there))
  })

  it('draws a steep line without holes', () => {
    const canvas = createCanvas(1, 3)
    canvas.line(0, 0, 0, 11, 0)
    expect(show(canvas)).toEqual(['⡇', '⡇', '⡇'])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -3, 0])(
    'stays bounded and never throws for a size of %s',
    (size) => {
      const canvas = createCanvas(size, 1)
      canvas.line(0, 0, Number.POSITIVE_INFINITY, Number.NaN, 0)
      canvas.line(-1e300, 0, 1e300, 3, 0)
      expect(canvas.render()[0]?.length).toBeLessThanOrEqual(2000)
    },
  )
})

describe('asciiOf', () => {
  it.each([
    [0x00, ' '],
    [0x01, "'"],
    [0x12, '-'],
    [0xc0, '.'],
    [0x47, '|'],
  ])('shows the dots %i as "%s"', (bits, expected) => {
    expect(asciiOf({ bits, layer: 0 })).toBe(expected)
  })
})
