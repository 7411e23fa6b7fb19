/** What is known of an aim of a scan. `unasked`: no shot at it was sent; `refused`: the system did not send one. */
export type AimFate = 'unasked' | 'unanswered' | 'answered' | 'refused'

/** Which of the aims, numbered from 0, still wait for an answer. Numbers only: no object an aim. */
export interface ScanAims {
  /** How many may be asked again. */
  readonly waiting: number
  readonly answered: number
  readonly refused: number
  /** Begins a pass over those that wait, in their order; says how many they are. */
  begin(): number
  /** The next of this pass that still waits: it gets the next shot. undefined: there is none. */
  take(): number | undefined
  /** The shot was sent. */
  sent(shot: number): void
  /** Whether this is the first answer to its aim. */
  answer(shot: number): boolean
  /** The shot was not sent, and will not be. */
  refuse(shot: number): void
  fateOf(k: number): AimFate
  /** How many shots at it were sent, 255 at most. */
  shotsAt(k: number): number
}

const WAITS = 0
const ANSWERED = 1
const REFUSED = 2
const MOST_SHOTS = 255

/** @param capacity how many of the latest shots are remembered, a power of two */
export function createScanAims(count: number, capacity: number): ScanAims {
  const fates = new Uint8Array(count)
  const shots = new Uint8Array(count)
  const pending = new Uint32Array(count)
  for (let k = 0; k < count; k++) pending[k] = k
  const taken = createTaken(capacity)
  const numbers = { waiting: count, answered: 0, refused: 0 }
  let length = count
  let at = 0
  return {
    get waiting() {
      return numbers.waiting
    },
    get answered() {
      return numbers.answered
    },
    get refused() {
      return numbers.refused
    },
    begin() {
      length = keep(pending, length, (k) => fates[k] === WAITS)
      at = 0
      return length
    },
    take() {
      while (at < length && fates[pending[at] ?? 0] !== WAITS) at += 1
      const k = pending[at]
      if (at >= length || k === undefined) return undefined
      at += 1
      taken.add(k)
      return k
    },
    sent(shot) {
      const k = taken.ofShot(shot)
      shots[k] = Math.min(MOST_SHOTS, (shots[k] ?? 0) + 1)
    },
    answer(shot) {
      const k = taken.ofShot(shot)
      if (fates[k] === ANSWERED) return false
      if (fates[k] === REFUSED) numbers.refused -= 1
      else numbers.waiting -= 1
      fates[k] = ANSWERED
      numbers.answered += 1
      return true
    },
    refuse(shot) {
      const k = taken.ofShot(shot)
      if (fates[k] !== WAITS) return
      fates[k] = REFUSED
      numbers.waiting -= 1
      numbers.refused += 1
    },
    fateOf(k) {
      if (fates[k] === ANSWERED) return 'answered'
      if (fates[k] === REFUSED) return 'refused'
      return (shots[k] ?? 0) > 0 ? 'unanswered' : 'unasked'
    },
    shotsAt: (k) => shots[k] ?? 0,
  }
}

/** Which aim each of the latest shots went to: they have the order in which the aims were taken. */
function createTaken(capacity: number) {
  // Twice as many, because aims are taken before there is room for their shots.
  const mask = 2 * capacity - 1
  const aims = new Uint32Array(mask + 1)
  let next = 0
  return {
    add(k: number): void {
      aims[next & mask] = k
      next += 1
    },
    ofShot: (shot: number): number => aims[shot & mask] ?? 0,
  }
}

/** Moves those that are kept to the front; says how many they are. */
function keep(list: Uint32Array, length: number, isKept: (k: number) => boolean): number {
  let kept = 0
  for (let i = 0; i < length; i++) {
    const k = list[i] ?? 0
    if (!isKept(k)) continue
    list[kept] = k
    kept += 1
  }
  return kept
}
