import type { Io, Net } from '@portkit/core'
import type { PortNames } from '../grammar/service-names.ts'
import type { ScanEvent } from '../model/event.ts'
import type { ScanKind } from '../model/scan-kind.ts'
import type { PacketCounts } from '../model/scan-result.ts'
import type { Settings } from '../settings.ts'
import type { Meter } from './meter.ts'

/** What is asked, in this order. */
export interface KindPlan {
  readonly kind: ScanKind
  /** Ports in the order in which they are asked. */
  readonly ports: Uint16Array
  /** Where they begin in the list of all kinds' ports, one behind the other. */
  readonly from: number
}

/** All that the parts of a run share. */
export interface ScanKit {
  readonly settings: Settings
  readonly io: Io
  readonly net: Net
  readonly names: PortNames
  readonly plans: readonly KindPlan[]
  /** Ports of all kinds together. */
  readonly portCount: number
  readonly seed: number
  readonly usesPackets: boolean
  /** Connections that may be under way at once. */
  readonly mostAtOnce: number
  /** Somebody wants to know each port the moment it is known, not only open ones. */
  readonly tellsAllPorts: boolean
  readonly startNs: number
  readonly meter: Meter
  emit(event: ScanEvent): void
  counted(counts: PacketCounts): void
  /** What has been told so far is written: the run goes on when it resolves. */
  written(): Promise<void>
}
