import { addressOctets, readIpv6 } from '../../wire/octets.ts'
import { verifyTransport } from '../../wire/seal.ts'
import type { Listened } from './answers.ts'

/** As many own addresses as are remembered: more than one machine sends from in one run. */
const MOST = 64
const AT = { source: 8, end: 24 } as const

/** Which of this machine's IPv6 addresses a message came to: the system hands it over without its header. */
export interface OwnSources {
  /** Remembers the source of an IPv6 packet that is sent. */
  sent(octets: Uint8Array): void
  /**
   * The address that the message was for: where there are several, the one that its checksum fits, which covers it
   * (RFC 8200 section 8.1), else the latest that was sent from. undefined when this machine has no address.
   */
  destinationOf(listened: Exclude<Listened, 'icmp'>, message: Uint8Array, source: string): string | undefined
}

interface Own {
  readonly text: string
  readonly octets: Uint8Array
}

/** @param addresses this machine's IPv6 addresses without zones, asked for when nothing was sent yet */
export function createOwnSources(addresses: () => readonly string[]): OwnSources {
  /** The latest first. */
  let sources: readonly Own[] = []
  let own: readonly Own[] | undefined
  return {
    sent(octets) {
      const source = octets.subarray(AT.source, AT.end)
      const [latest] = sources
      if (latest !== undefined && isSame(latest.octets, source)) return
      const others = sources.filter((other) => !isSame(other.octets, source))
      sources = [{ text: readIpv6(source, 0), octets: source.slice() }, ...others].slice(0, MOST)
    },
    destinationOf(listened, message, source) {
      if (sources.length === 0) own ??= addresses().map((text) => ({ text, octets: addressOctets(text) }))
      const candidates = sources.length === 0 ? (own ?? []) : sources
      if (candidates.length < 2) return candidates[0]?.text
      const from = addressOctets(source)
      const fits = ({ octets }: Own): boolean => {
        const ends = { source: from, destination: octets }
        const state = verifyTransport(listened, message, 0, message.length, ends)
        // On one machine the sum of the pseudo-header, which covers the addresses too, may be all there is.
        return state === 'good' || state === 'offloaded'
      }
      return (candidates.find(fits) ?? candidates[0])?.text
    },
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, i) => octet === other[i])
}
