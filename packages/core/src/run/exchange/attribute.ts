import type { Claim, PacketProbe } from '../../probes/packet/packet-probe.ts'
import type { Ledger } from './ledger.ts'

/** Which shot a packet belongs to. */
export interface Attribution {
  readonly index: number
  /** Another shot without an answer could be meant as well: the round trip is not known. */
  readonly isAmbiguous: boolean
}

/** Shots at one address and port that are looked at for an answer without a token. */
const MOST_LOOKS = 4096
/** Shots without a token are settled oldest first: behind so many settled ones none flies. */
const MOST_SETTLED = 64

/**
 * The shot that the claim means. A token names its shot. Without one the oldest shot of that address and port is meant
 * that still waits; none does when the answer repeats or comes late.
 * @param sinceNs of shots from before, none of which waits any more, no late answer is expected
 * @returns undefined when no shot went from there to there
 */
export function attribute(
  ledger: Ledger,
  probe: PacketProbe,
  claim: Claim,
  sinceNs: number,
): Attribution | undefined {
  if (claim.index !== undefined) {
    const index = ledger.newest(claim.index, claim.modulus)
    return index !== undefined && isFlow(ledger, index, probe, claim)
      ? { index, isAmbiguous: false }
      : undefined
  }
  const looks = sameProbe(ledger, probe, claim)
  return claim.role === 'probe' ? undeparted(ledger, looks) : waiting(ledger, looks, sinceNs)
}

function isFlow(
  ledger: Ledger,
  index: number,
  probe: PacketProbe,
  { remote, local, remotePort }: Claim,
): boolean {
  const aim = ledger.aimOf(index)
  // A local firewall that rejects a packet also sends an error about it.
  return (
    aim?.probe === probe &&
    ledger.states.of(index) !== 'refused' &&
    aim.port === remotePort &&
    aim.route.destination === remote &&
    aim.route.source === local
  )
}

/** The shots that the claim may mean, newest first. */
function* sameProbe(ledger: Ledger, probe: PacketProbe, claim: Claim): Generator<number> {
  let at = ledger.newestAt(claim.remote, claim.remotePort)
  for (let looks = 0; at !== undefined && looks < MOST_LOOKS; looks++) {
    if (isFlow(ledger, at, probe, claim)) yield at
    at = ledger.before(at)
  }
}

/** The oldest of the flying ones, else the newest of all: what answers again, answers that. */
function waiting(ledger: Ledger, looks: Iterable<number>, sinceNs: number): Attribution | undefined {
  let newest: number | undefined
  let flying: number | undefined
  let unanswered = 0
  let settled = 0
  for (const index of looks) {
    newest ??= index
    const state = ledger.states.of(index)
    settled = state === 'flying' ? 0 : settled + 1
    if (settled > MOST_SETTLED) break
    if (state === 'flying') flying = index
    // What answers a little too late must not shorten the round trip of the next shot.
    const isLate = state === 'silent' && ledger.sentNs(index) > sinceNs
    unanswered += Number(isLate || state === 'flying')
  }
  const index = flying ?? newest
  return index === undefined ? undefined : { index, isAmbiguous: unanswered > 1 }
}

/** Packets leave in the order in which they were sent: the oldest of the newest ones without a stamp. */
function undeparted(ledger: Ledger, looks: Iterable<number>): Attribution | undefined {
  let found: number | undefined
  for (const index of looks) {
    if (found !== undefined && ledger.departures.hasDeparted(index)) break
    found = index
  }
  return found === undefined ? undefined : { index: found, isAmbiguous: false }
}
