import type { Clock } from '../../io/io.ts'
import type { PacketChannel } from '../../io/packets.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Aim } from './ledger.ts'
import type { ExchangeListener } from './listener.ts'
import { type AimFate, createScanAims, type ScanAims } from './scan-aims.ts'
import { createScanPace } from './scan-pace.ts'
import { createPassCounts, type PassCounts } from './scan-pass.ts'
import { createProspects } from './scan-prospects.ts'
import { createRoundTrips, type RoundTrips } from './scan-round-trips.ts'
import { runVolley } from './volley.ts'

/** Many aims that are each to be asked until they answer, but not for ever. Whoever opened the channel closes it. */
export interface Scan<A extends Aim = Aim> {
  readonly channel: PacketChannel
  readonly clock: Clock
  /** What the aims use; packets are matched in this order. */
  readonly probes: readonly PacketProbe[]
  /** How many aims there are. */
  readonly count: number
  /** The k-th of them, from 0: asked right before each shot at it, and shot at in this order. */
  aimOf(k: number): A
  /**
   * Who hears of all shots, later ones at the same aim and their answers included; made once, with what tells a shot's
   * aim. What is answered stays answered, whatever is told of its other shots.
   */
  listener(shotOf: (index: number) => A | undefined): ExchangeListener
  /** Further passes over what has not answered, 2 when not given; more follow while they bring answers, or should. 0: none. */
  readonly retries?: number | undefined
  /** The longest that a shot waits for its answer, 1000 when not given. */
  readonly timeoutMs?: number | undefined
  /** From shot to shot; 0, and when not given: as fast as the system takes them. */
  readonly intervalNs?: number | undefined
  /** Ends it at once, without an error. */
  readonly signal: AbortSignal
  /** After each turn of the loop: what was said meanwhile may be written. The scan goes on when it resolves. */
  turn?(): Promise<void> | undefined
}

/** What a scan came to. */
export interface ScanOutcome {
  /** `fault`: the channel tells which. */
  readonly end: 'complete' | 'interrupted' | 'fault'
  readonly passes: number
  /** All that were sent or refused. */
  readonly shots: number
  readonly answered: number
  /** Without those that were refused. */
  readonly unanswered: number
  readonly refused: number
  /** Another pass might have brought more: of the unanswered ones some may have an answer. */
  readonly isUnsettled: boolean
  /** Of the k-th aim. */
  fateOf(k: number): AimFate
  /** How many shots at the k-th aim were sent, 255 at most. */
  shotsAt(k: number): number
}

const USUAL = { retries: 2, timeoutMs: 1000 } as const
/** Passes, as long as they bring answers: where one answer in five is lost, none of 65,535 is missed then, or hardly ever. */
const MOST_PASSES = 10
/** Shots that are remembered, for their answers may be late: all of a small scan. Memory that is not used costs nothing. */
const CAPACITY = { least: 2 ** 10, most: 2 ** 17 } as const

/**
 * Shoots once at each aim, then again at those that have not answered, and so on: passes over what is left, so that
 * nothing waits for a single silent aim. All passes share one exchange: an answer to a shot of an earlier pass counts.
 *
 * At the end of a pass its last shots get the time that RFC 6298 gives, which doubles after each pass in vain (section
 * 5.5). A pass that brings answers shows that some were lost before, or late: more passes follow, ten in all, and
 * after losses they go slower (`createScanPace`). Needs some octets an aim, and the exchange's memory.
 *
 * Never rejects for what the network or the system does; rejects as `aimOf`, `turn` and the listener do.
 */
