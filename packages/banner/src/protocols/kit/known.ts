import type { Details, DetailValue } from '../../model/service.ts'

/** The details that there are. */
export function known(details: Readonly<Record<string, DetailValue | undefined>>): Details {
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
