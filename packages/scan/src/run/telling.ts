import type { Clock } from '@portkit/core'
import type { ScanEvent } from '../model/event.ts'
import type { HostReport } from '../model/host-report.ts'
import type { PacketCounts, RunEnd, RunInfo } from '../model/scan-result.ts'

/** Tells of a run from its beginning to its end, and counts meanwhile. */
export interface Telling {
  begin(run: RunInfo): void
  emit(event: ScanEvent): void
  counted(counts: PacketCounts): void
  /** Hosts that are done with and not reported. */
  passDown(hosts: number): void
  /** Packets may be sent: the end tells how many there were. */
  mayPackets: boolean
  /** The first one counts: what comes later is passed over. */
  end(cut: string | undefined): RunEnd
  /** Hosts that were left before all of their ports had a verdict. */
  readonly left: number
  readonly openPorts: number
}

export function createTelling(clock: Clock, startNs: number, tell: (event: ScanEvent) => void): Telling {
  const hosts = { up: 0, down: 0 }
  const packets = { sent: 0, sentOctets: 0, received: 0, receivedOctets: 0 }
  let left = 0
  let openPorts = 0
  let hasBegun = false
  let end: RunEnd | undefined
  const count = ({ status, ended, ports }: HostReport): void => {
    if (status.state === 'up') hosts.up += 1
    else hosts.down += 1
    if (ended !== undefined) left += 1
    openPorts += ports?.tallies().find(({ state }) => state === 'open')?.count ?? 0
  }
  const emit = (event: ScanEvent): void => {
    if (event.kind === 'host') count(event.report)
    tell(event)
  }
  const telling: Telling = {
    mayPackets: false,
    begin(run) {
      hasBegun = true
      emit({ kind: 'begin', run })
    },
    emit,
    counted(counts) {
      packets.sent += counts.sent
      packets.sentOctets += counts.sentOctets
      packets.received += counts.received
      packets.receivedOctets += counts.receivedOctets
    },
    passDown(count) {
      hosts.down += count
    },
    end(cut) {
      if (end !== undefined) return end
      const total = hosts.up + hosts.down
      const elapsedMs = (clock.nowNs() - startNs) / 1e6
      end = {
        endMs: clock.wallMs(),
        elapsedMs,
        hosts: { ...hosts, total },
        cut,
        packets: telling.mayPackets ? { ...packets } : undefined,
      }
      if (hasBegun) emit({ kind: 'end', end })
      return end
    },
    get left() {
      return left
    },
    get openPorts() {
      return openPorts
    },
  }
  return telling
}
