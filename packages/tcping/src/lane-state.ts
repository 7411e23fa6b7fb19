import { type Address, createStats, type Lane, type Stats, type Target, type Word } from '@portkit/core'

/** One target of a run and what is known about it. The run's loop alone changes it. */
export interface LaneState extends Lane {
  readonly index: number
  /** All addresses of the name when it was looked up first. */
  readonly addresses: readonly Address[]
  readonly lookupNs: number | undefined
  readonly stats: Stats
  /** Word of the newest result. */
  last: Word | undefined
  /** Newest result's clock. */
  clock: string | undefined
  /** Results in a row that were not open. */
  failures: number
  faults: number
  /** This machine cannot probe it at all: its very first probe failed for good. */
  broken: boolean
  /** Round-trip time of the newest answer that had one. */
  lastRttNs: number | undefined
  /** From the start of the first probe to the newest event. */
  elapsedMs: number
  startNs: number | undefined
}

export function createLane(
  index: number,
  target: Target,
  addresses: readonly Address[],
  lookupNs: number | undefined,
): LaneState {
  const news = {
    last: undefined,
    clock: undefined,
    failures: 0,
    faults: 0,
    broken: false,
    lastRttNs: undefined,
    elapsedMs: 0,
    startNs: undefined,
  }
  return { index, target, addresses, lookupNs, stats: createStats(), ...news }
}

/** Where a lane goes whose name has these addresses now: nowhere as long as its own is one of them, nor to another lane's. */
export function nextAddress(
  { target }: LaneState,
  lanes: readonly LaneState[],
  addresses: readonly Address[],
): Address | undefined {
  if (addresses.some(({ address }) => address === target.address)) return undefined
  const taken = lanes
    .filter((lane) => lane.target.host === target.host && lane.target.port === target.port)
    .map((lane) => lane.target.address)
  return addresses.find(({ address }) => !taken.includes(address))
}
