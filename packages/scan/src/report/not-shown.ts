import { escapeControl, type PortState } from '@portkit/core'
import { type PortTable, PROTOCOLS, type ReasonTally } from '../model/port-table.ts'

/** What decides which states of a host are only counted. */
export interface CollapseRule {
  /** How many -v and -d. */
  readonly verbose: number
  readonly debugging: number
  readonly openOnly: boolean
}

/** The ports of one state, of all protocols, which are counted and not listed. */
export interface CollapsedState {
  readonly state: PortState
  readonly count: number
  /** By falling count; where counts are equal UDP before TCP, and the one whose first port is the later. */
  readonly reasons: readonly ReasonTally[]
}

/** nmap's numbers for the states: the lower is named first where counts are equal. */
const ORDER: readonly PortState[] = ['closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered']
/** So many ports of a state are listed, and as many again with each -v. */
const LISTED = 25
/** -d counts as so many -v. */
const DEBUGGING = 20

/** The rule that nmap's portlist.cc has (isIgnoredState); seen with nmap 7.93: 25 ports are listed, 26 are not. */
function isCollapsed(
  state: PortState,
  count: number,
  { verbose, debugging, openOnly }: CollapseRule,
): boolean {
  if (state === 'open' || debugging > 2) return false
  if (state === 'open|filtered' && verbose > 2) return false
  if (openOnly && !isPossiblyOpen(state)) return true
  return count > LISTED * (1 + verbose + DEBUGGING * debugging)
}

/** What `--open` shows: seen with nmap 7.93, unfiltered ports too. */
export function isPossiblyOpen(state: PortState): boolean {
  return state === 'open' || state === 'open|filtered' || state === 'unfiltered'
}

/** States that are only counted, by falling count. */
export function collapsedStates(table: PortTable, rule: CollapseRule): readonly CollapsedState[] {
  const tallies = table.tallies()
  const states = [...new Set(tallies.map(({ state }) => state))]
  return states
    .map((state): CollapsedState => {
      const ofState = PROTOCOLS.flatMap((p) => tallies.filter((t) => t.state === state && t.protocol === p))
      const count = ofState.reduce((sum, tally) => sum + tally.count, 0)
      // Seen with nmap 7.93: what was met last comes first among equals.
      const reasons = ofState.flatMap((tally) => tally.reasons).reverse()
      return { state, count, reasons: reasons.sort((a, b) => b.count - a.count) }
    })
    .filter(({ state, count }) => isCollapsed(state, count, rule))
    .sort((a, b) => b.count - a.count || rank(a.state) - rank(b.state))
}

function rank(state: PortState): number {
  const at = ORDER.indexOf(state)
  return at < 0 ? ORDER.length : at
}

/** `Not shown: 2 closed tcp ports (reset), 1 filtered tcp port (no-response)`; an empty line when all are shown. */
export function notShownLine(collapsed: readonly CollapsedState[]): string {
  if (collapsed.length === 0) return '\n'
  const parts = collapsed.flatMap(({ state, count, reasons }) => {
    // The word follows the number of the whole state, as nmap has it.
    const word = count === 1 ? 'port' : 'ports'
    return reasons.map((r) => `${r.count} ${state} ${r.protocol} ${word} (${escapeControl(r.reason)})`)
  })
  return `Not shown: ${parts.join(', ')}\n`
}
