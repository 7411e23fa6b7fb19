import type {
  ChangeRecord,
  ErrorRecord,
  ProbeRecord,
  StartRecord,
  SummaryRecord,
  TotalRecord,
  VerdictRecord,
} from './json-records.ts'
import type { ServiceRecord } from './json-service-record.ts'

/** One line of what tools write with --json. */
export type ResultRecord =
  | ServiceRecord
  | StartRecord
  | ProbeRecord
  | ChangeRecord
  | SummaryRecord
  | VerdictRecord
  | TotalRecord
  | ErrorRecord
