import { errorRecord, recordLine } from '../cli/json.ts'
import type { Lines } from '../cli/lines.ts'
import type { Clock } from '../io/io.ts'
import { LocalFault, ResolveError, UsageError } from '../model/errors.ts'

export interface TellingOptions {
  /** How records name the tool. */
  readonly tool: string
  /** Whether records are wanted. */
  readonly json: boolean
  readonly clock: Pick<Clock, 'wallMs'>
  readonly lines: Lines
}

/**
 * Does the work and writes its lines, also when it fails. What kept it from beginning gets its record first, where
 * records are wanted; whoever called tells it to the user. Rejects with it.
 */
export async function telling<T>(
  { tool, json, clock, lines }: TellingOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const done = await work()
    await lines.flush()
    return done
  } catch (error) {
    if (json && isTold(error)) lines.line(recordLine(errorRecord(tool, clock.wallMs(), error)))
    await lines.flush()
    throw error
  }
}

/** Whether it is told to the user, and no bug. */
function isTold(error: unknown): error is UsageError | ResolveError | LocalFault {
  return error instanceof UsageError || error instanceof ResolveError || error instanceof LocalFault
}
