import type {
  ChangeRecord,
  ErrorRecord,
  ProbeRecord,
  StartRecord,
  SummaryRecord,
  TotalRecord,
  VerdictRecord,
} from './json-records.ts'
import type {
  HostRecord,
  PortRecord,
  ScanDiffRecord,
  ScanEndRecord,
  ScanRecord,
  ScanStartRecord,
} from './json-scan-record.ts'
import type { ServiceRecord } from './json-service-record.ts'

/** One line of what tools write with --json; `ScanRecord` and `ScanDiffRecord` are documents by themselves. */
export type ResultRecord =
  | ServiceRecord
  | StartRecord
  | ProbeRecord
  | ChangeRecord
  | SummaryRecord
  | VerdictRecord
  | TotalRecord
  | ErrorRecord
  | ScanStartRecord
  | PortRecord
  | HostRecord
  | ScanEndRecord
  | ScanDiffRecord
  | ScanRecord
