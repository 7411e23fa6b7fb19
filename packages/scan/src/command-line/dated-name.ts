import { localDateTime } from '@portkit/core'

/** strftime(3)'s letters that nmap takes in names of files, as places in `2026-11-21 14:03:07`. */
const PLACES: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  Y: [[0, 4]],
  y: [[2, 4]],
  m: [[5, 7]],
  d: [[8, 10]],
  H: [[11, 13]],
  M: [[14, 16]],
  S: [[17, 19]],
  T: [
    [11, 13],
    [14, 16],
    [17, 19],
  ],
  R: [
    [11, 13],
    [14, 16],
  ],
  D: [
    [5, 7],
    [8, 10],
    [2, 4],
  ],
}

/**
 * The name of a report's file at that time, milliseconds since 1970: `scan-%D.xml` is `scan-112126.xml`. Before any other
 * character, and at the end, a `%` is dropped, so that `%%` is one; as nmap 7.93 does it.
 */
export function datedName(name: string, ms: number): string {
  if (!name.includes('%')) return name
  const time = localDateTime(ms)
  return name.replace(/%(.?)/gsu, (_, letter: string) => {
    const places = Object.hasOwn(PLACES, letter) ? PLACES[letter] : undefined
    return places?.map(([from, to]) => time.slice(from, to)).join('') ?? letter
  })
}
