/** hping3's letters in the order in which it writes them: X and Y are ECE and CWR (RFC 3168). */
const LETTERS = [
  [0x04, 'R'],
  [0x02, 'S'],
  [0x10, 'A'],
  [0x01, 'F'],
  [0x08, 'P'],
  [0x20, 'U'],
  [0x40, 'X'],
  [0x80, 'Y'],
] as const

/** The letters of a mask of `TCP_FLAG`s: `SA`, `RA`, `RSAFPUXY`; empty for none of the eight. */
export function tcpLetters(flags: number): string {
  return LETTERS.map(([bit, letter]) => ((flags & bit) === 0 ? '' : letter)).join('')
}
