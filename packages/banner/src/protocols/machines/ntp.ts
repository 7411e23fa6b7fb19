import { isoTime } from '@portkit/core'
import { latin1 } from '../../dialogue/readers.ts'
import { clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details } from '../../model/service.ts'
import { read32 } from '../../octets/big-endian.ts'
import { hasAt, randomOctets } from '../../octets/octets.ts'

/** RFC 5905 section 7.3. Offsets in octets. */
const AT = { stratum: 1, referenceId: 12, originate: 24, transmit: 40 } as const
const LENGTH = 48

const MODE = { client: 3, server: 4 } as const
const VERSION = 4
const UNSYNCHRONISED = 3

/** Seconds from 1900, where NTP's time begins, to 1970. */
const UNIX_ERA = 2_208_988_800

/** NTP (RFC 5905), asked for the time as clients do. No program tells its version that way. */
export const ntp: Protocol = {
  name: 'ntp',
  ports: { udp: [123] },
  // A random time of sending: the answer repeats it, and it tells nothing about this machine's clock.
  probe({ random }) {
    const request = new Uint8Array(LENGTH)
    request[0] = (VERSION << 3) | MODE.client
    request.set(randomOctets(8, random), AT.transmit)
    return request
  },
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || sent.length < LENGTH || !isMode(sent[0], MODE.client)) return undefined
    if (octets.length > 0 && !isMode(octets[0], MODE.server)) return undefined
    if (hasAt(octets, AT.originate, sent.subarray(AT.transmit, LENGTH)) === false) return undefined
    if (octets.length < LENGTH) return ended ? undefined : 'more'
    const stratum = octets[AT.stratum] ?? 0
    const isFree = (octets[0] ?? 0) >>> 6 === UNSYNCHRONISED
    return {
      protocol: 'ntp',
      info: `version ${((octets[0] ?? 0) >>> 3) & 7}, ${isFree ? 'not synchronised' : `stratum ${stratum}`}`,
      details: detailsOf(octets, stratum),
    }
  },
}

function isMode(octet: number | undefined, mode: number): boolean {
  const version = ((octet ?? 0) >>> 3) & 7
  return ((octet ?? 0) & 7) === mode && version >= 1 && version <= 4
}

function detailsOf(octets: Uint8Array, stratum: number): Details {
  const seconds = read32(octets, AT.transmit)
  return {
    stratum,
    'reference id': referenceOf(octets.subarray(AT.referenceId, AT.referenceId + 4), stratum),
    ...(seconds >= UNIX_ERA && { time: isoTime((seconds - UNIX_ERA) * 1000) }),
  }
}

/** Four letters where the clock is at hand or the answer is a refusal (section 7.4), else its server's address or a part of its digest. */
function referenceOf(octets: Uint8Array, stratum: number): string {
  const letters = clipped(latin1(octets).replace(/\0/g, ''))
  return stratum <= 1 && letters !== undefined ? letters : octets.join('.')
}
