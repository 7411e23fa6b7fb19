import { createHash } from 'node:crypto'

/**
 * 128 bits that tell plans apart: of lists of words (targets as typed, texts of files, names of kinds) and of numbers
 * (ports in their order). The same on every machine.
 */
export function planHash(lists: readonly (readonly string[] | readonly number[] | Uint16Array)[]): string {
  const text = JSON.stringify(lists.map((list) => [...list]))
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
