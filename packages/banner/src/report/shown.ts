import type { Finding } from '../model/finding.ts'
import type { Settings } from '../settings.ts'

/** Whether the user wants to see this port. What may be open and may not is not open. */
export function isShown({ verdict }: Finding, { openOnly }: Pick<Settings, 'openOnly'>): boolean {
  return !openOnly || verdict.state === 'open'
}
