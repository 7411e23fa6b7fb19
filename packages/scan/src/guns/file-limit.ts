import { LocalFault, type System } from '@portkit/core'

const LIMITS = '/proc/self/limits'
const OPEN_FILES = '/proc/self/fd'
/** What the run itself may still open: reports, name servers, the packages of other tools. */
const RESERVE = 64

/**
 * How many sockets may be open at once: what `ulimit -n` leaves, from proc(5). A reserve of 64, or of a quarter where
 * little is left, is kept; never below 1, infinite where there is no limit, undefined where the system does not tell.
 */
export function fileLimit(system: Pick<System, 'readText' | 'listFolder'>): number | undefined {
  const most = softLimit(readOr(() => system.readText(LIMITS)) ?? '')
  if (most === undefined) return undefined
  const left = most - (readOr(() => system.listFolder(OPEN_FILES))?.length ?? 0)
  return Math.max(1, left - Math.min(RESERVE, Math.ceil(left / 4)))
}

/** `Max open files            1024                 1048576              files`: the soft limit comes first. */
function softLimit(limits: string): number | undefined {
  const [, soft] = /^Max open files +(\d+|unlimited)\b/m.exec(limits) ?? []
  if (soft === undefined) return undefined
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

/** Some sandboxes have no /proc, or keep it to themselves. */
function readOr<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof LocalFault) return undefined
    throw error
  }
}
