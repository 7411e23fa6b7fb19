import type { Family } from '../../model/target.ts'
import { type IpFields, isFragment } from './ip-header.ts'
import { createTokens } from './tokens.ts'

/** The identification of each packet: IPv4's, or that of IPv6's fragment header. */
export interface Ids {
  readonly modulus: 0x1_0000
  of(index: number): number
  /** The index modulo `modulus`; undefined where the number is not one that was given to a packet, or to all of them. */
  indexOf(id: number | undefined, family: Family): number | undefined
}

const MODULUS = 0x1_0000

/** @param random not called when the identification is fixed */
export function createIds(fields: IpFields, random: () => number): Ids {
  const { id: fixed } = fields
  if (fixed !== undefined) return { modulus: MODULUS, of: () => fixed, indexOf: () => undefined }
  const tokens = createTokens(random, 16)
  const isOn6 = isFragment(fields)
  return {
    modulus: MODULUS,
    of: tokens.of,
    indexOf(id, family) {
      // Whoever cuts an IPv6 packet that has no fragment header puts a number of its own in.
      const isOurs = id !== undefined && id < MODULUS && (family === 4 || isOn6)
      return isOurs ? tokens.indexOf(id) : undefined
    },
  }
}
