import { ETHER_TYPE } from './ether-type.ts'
import { needField, needRoom, read16, write16 } from './octets.ts'

/** One tag of IEEE 802.1Q section 9.6, outermost first in a list. */
export interface VlanTag {
  /** The EtherType that announced the tag: 0x8100 (802.1Q), 0x88a8 (802.1ad) or 0x9100 (before 802.1ad). */
  readonly protocol: number
  /** Priority code point, 0 to 7. */
  readonly priority: number
  /** Drop eligible indicator; in old tags the canonical format indicator. */
  readonly isDropEligible: boolean
  /** VLAN identifier, 0 to 4095; 0 is a tag for the priority only. */
  readonly id: number
}

/** A frame of nothing but tags must not cost time: more than these are left in the payload. */
export const MOST_TAGS = 8
const TAG_LENGTH = 4

const ANNOUNCES_TAG: ReadonlySet<number> = new Set([
  ETHER_TYPE.customerTag,
  ETHER_TYPE.serviceTag,
  ETHER_TYPE.oldServiceTag,
])

/** Tags, the EtherType behind them, and where what that announces begins. */
export interface Tagged {
  readonly tags: readonly VlanTag[]
  readonly type: number
  readonly from: number
}

/** The tags at `at` when `type` announces one; undefined when a tag is not whole before `limit`. */
export function decodeTags(octets: Uint8Array, at: number, limit: number, type: number): Tagged | undefined {
  const tags: VlanTag[] = []
  let [from, next] = [at, type]
  while (ANNOUNCES_TAG.has(next) && tags.length < MOST_TAGS) {
    if (from + TAG_LENGTH > limit) return undefined
    const control = read16(octets, from)
    const flags = { priority: control >>> 13, isDropEligible: (control & 0x1000) !== 0 }
    tags.push({ protocol: next, ...flags, id: control & 0xfff })
    next = read16(octets, from + 2)
    from += TAG_LENGTH
  }
  return { tags, type: next, from }
}

/**
 * Writes the EtherType field and the tags: 2 octets and 4 for each tag; `type` comes last.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, a tag has another protocol than the three, there are more than 8
 * tags, `type` announces a tag that is not in the list, or the buffer is too small
 */
export function encodeTags(tags: readonly VlanTag[], type: number, into: Uint8Array, at: number): number {
  const length = 2 + TAG_LENGTH * tags.length
  needRoom(into, at, length)
  needField('number of VLAN tags', tags.length, MOST_TAGS)
  needField('EtherType', type, 0xffff)
  if (ANNOUNCES_TAG.has(type) && tags.length < MOST_TAGS) {
    throw new RangeError('a VLAN tag belongs into the list of tags')
  }
  for (const [i, tag] of tags.entries()) {
    if (!ANNOUNCES_TAG.has(tag.protocol)) throw new RangeError(`not a VLAN tag protocol: ${tag.protocol}`)
    needField('VLAN priority', tag.priority, 7)
    needField('VLAN id', tag.id, 0xfff)
    write16(into, at + TAG_LENGTH * i, tag.protocol)
    const flags = (tag.priority << 13) | (tag.isDropEligible ? 0x1000 : 0)
    write16(into, at + TAG_LENGTH * i + 2, flags | tag.id)
  }
  write16(into, at + TAG_LENGTH * tags.length, type)
  return length
}