export async function runScan<A extends Aim>(scan: Scan<A>): Promise<ScanOutcome> {
  const { channel, clock, probes, count, retries = USUAL.retries, signal } = scan
  const most = retries === 0 ? 1 : Math.max(MOST_PASSES, retries + 1)
  const capacity = capacityFor(count * most)
  const aims = createScanAims(count, capacity)
  const trips = createRoundTrips()
  const counts = createPassCounts(trips)
  const patience = createPatience((scan.timeoutMs ?? USUAL.timeoutMs) * 1e6, trips)
  const { timeoutNs } = patience
  const shotOf = (index: number): A | undefined => exchange.aimOf(index)
  const listener = noting(scan.listener(shotOf), aims, counts)
  const exchange: Exchange<A> = createExchange({ channel, clock, probes, timeoutNs, listener, capacity })
  const pace = createScanPace(scan.intervalNs ?? 0)
  const isCut = (): boolean => signal.aborted || channel.fault() !== undefined
  const prospects = createProspects()
  let passes = 0
  while (aims.waiting > 0 && passes < most && (passes <= retries || prospects.areGood)) {
    await keepInterval(scan, exchange, counts.lastSentNs + pace.intervalNs)
    if (isCut() || aims.begin() === 0) break
    passes += 1
    const droppedBefore = channel.dropped()
    counts.begin(exchange.shots)
    await shootPass(scan, exchange, aims, pace.intervalNs)
    const report = counts.report(channel.dropped() > droppedBefore)
    prospects.learn(report, pace.learn(report))
    patience.learn(report.answers + report.lateAnswers > 0)
  }
  // What had come when it was cut short counts.
  if (isCut()) exchange.pump()
  const isUnsettled = aims.waiting > 0 && passes > 1 && prospects.areGood
  return { end: endOf(scan, aims), passes, shots: exchange.shots, isUnsettled, ...sumOf(aims) }
}

function endOf<A extends Aim>({ channel, signal }: Scan<A>, { waiting }: ScanAims): ScanOutcome['end'] {
  if (waiting > 0 && signal.aborted) return 'interrupted'
  return waiting > 0 && channel.fault() !== undefined ? 'fault' : 'complete'
}

function sumOf({ waiting, answered, refused, fateOf, shotsAt }: ScanAims) {
  return { answered, unanswered: waiting, refused, fateOf, shotsAt }
}

function capacityFor(shots: number): number {
  const wanted = Math.min(Math.max(shots, CAPACITY.least), CAPACITY.most)
  return 2 ** Math.ceil(Math.log2(wanted))
}

/** The first shot of a pass comes no sooner behind the last one before it than any other. */
async function keepInterval<A extends Aim>(
  { clock, signal }: Scan<A>,
  exchange: Exchange<A>,
  untilNs: number,
): Promise<void> {
  const ms = (untilNs - clock.nowNs()) / 1e6
  if (ms <= 0) return
  await clock.sleep(ms, signal).catch(() => {})
  exchange.pump()
}

/** One shot at each that waits, and then until none of them flies any more. */
function shootPass<A extends Aim>(
  { channel, clock, aimOf, signal, turn }: Scan<A>,
  exchange: Exchange<A>,
  aims: ScanAims,
  intervalNs: number,
): Promise<void> {
  const aim = (): A | undefined => {
    const k = aims.take()
    return k === undefined ? undefined : aimOf(k)
  }
  return runVolley<A>({
    exchange,
    channel,
    clock,
    aim,
    // Fewer, when some are answered before their turn comes.
    count: aims.waiting,
    intervalNs,
    wait: true,
    signal,
    ...(turn && { turn }),
  })
}

/** Passes everything on, and notes what the scan has to know. */
function noting(listener: ExchangeListener, aims: ScanAims, counts: PassCounts): ExchangeListener {
  return {
    sent(index, packet, atNs) {
      aims.sent(index)
      counts.sent(atNs)
      listener.sent?.(index, packet, atNs)
    },
    departed: (index, packet) => listener.departed?.(index, packet),
    answered(index, answer) {
      if (answer.kind !== 'again') counts.answered(index, answer, aims.answer(index))
      listener.answered?.(index, answer)
    },
    silent: (index, waitedNs) => listener.silent?.(index, waitedNs),
    refused(index, fault) {
      aims.refuse(index)
      listener.refused?.(index, fault)
    },
    stranger: (packet) => listener.stranger?.(packet),
  }
}

/** How long a shot waits, as it is now. */
function createPatience(mostNs: number, trips: RoundTrips) {
  let times = 1
  return {
    timeoutNs: (): number => Math.min(mostNs, times * (trips.timeoutNs() ?? mostNs)),
    learn(isFruitful: boolean): void {
      times = isFruitful ? 1 : 2 * times
    },
  }
}
