import type { Clock } from '@portkit/core'
import type { Phase, ScanEvent } from '../model/event.ts'
import { counted } from '../report/numbers.ts'
import type { Candidates } from './candidate.ts'

interface Stage {
  readonly clock: Pick<Clock, 'nowNs' | 'wallMs'>
  emit(event: ScanEvent): void
}

/** Does the work as a phase of host discovery: its beginning and its end are told, its end also when it fails. */
export function phased(
  title: string,
  candidates: Candidates,
  shots: number,
  stage: Stage,
  work: () => Promise<void>,
): Promise<void> {
  const total = `${candidates.length} total hosts`
  return inPhase({ title, subject: subjectOf(candidates, shots), total }, stage, work)
}

/** Does the work as a phase, whose beginning and end are told. */
export async function inPhase<T>(
  { title, subject, total }: Omit<Phase, 'startMs'>,
  { clock, emit }: Stage,
  work: () => Promise<T>,
): Promise<T> {
  const phase: Phase = { title, subject, total, startMs: clock.wallMs() }
  const startNs = clock.nowNs()
  emit({ kind: 'phase', phase })
  try {
    return await work()
  } finally {
    const elapsedMs = (clock.nowNs() - startNs) / 1e6
    emit({ kind: 'phase-end', phase, elapsedMs, endMs: clock.wallMs() })
  }
}

/** `10.0.0.2 [1 port]`, `web.example (10.0.0.2) [4 ports]`, `2 hosts [4 ports/host]`, as nmap 7.93 has it. */
function subjectOf(candidates: Candidates, shots: number): string {
  const ports = counted(shots, 'port')
  const [first] = candidates
  if (first === undefined || candidates.length > 1) return `${candidates.length} hosts [${ports}/host]`
  const { name, address } = first.host
  return `${name === undefined ? address : `${name} (${address})`} [${ports}]`
}
