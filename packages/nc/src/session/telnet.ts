/** RFC 854, "TELNET command structure". */
const IAC = 0xff
const DO = 0xfd
const DONT = 0xfe
const WILL = 0xfb
const WONT = 0xfc

/**
 * The refusals (WONT for DO and DONT, DONT for WILL and WONT; three octets each) of the option requests in these
 * octets, in order. As in nc, a request that is cut at the end is not answered, and an octet after IAC that asks for
 * nothing is passed over, an IAC too.
 */
export function* telnetAnswers(octets: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < octets.length - 2; at++) {
    if (octets[at] !== IAC) continue
    at += 1
    const refusal = refusalOf(octets[at])
    if (refusal === undefined) continue
    at += 1
    yield Uint8Array.of(IAC, refusal, octets[at] ?? 0)
  }
}

function refusalOf(command: number | undefined): number | undefined {
  if (command === DO || command === DONT) return WONT
  if (command === WILL || command === WONT) return DONT
  return undefined
}
