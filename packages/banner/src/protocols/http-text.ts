import { clipped } from '../model/clip.ts'
import type { Details, DetailValue } from '../model/service.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Octets as characters, read as UTF-8 where they are that, else left alone. */
export function fromOctets(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text)) return text
  try {
    return decoder.decode(Uint8Array.from(text, (character) => character.charCodeAt(0)))
  } catch {
    return text
  }
}

/** A peer's text, clipped; undefined where nothing is left of it. */
export function told(text: string | undefined, most?: number): string | undefined {
  return text === undefined ? undefined : clipped(fromOctets(text), most)
}

/** The details that there are. */
export function known(details: Readonly<Record<string, DetailValue | undefined>>): Details {
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
