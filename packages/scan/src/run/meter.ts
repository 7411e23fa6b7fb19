import type { Clock } from '@portkit/core'
import type { Phase, Progress, ScanEvent } from '../model/event.ts'
import { createEta } from '../report/eta.ts'

/** Keeps count of a run, and tells now and then how far it is. */
export interface Meter {
  hostsDone: number
  hostsUp: number
  openPorts: number
  /** undefined when not known. */
  hostsTotal: number | undefined
  begin(phase: Phase): void
  end(total?: string): void
  /** How far the phase is, 0 to 1. Says it when it is time to. */
  at(done: number, hostsUnderway: number): void
  /** As it is now; undefined between phases. */
  now(): Progress | undefined
}

/** How often there may be something new to see. */
const LEAST_MS = 100

export interface MeterOptions {
  readonly clock: Clock
  readonly startNs: number
  emit(event: ScanEvent): void
}

export function createMeter({ clock, startNs, emit }: MeterOptions): Meter {
  let current: { readonly phase: Phase; readonly atNs: number } | undefined
  let eta = createEta()
  let toldNs = Number.NEGATIVE_INFINITY
  let state = { done: 0, hostsUnderway: 0 }

  const now = (): Progress | undefined => {
    if (current === undefined) return undefined
    const nowNs = clock.nowNs()
    const { hostsDone, hostsUp, hostsTotal, openPorts } = meter
    return {
      elapsedMs: (nowNs - startNs) / 1e6,
      nowMs: clock.wallMs(),
      hostsDone,
      hostsUp,
      hostsTotal,
      openPorts,
      hostsUnderway: state.hostsUnderway,
      phase: current.phase.title,
      done: state.done,
      remainingMs: eta.add(state.done, (nowNs - current.atNs) / 1e6),
    }
  }
  const meter: Meter = {
    hostsDone: 0,
    hostsUp: 0,
    openPorts: 0,
    hostsTotal: undefined,
    begin(phase) {
      current = { phase, atNs: clock.nowNs() }
      eta = createEta()
      state = { done: 0, hostsUnderway: 0 }
      emit({ kind: 'phase', phase })
    },
    end(total) {
      if (current === undefined) return
      const { phase, atNs } = current
      current = undefined
      emit({
        kind: 'phase-end',
        phase: total === undefined ? phase : { ...phase, total },
        elapsedMs: (clock.nowNs() - atNs) / 1e6,
        endMs: clock.wallMs(),
      })
    },
    at(done, hostsUnderway) {
      state = { done, hostsUnderway }
      const nowNs = clock.nowNs()
      if (nowNs - toldNs < LEAST_MS * 1e6) return
      toldNs = nowNs
      const progress = now()
      if (progress !== undefined) emit({ kind: 'progress', progress })
    },
    now,
  }
  return meter
}
