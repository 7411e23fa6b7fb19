import { exactly } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { readLow32 } from '../../octets/little-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/**
 * MS-RDPBCGR section 2.2.1.1: TPKT, X.224 connection request, and the wish for TLS or CredSSP (1, 2, and 8
 * for early answers).
 */
const REQUEST = [3, 0, 0, 0x13, 0x0e, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0x0b, 0, 0, 0]

/** A connection confirm: alone, or with what was negotiated. */
const ALONE = 11
const NEGOTIATED = 19
const CONFIRM = 0xd0
const RESPONSE = 2
const FAILURE = 3

/** Section 2.2.1.2.1: what the server chose. */
const CHOSEN: Readonly<Record<number, string>> = {
  0: 'standard RDP security',
  1: 'TLS',
  2: 'CredSSP',
  4: 'RDSTLS',
  8: 'CredSSP with early user authorization',
}

/** Section 2.2.1.2.2. */
const FAILURES: Readonly<Record<number, string>> = {
  1: 'TLS required by server',
  2: 'TLS not allowed by server',
  3: 'no certificate on server',
  4: 'inconsistent flags',
  5: 'CredSSP required by server',
  6: 'TLS with user authentication required by server',
}

/** Remote desktop (MS-RDPBCGR), by its X.224 connection confirm. */
export const rdp: Protocol = {
  name: 'rdp',
  ports: { tcp: [3389] },
  probe: () => Uint8Array.from(REQUEST),
  detect(octets, { asked, ended }) {
    if (asked !== 'rdp' || hasAt(octets, 0, [3, 0, 0]) === false) return undefined
    const length = octets[3] ?? NEGOTIATED
    if (length !== ALONE && length !== NEGOTIATED) return undefined
    // The length indicator, the confirm, and the reference that we gave, which was zero.
    if (hasAt(octets, 4, [length - 5, CONFIRM, 0, 0]) === false) return undefined
    if (octets.length < length) return ended ? undefined : 'more'
    return length === ALONE
      ? { protocol: 'rdp', info: 'standard RDP security' }
      : negotiated(octets.subarray(ALONE, NEGOTIATED))
  },
  async startTls(dialogue) {
    await dialogue.send(Uint8Array.from(REQUEST))
    const head = await dialogue.receive(exactly(NEGOTIATED))
    const chosen = head?.[ALONE] === RESPONSE ? readLow32(head, ALONE + 4) : 0
    return [1, 2, 8].includes(chosen)
  },
}

/** RDP_NEG_RSP or RDP_NEG_FAILURE: type, flags, length 8, number. */
function negotiated(octets: Uint8Array): Service | undefined {
  if (hasAt(octets, 2, [8, 0]) !== true) return undefined
  const number = readLow32(octets, 4)
  if (octets[0] === RESPONSE)
    return { protocol: 'rdp', info: CHOSEN[number] ?? `security protocol ${number}` }
  if (octets[0] !== FAILURE) return undefined
  return { protocol: 'rdp', details: { refusal: FAILURES[number] ?? `failure ${number}` } }
}
