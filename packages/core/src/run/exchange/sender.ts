import type { Clock } from '../../io/io.ts'
import type { OutgoingPacket, SendOutcome } from '../../io/packets.ts'
import { LocalFault } from '../../model/errors.ts'
import { ETHERNET_BROADCAST } from '../../probes/packet/arp-probe.ts'
import type { Aim, Ledger } from './ledger.ts'
import type { ExchangeOptions } from './listener.ts'

/** Shoots at the first `count` aims, `MOST_AT_ONCE` at most. Says how many were taken on. */
export type Shoot<A extends Aim = Aim> = (aims: readonly A[], count?: number) => number | Promise<number>

/** Packets in one call of the system. */
export const MOST_AT_ONCE = 64
/** A system that has had no room for so long will have none. */
const MOST_HELD_UP_NS = 5e9

interface Slot extends OutgoingPacket {
  readonly octets: Uint8Array
  length: number
  interfaceIndex: number
  hardwareDestination: Uint8Array | undefined
}

/** Makes the packets of shots and sends them, from memory that is made once. */
export function createSender<A extends Aim>(options: ExchangeOptions, ledger: Ledger<A>): Shoot<A> {
  const { channel, clock, probes, listener } = options
  const most = Math.max(...probes.map((probe) => probe.mostOctets))
  const slots: Slot[] = Array.from({ length: MOST_AT_ONCE }, () => ({
    octets: new Uint8Array(most),
    length: 0,
    interfaceIndex: 0,
    hardwareDestination: undefined,
  }))

  const heldUp = createPatience(clock)

  /** Up to the first that cannot be made. */
  const load = (aims: readonly A[], count: number): Loaded => {
    // One time for all of them: they leave in one call, and none before it.
    const nowNs = clock.nowNs()
    let loaded = 0
    for (const aim of aims) {
      const slot = slots[loaded]
      if (loaded >= count || slot === undefined || !ledger.hasRoom()) break
      const fault = fill(slot, aim, ledger.add(aim, nowNs))
      if (fault !== undefined) return { loaded, fault }
      loaded += 1
    }
    return { loaded, fault: undefined }
  }

  /** Shots that there was no room for are taken back. */
  const settle = (first: number, { loaded, fault }: Loaded, outcome: SendOutcome): number => {
    const { sent } = outcome
    const stuck = heldUp(outcome, loaded)
    const refusal = outcome.fault ?? (sent === loaded ? fault : stuck)
    const done = refusal === undefined ? sent : sent + 1
    ledger.takeBack(first + done)
    for (let i = 0; i < sent; i++) {
      const slot = slots[i]
      if (slot !== undefined) listener.sent?.(first + i, slot, ledger.sentNs(first + i))
    }
    if (refusal !== undefined) {
      ledger.states.settle(first + sent, 'refused')
      listener.refused?.(first + sent, refusal)
    }
    return done
  }

  return (aims, count = aims.length) => {
    const first = ledger.states.next
    const loaded = load(aims, count)
    const outcome = loaded.loaded === 0 ? NOTHING_SENT : channel.send(slots, loaded.loaded)
    if (!(outcome instanceof Promise)) return settle(first, loaded, outcome)
    return outcome.then((later) => settle(first, loaded, later))
  }
}

interface Loaded {
  readonly loaded: number
  /** Why the next one could not be made. */
  readonly fault: LocalFault | undefined
}

const NOTHING_SENT: SendOutcome = { sent: 0, fault: undefined }

/** @returns why the packet cannot be made on that way */
function fill(slot: Slot, { probe, route, port, ttl }: Aim, index: number): LocalFault | undefined {
  try {
    slot.length = probe.build({ index, route, port, ttl }, slot.octets)
  } catch (error) {
    if (error instanceof LocalFault) return error
    throw error
  }
  const isArp = probe.interest.protocol === 'arp'
  // A solicitation goes to a group of the link's, whoever it asks for.
  const isOnLink = isArp || probe.method === 'neighbour' || needsLink(route.destination)
  slot.interfaceIndex = isOnLink ? route.interfaceIndex : 0
  slot.hardwareDestination = isArp ? ETHERNET_BROADCAST : undefined
  return undefined
}

/**
 * Addresses that mean nothing without a link: multicast and fe80::/10. Others go where the system's routes say: an own
 * address, for one, is not to be found behind the loopback interface that its route names.
 */
const ON_LINK = /^(fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:|22[4-9]\.|23\d\.)/

/** Asked for every packet: most addresses are told by how they begin. */
function needsLink(address: string): boolean {
  return (address.startsWith('f') || address.startsWith('2')) && ON_LINK.test(address)
}

/** Asked after every call: why nothing can be sent, once the calls have found no room for too long. */
function createPatience({ nowNs }: Pick<Clock, 'nowNs'>) {
  let sinceNs: number | undefined
  return ({ sent, fault }: SendOutcome, wanted: number): LocalFault | undefined => {
    if (sent > 0 || wanted === 0 || fault !== undefined) {
      sinceNs = undefined
      return undefined
    }
    sinceNs ??= nowNs()
    if (nowNs() - sinceNs < MOST_HELD_UP_NS) return undefined
    return new LocalFault('ENOBUFS', 'nothing can be sent: the interface has taken no packet for 5 seconds')
  }
}
