import type { Route } from '../../io/packets.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { createDepartures, type Departures } from './departures.ts'
import { createFlows, type Flows } from './flows.ts'
import { createStates, type States } from './states.ts'

/** Where a shot goes, and with which probe. May be used for many shots. */
export interface Aim {
  readonly probe: PacketProbe
  readonly route: Route
  /** 0 where the protocol has none. */
  readonly port: number
  /** Time to live or hop limit. */
  readonly ttl: number
}

/** What is known of the latest shots, with whatever else their sender's aims tell. */
export interface Ledger<A extends Aim = Aim> extends Pick<Flows, 'newestAt' | 'before'> {
  readonly states: Pick<States, 'next' | 'flying' | 'of' | 'settle' | 'oldest'>
  readonly departures: Omit<Departures, 'clear'>
  /** Whether another shot fits: none that still flies is ever overwritten. */
  hasRoom(): boolean
  add(aim: A, sentNs: number): number
  /** Forgets the shots from this one on, which were never sent: their numbers go to the next ones. */
  takeBack(index: number): void
  aimOf(index: number): A | undefined
  sentNs(index: number): number
  /** The newest index that is congruent, among those that are remembered. */
  newest(index: number, modulus: number): number | undefined
}

/** @param capacity how many of the latest shots are remembered, a power of two; 37 octets each */
export function createLedger<A extends Aim = Aim>(capacity: number): Ledger<A> {
  const aims: A[] = []
  const sent = new Float64Array(capacity)
  const states = createStates(capacity)
  const departures = createDepartures(capacity)
  const flows = createFlows(capacity)
  const at = (index: number): number => index & (capacity - 1)
  const remembered = (index: number | undefined): number | undefined =>
    index !== undefined && states.isKnown(index) ? index : undefined
  return {
    states,
    departures,
    hasRoom: () => states.next - (states.oldest() ?? states.next) < capacity,
    add(aim, sentNs) {
      const index = states.add()
      const old = aims[at(index)]
      if (old !== undefined && isInFlow(old)) flows.forget(index - capacity, old.route.destination, old.port)
      aims[at(index)] = aim
      sent[at(index)] = sentNs
      departures.clear(index)
      if (isInFlow(aim)) flows.add(index, aim.route.destination, aim.port)
      return index
    },
    takeBack(index) {
      while (states.next > index) {
        const last = states.next - 1
        const aim = aims[at(last)]
        if (aim !== undefined && isInFlow(aim)) flows.takeBack(last, aim.route.destination, aim.port)
        states.takeBack()
      }
    },
    aimOf: (index) => (states.isKnown(index) ? aims[at(index)] : undefined),
    sentNs: (index) => sent[at(index)] ?? Number.NaN,
    newest(index, modulus) {
      const last = states.next - 1
      return remembered(last - ((((last - index) % modulus) + modulus) % modulus))
    },
    newestAt: (remote, port) => remembered(flows.newestAt(remote, port)),
    before: (index) => remembered(flows.before(index)),
  }
}

/** Whoever is found by its token is not looked for by its port. */
function isInFlow({ probe }: Aim): boolean {
  return !probe.hasTokens
}
