import type { PortRange } from '../../io/packets.ts'
import type { Claim } from './packet-probe.ts'

/** One port for all packets, or one more for each: that of index i is (first + i) modulo 2^16. */
export type SourcePort =
  | number
  | {
      readonly first: number
      /** How many packets there are at most; Infinity when that is not known. */
      readonly most: number
    }

/** Which packet is meant, as a claim says it. */
export type Match = Pick<Claim, 'index' | 'modulus'>

/** The ports that the packets of a probe leave from. */
export interface SourcePorts {
  /** All of them; undefined when they begin again at 0, or may. */
  readonly range: PortRange | undefined
  /** A port names its packet. */
  readonly areTokens: boolean
  of(index: number): number
  has(port: number): boolean
  /** The index modulo 2^16 of the packet that leaves from a port that it has; undefined when all leave from the same. */
  indexOf(port: number): number | undefined
  /** What is known of the packet when it is also known that it left from this port; undefined when that cannot be. */
  agreed(match: Match | undefined, port: number): Match | undefined
}

const PORTS = 0x1_0000
const LAST = PORTS - 1

/** @throws RangeError for what is no port, and for less than one packet */
export function createSourcePorts(source: SourcePort): SourcePorts {
  const { first, most } = typeof source === 'number' ? { first: source, most: 1 } : source
  if (!(Number.isInteger(first) && first >= 0 && first <= LAST)) throw new RangeError(`no port: ${first}`)
  if (!(Number.isInteger(most) || most === Infinity) || most < 1)
    throw new RangeError(`no packets to send: ${most}`)
  return typeof source === 'number' ? onePort(first) : risingPorts(first, most)
}

function onePort(port: number): SourcePorts {
  return {
    range: [port, port],
    areTokens: false,
    of: () => port,
    has: (other) => other === port,
    indexOf: () => undefined,
    agreed: (match, other) => (other === port ? match : undefined),
  }
}

function risingPorts(first: number, most: number): SourcePorts {
  const last = first + most - 1
  const indexOf = (port: number): number => (port - first) & LAST
  const has = (port: number): boolean => indexOf(port) < most
  return {
    range: last <= LAST ? [first, last] : undefined,
    areTokens: true,
    of: (index) => (first + index) & LAST,
    has,
    indexOf,
    agreed(match, port) {
      if (match === undefined || !has(port)) return undefined
      const index = indexOf(port)
      // Sixteen bits of an identification, which routers and cards may change, tell no more than the port does.
      if (match.index === undefined || match.modulus === PORTS) return { index, modulus: PORTS }
      return (match.index & LAST) === index ? match : undefined
    },
  }
}
