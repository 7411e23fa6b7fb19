/** `flying`: waits for its answer; `silent`: its time is over; `refused`: it never left. */
export type ShotState = 'forgotten' | 'flying' | 'answered' | 'silent' | 'refused'

const STATES: readonly ShotState[] = ['forgotten', 'flying', 'answered', 'silent', 'refused']
const CODE = { forgotten: 0, flying: 1, answered: 2, silent: 3, refused: 4 } as const satisfies Record<
  ShotState,
  number
>

/** The states of the latest shots, which are numbered from 0. */
export interface States {
  /** The index that the next shot gets. */
  readonly next: number
  /** How many fly. */
  readonly flying: number
  /** Adds a shot that flies. */
  add(): number
  /** Undoes the newest `add`. */
  takeBack(): void
  isKnown(index: number): boolean
  of(index: number): ShotState
  settle(index: number, state: ShotState): void
  /** The oldest shot that flies. */
  oldest(): number | undefined
}

/** @param capacity how many shots are remembered, a power of two */
export function createStates(capacity: number): States {
  const states = new Uint8Array(capacity)
  let next = 0
  let flying = 0
  let oldest = 0
  // A shot that was overwritten by one that was taken back stays forgotten.
  let first = 0
  const at = (index: number): number => index & (capacity - 1)
  const isKnown = (index: number): boolean => index >= first && index < next
  const settle = (index: number, state: ShotState): void => {
    if (!isKnown(index)) return
    if (states[at(index)] === CODE.flying) flying -= 1
    states[at(index)] = CODE[state]
  }
  return {
    get next() {
      return next
    },
    get flying() {
      return flying
    },
    add() {
      states[at(next)] = CODE.flying
      flying += 1
      next += 1
      first = Math.max(first, next - capacity)
      return next - 1
    },
    takeBack() {
      settle(next - 1, 'forgotten')
      next -= 1
      oldest = Math.min(oldest, next)
    },
    isKnown,
    of: (index) => (isKnown(index) ? STATES[states[at(index)] ?? 0] : undefined) ?? 'forgotten',
    settle,
    oldest() {
      while (oldest < next && states[at(oldest)] !== CODE.flying) oldest += 1
      return oldest < next ? oldest : undefined
    },
  }
}
