const LINE = 16
/** Lines made before they are written: bounds the text that is in memory. */
const BATCH = 64

/** Where the octets went, as netcat marks it in dumps. */
const MARK = { sent: '>', received: '<' } as const

/** Two digits and a blank for each octet. */
const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => `${octet.toString(16).padStart(2, '0')} `,
)
const CHARACTER: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.',
)

/**
 * Writes all octets as text, 16 to a line: direction (`<` received, `>` sent), offset in that direction (hex), the
 * octets, and after `#` those that are printable ASCII. What comes in one piece begins a line of its own:
 *
 *     > 00000000 68 65 6c 6c 6f 0a                               # hello.
 */
export function createHexDump(
  write: (text: string) => void,
): (way: 'sent' | 'received', octets: Uint8Array) => void {
  const offsets = { sent: 0, received: 0 }
  return (way, octets) => {
    for (let from = 0; from < octets.length; from += BATCH * LINE) {
      const batch = octets.subarray(from, from + BATCH * LINE)
      write(dumpLines(MARK[way], offsets[way], batch))
      offsets[way] += batch.length
    }
  }
}

function dumpLines(mark: string, offset: number, octets: Uint8Array): string {
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
