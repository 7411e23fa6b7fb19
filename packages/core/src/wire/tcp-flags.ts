/** The flags of a TCP header as bits of its octets 12 and 13 (RFC 9293 section 3.1; AE: RFC 9768). */
export const TCP_FLAG = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
  ae: 0x100,
} as const

/** One letter a flag, the lowest bit first; N as AE was called when it was the nonce sum (RFC 3540). */
const LETTERS = 'FSRPAUECN'

/**
 * The bit mask that letters stand for, in any order: `SA` is SYN and ACK; nothing is no flag.
 * @throws RangeError for other letters
 */
export function flagsOf(letters: string): number {
  let flags = 0
  for (const letter of letters) {
    const bit = LETTERS.indexOf(letter)
    if (bit < 0) throw new RangeError(`no TCP flag has the letter ${letter}`)
    flags |= 1 << bit
  }
  return flags
}

/** nmap's and nping's order: of the bits, but for the two last. */
const NMAP_ORDER = 'SFRPAUEC'

/** The letters of a bit mask in nmap's order: `SA`, `FPU`; empty for no flag, and without N. */
export function nmapLettersOf(flags: number): string {
  return Array.from(NMAP_ORDER)
    .filter((letter) => (flags & flagsOf(letter)) !== 0)
    .join('')
}

/** The letters of a bit mask, the lowest bit first: `SA`, `RA`, `FPU`; empty for no flag. */
export function lettersOf(flags: number): string {
  return Array.from(LETTERS)
    .filter((_, bit) => (flags & (1 << bit)) !== 0)
    .join('')
}
