const LINE = 16

/** Two digits and a blank for each octet. */
const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => `${octet.toString(16).padStart(2, '0')} `,
)
const CHARACTER: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.',
)

/**
 * Octets as text, 16 to a line: a mark, the offset (hex) counted from `offset`, the octets, and after `#` those that are
 * printable ASCII. Every line has its end.
 *
 *     > 00000000 68 65 6c 6c 6f 0a                               # hello.
 */
export function hexLines(mark: string, offset: number, octets: Uint8Array): string {
  let text = ''
  for (let from = 0; from < octets.length; from += LINE) {
    const at = (offset + from).toString(16).padStart(8, '0')
    let hex = ''
    let characters = ''
    for (const octet of octets.subarray(from, from + LINE)) {
      hex += HEX[octet]
      characters += CHARACTER[octet]
    }
    text += `${mark} ${at} ${hex.padEnd(3 * LINE)}# ${characters}\n`
  }
  return text
}
