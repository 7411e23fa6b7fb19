import { type ResolveError, UsageError } from '@portkit/core'

/** Something that ends the run. `message` is nc's text after the name and the colon. */
export class NcFault extends UsageError {
  constructor(message: string) {
    super(message)
    this.name = 'NcFault'
  }
}

/** One that may pass by itself: `--wait` tries again. */
export class PassingFault extends NcFault {
  /** The look-up that failed, where it was one. */
  readonly lookUp: ResolveError | undefined

  constructor(message: string, lookUp?: ResolveError) {
    super(message)
    this.name = 'PassingFault'
    this.lookUp = lookUp
  }
}

/** The operands make no sense, which nc answers with nothing but its usage. */
export class OperandsFault extends UsageError {
  constructor() {
    super('these operands and options do not go together')
    this.name = 'OperandsFault'
  }
}
