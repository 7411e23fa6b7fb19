import type { Option } from './options.ts'

/** An option as it was given. */
export interface Given {
  readonly option: Option
  /** Its name as the user wrote it, abbreviations in full: `-c`, `--count`. */
  readonly label: string
  /** undefined for flags only. */
  readonly value: string | undefined
}
