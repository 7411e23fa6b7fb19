import { UsageError } from '../model/errors.ts'
import type { Given } from './given.ts'

/** What is wrong with how options are written. Names are as the user wrote them, with their dashes, unless said. */
export type CommandLineFault =
  /** `letter` has no dash; `word` is the cluster it stands in. */
  | { readonly kind: 'unknown-letter'; readonly letter: string; readonly word: string }
  | { readonly kind: 'unknown-name'; readonly name: string; readonly nearest: string | undefined }
  | { readonly kind: 'ambiguous'; readonly name: string; readonly candidates: readonly string[] }
  /** An abbreviated `name` is in full here and below. */
  | { readonly kind: 'needs-value'; readonly name: string }
  | { readonly kind: 'takes-no-value'; readonly name: string; readonly value: string }

/** A command line that cannot be taken apart. `given` are the options before the fault, in their order. */
export class CommandLineProblem extends UsageError {
  readonly fault: CommandLineFault
  readonly given: readonly Given[]

  constructor(message: string, fault: CommandLineFault, given: readonly Given[]) {
    super(message)
    this.fault = fault
    this.given = given
  }
}
