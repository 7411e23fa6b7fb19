const LF = 10

/** The lines in these octets, each with its LF; the last one may lack it. Views, not copies. */
export function* lines(octets: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < octets.length; ) {
    const end = octets.indexOf(LF, from) + 1 || octets.length
    yield octets.subarray(from, end)
    from = end
  }
}

/** `-i` pauses after complete lines only. */
export function endsLine(line: Uint8Array): boolean {
  return line.at(-1) === LF
}
