import type { Timing } from '../model/timing.ts'

/** Probes under way, for users who want no more or no fewer of them. Times in nanoseconds. */
export interface Flight {
  /** How many more may leave, and how many have to, whatever their rate. */
  room(nowNs: number): { readonly most: number; readonly least: number }
  add(host: number, port: number, nowNs: number): void
}

interface Shot {
  readonly host: number
  readonly port: number
  readonly atNs: number
}

/** @param isOver whether nobody waits for the probe any more that left at that time */
export function createFlight(
  { minParallelism, maxParallelism }: Pick<Timing, 'minParallelism' | 'maxParallelism'>,
  isOver: (host: number, port: number, ageNs: number) => boolean,
): Flight {
  let shots: Shot[] = []
  // Nobody asked: nothing is kept.
  if (minParallelism <= 0 && maxParallelism === Number.POSITIVE_INFINITY) {
    return { room: () => ({ most: Number.POSITIVE_INFINITY, least: 0 }), add: () => {} }
  }
  return {
    room(nowNs) {
      shots = shots.filter(({ host, port, atNs }) => !isOver(host, port, nowNs - atNs))
      const { length } = shots
      return { most: Math.max(0, maxParallelism - length), least: Math.max(0, minParallelism - length) }
    },
    add(host, port, atNs) {
      shots.push({ host, port, atNs })
    },
  }
}
