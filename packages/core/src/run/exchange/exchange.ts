import type { SeenPacket } from '../../io/packets.ts'
import { type Aim, createLedger } from './ledger.ts'
import type { ExchangeOptions } from './listener.ts'
import { createReceiver } from './receiver.ts'
import { createSender, type Shoot } from './sender.ts'
import type { ShotState } from './states.ts'

/** Sends shots through a channel and finds out which packets belong to them. Whoever made the channel closes it. */
export interface Exchange<A extends Aim = Aim> {
  /** Shots so far; the next one gets this index. */
  readonly shots: number
  /** Shots that wait for their answers. */
  readonly flying: number
  /** Sends a shot at each of the first `count` aims, 64 at most, and says how many it took on: fewer when there is no room now. */
  readonly shoot: Shoot<A>
  /** Takes in what has come, then ends the shots whose time is over. Says how many packets came. */
  pump(): number
  /** Takes in one packet from elsewhere, such as a capture. */
  see(packet: SeenPacket): void
  /** Ends the shots that have waited for so long, all of them when not given, as if their time were over. */
  giveUp(waitedNs?: number): void
  /** On the clock; undefined when no shot waits. */
  nextEndNs(): number | undefined
  stateOf(index: number): ShotState
  aimOf(index: number): A | undefined
  sentNs(index: number): number
}

const CAPACITY = 2 ** 17
/** Packets that are taken in before it is looked whose time is over. */
const MOST_A_PUMP = 4096

export function createExchange<A extends Aim = Aim>(options: ExchangeOptions): Exchange<A> {
  const { channel, clock, probes, listener } = options
  const timeoutNs = timeoutOf(options)
  const ledger = createLedger<A>(options.capacity ?? CAPACITY)
  const isStamped = channel.clock === 'packet'
  const receiver = createReceiver({ clock, isStamped, timeoutNs, listener, probesOf: () => probes }, ledger)
  let lastNs = Number.NEGATIVE_INFINITY
  const take = (packet: SeenPacket): void => {
    lastNs = packet.timeNs
    receiver.see(packet)
  }
  return {
    get shots() {
      return ledger.states.next
    },
    get flying() {
      return ledger.states.flying
    },
    shoot: createSender(options, ledger),
    pump() {
      const count = channel.drain(take, MOST_A_PUMP)
      // While more wait, as after a long halt, a shot's answer may be among them.
      receiver.expire(count < MOST_A_PUMP ? undefined : lastNs)
      return count
    },
    see: receiver.see,
    giveUp: (waitedNs = Number.NEGATIVE_INFINITY) => receiver.expire(undefined, waitedNs),
    nextEndNs() {
      const index = ledger.states.oldest()
      return index === undefined ? undefined : ledger.sentNs(index) + timeoutNs()
    },
    stateOf: ledger.states.of,
    aimOf: ledger.aimOf,
    sentNs: ledger.sentNs,
  }
}

function timeoutOf({ timeoutNs }: Pick<ExchangeOptions, 'timeoutNs'>): () => number {
  return typeof timeoutNs === 'function' ? timeoutNs : () => timeoutNs
}
