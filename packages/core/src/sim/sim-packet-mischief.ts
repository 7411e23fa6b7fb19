import { formatEndpoint } from '../model/target.ts'
import type { Answer } from './sim-packet-answer.ts'
import type { Mischief } from './sim-packet-world.ts'

/** What happens to one probe. */
export interface Fate {
  readonly mischief: Mischief
  readonly isLost: boolean
}

const NONE: Mischief = {}

/** Tells the fate of the next probe of an address and port; every call is one more probe. */
export function fates(
  table: Readonly<Record<string, Mischief>>,
): (address: string, port: number | undefined) => Fate {
  const seen = new Map<string, number>()
  return (address, port) => {
    const name = port === undefined ? address : formatEndpoint({ address, port })
    const mischief = table[name] ?? table[address]
    if (mischief === undefined) return { mischief: NONE, isLost: false }
    const number = seen.get(name) ?? 0
    seen.set(name, number + 1)
    if (mischief.probes?.includes(number) === false) return { mischief: NONE, isLost: false }
    return { mischief, isLost: isLost(mischief.lost, number) }
  }
}

function isLost(lost: Mischief['lost'], number: number): boolean {
  if (lost === undefined) return false
  return isListed(lost) ? lost.includes(number) : (number + 1) % lost.every === 0
}

function isListed(lost: Exclude<Mischief['lost'], undefined>): lost is readonly number[] {
  return Array.isArray(lost)
}

/** Answers as mischief lets them come: late, again, and with a wrong checksum in their last header. */
export function spoilt(answers: readonly Answer[], mischief: Mischief): readonly Answer[] {
  const { lateMs = 0, againMs = [], badSum = false } = mischief
  return answers.flatMap(({ octets, afterMs }) => {
    const sent = badSum ? withBadSum(octets) : octets
    return [0, ...againMs].map((laterMs) => ({ octets: sent, afterMs: afterMs + lateMs + laterMs }))
  })
}

/** Where the checksum is behind the IP header, by the protocol's number. */
const CHECKSUM_AT: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2 }

/** Answers are made without extension headers. ARP, which has no checksum, stays as it is. */
function withBadSum(octets: Uint8Array): Uint8Array {
  const first = octets[0] ?? 0
  const isSix = first >>> 4 === 6
  const field = CHECKSUM_AT[octets[isSix ? 6 : 9] ?? 0]
  if (first < 0x40 || field === undefined) return octets
  const copy = octets.slice()
  const at = (isSix ? 40 : 4 * (first & 0xf)) + field
  copy[at] = (copy[at] ?? 0) ^ 0x55
  return copy
}
