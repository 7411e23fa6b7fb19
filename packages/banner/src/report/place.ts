import { displayWidth, escapeControl, formatEndpoint, type Target } from '@portkit/core'

/** Where a port is, as a line begins with it, and how wide the widest of the run is. */
export interface Places {
  readonly width: number
  /** `22/tcp`; among several hosts `db.lan:22/tcp`, `[::1]:22/tcp`. Safe for a terminal. */
  of(target: Target): string
}

export function createPlaces(targets: readonly Target[]): Places {
  // Of each host, the highest port takes most room.
  const widest = new Map<string, Target>()
  for (const target of targets)
    if (target.port >= (widest.get(target.host)?.port ?? 0)) widest.set(target.host, target)
  const of = ({ host, port, transport }: Target): string => {
    const address = escapeControl(host)
    return widest.size > 1 ? `${formatEndpoint({ address, port })}/${transport}` : `${port}/${transport}`
  }
  let width = 0
  for (const target of widest.values()) width = Math.max(width, displayWidth(of(target)))
  return { width, of }
}
