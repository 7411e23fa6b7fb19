/** Dots across and down one braille cell (Unicode block U+2800). */
export const DOTS_ACROSS = 2
export const DOTS_DOWN = 4

/** Bit of each dot in a braille character, row by row (Unicode Standard, "Braille Patterns"). */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

const BLANK = 0x2800
const NOBODY = -1
/** Keeps a frame's memory bounded, whatever size a terminal claims to have. */
const MAX_SIDE = 2000

/** One character of a rendered canvas. */
export interface CanvasCell {
  /** Bits of the lit dots, as in U+2800 + bits; 0 for an empty cell. */
  readonly bits: number
  /** The layer with the most dots here, the lowest one of equals; undefined for an empty cell. */
  readonly layer: number | undefined
}

export interface Canvas {
  readonly columns: number
  readonly rows: number
  /** Lights one dot; (0, 0) is top left. A dot that is lit already keeps its layer; outside dots are ignored. */
  dot(x: number, y: number, layer: number): void
  /** Lights the straight line between two dots, both ends included. */
  line(x0: number, y0: number, x1: number, y1: number, layer: number): void
  /** The canvas from top to bottom, each row from left to right. */
  render(): readonly (readonly CanvasCell[])[]
}

/** A canvas of `columns` × `rows` characters with 2 × 4 dots each. Layers are integers from 0 to 32767. */
export function createCanvas(columns: number, rows: number): Canvas {
  const size = { columns: side(columns), rows: side(rows) }
  const width = size.columns * DOTS_ACROSS
  const height = size.rows * DOTS_DOWN
  const owners = new Int16Array(width * height).fill(NOBODY)

  const dot = (x: number, y: number, layer: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return
    const at = y * width + x
    if (owners[at] === NOBODY) owners[at] = layer
  }
  return {
    ...size,
    dot,
    line: (x0, y0, x1, y1, layer) => walk(x0, y0, x1, y1, (x, y) => dot(x, y, layer)),
    render: () =>
      Array.from({ length: size.rows }, (_, row) =>
        Array.from({ length: size.columns }, (_, column) => readCell(owners, width, column, row)),
      ),
  }
}

/** The braille character of a cell; a space for an empty one. */
export function brailleOf({ bits }: CanvasCell): string {
  return bits === 0 ? ' ' : String.fromCharCode(BLANK + bits)
}

/** What an ASCII terminal shows instead: the height of the dots inside the cell in one character. */
export function asciiOf({ bits }: CanvasCell): string {
  const upper = (bits & 0x09) !== 0
  const middle = (bits & 0x36) !== 0
  const lower = (bits & 0xc0) !== 0
  if (upper && lower) return '|'
  if (upper) return "'"
  if (lower) return '.'
  return middle ? '-' : ' '
}

function side(length: number): number {
  return Math.min(Math.max(Math.floor(length) || 0, 0), MAX_SIDE)
}

function readCell(owners: Int16Array, width: number, column: number, row: number): CanvasCell {
  let bits = 0
  const votes: number[] = []
  for (const [y, line] of BITS.entries()) {
    for (const [x, bit] of line.entries()) {
      const owner = owners[(row * DOTS_DOWN + y) * width + column * DOTS_ACROSS + x] ?? NOBODY
      if (owner === NOBODY) continue
      bits |= bit
      votes.push(owner)
    }
  }
  return { bits, layer: majority(votes) }
}

function majority(votes: readonly number[]): number | undefined {
  let best: number | undefined
  let most = 0
  for (const layer of votes) {
    const count = votes.filter((v) => v === layer).length
    if (count < most || (count === most && layer >= (best ?? layer + 1))) continue
    best = layer
    most = count
  }
  return best
}

/** Bresenham's line in whole dots. */
function walk(x0: number, y0: number, x1: number, y1: number, visit: (x: number, y: number) => void): void {
  const across = Math.abs(x1 - x0)
  const down = Math.abs(y1 - y0)
  const steps = Math.min(Math.max(across, down), MAX_SIDE * DOTS_DOWN)
  for (let step = 0; step <= steps; step += 1) {
    const part = steps === 0 ? 0 : step / steps
    visit(Math.round(x0 + (x1 - x0) * part), Math.round(y0 + (y1 - y0) * part))
  }
}
