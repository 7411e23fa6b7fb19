const CR = 13
const LF = 10
const LINE_END = Uint8Array.of(CR, LF)

/**
 * `-C`: each LF becomes CR LF, unless a CR stands before it already. `afterCr` tells whether the octet before the
 * first one was a CR of the same buffer. Gives the octets themselves where nothing changes.
 */
export function toCrlf(octets: Uint8Array, afterCr = false): Uint8Array {
  const missing = countMissing(octets, afterCr)
  if (missing === 0) return octets
  const result = new Uint8Array(octets.length + missing)
  let before = afterCr ? CR : 0
  let to = 0
  for (const octet of octets) {
    if (octet === LF && before !== CR) result[to++] = CR
    result[to++] = octet
    before = octet
  }
  return result
}

function countMissing(octets: Uint8Array, afterCr: boolean): number {
  let missing = 0
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
    const cr = at === 0 ? afterCr : octets[at - 1] === CR
    if (!cr) missing += 1
  }
  return missing
}

/** One line as nc writes it: where a CR is missing the text and the line's end go out one after the other. */
export function crlfPieces(line: Uint8Array, afterCr = false): readonly Uint8Array[] {
  if (countMissing(line, afterCr) === 0) return [line]
  return line.length === 1 ? [LINE_END] : [line.subarray(0, -1), LINE_END]
}

export function endsInCr(octets: Uint8Array): boolean {
  return octets.at(-1) === CR
}
