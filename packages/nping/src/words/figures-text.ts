import { fixed } from '@portkit/core'

/** The seconds of a line since the start of the run: `0.0345s`. */
export function lineSeconds(ns: number): string {
  return `${fixed(ns / 1e9, 4)}s`
}

/** `999B`, `1.000KB`, `1.000MB`: in thousands, as nping counts. */
export function bytesText(bytes: number): string {
  if (bytes < 1e3) return `${fixed(bytes, 0)}B`
  return bytes < 1e6 ? `${fixed(bytes / 1e3, 3)}KB` : `${fixed(bytes / 1e6, 3)}MB`
}

/** `2 (66.67%)`: so many of all. */
export function shareText(part: number, all: number): string {
  return `${part} (${fixed(all === 0 ? 0 : (100 * part) / all, 2)}%)`
}
