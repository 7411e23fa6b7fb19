import { type AnswerClass, Responders } from './responders.ts'

/** What some control probes came to. */
export interface Finding {
  readonly kind: 'held' | 'lost'
  /** Of those that were sent, the part that was answered. */
  readonly share: number
  /** None of any class was answered. */
  readonly isMute: boolean
}

/** A port that is asked again, as one of a cohort. */
export interface Control {
  readonly port: number
  readonly cohort: number
}

/** Cohorts that may wait at once. */
export const COHORTS = 4
/** As long as nothing was lost cohorts are small, so that the rate grows quickly. */
const YOUNG = { probesBetween: 8, ofEach: 1 } as const
const GROWN = { probesBetween: 32, ofEach: 6 } as const
/** Controls at a pace that is low all the same tell something in time. */
const LONGEST_PAUSE_NS = 250e6
/** However low it is, most probes ask what is not known. */
const LEAST_BETWEEN = 4
/** Even a short pass has some, or what it lost would be taken for silence. */
const OF_EACH_PASS = 6
/** How long an answer is waited for, before anything is known of that. */
const USUAL_WAIT_NS = 1e9
/** Fewer lost ones may be chance. */
const LEAST_SHARE = 0.75
const FEWEST_LOST = 2

/** Of one class. */
interface Count {
  sent: number
  answered: number
}

interface Cohort {
  readonly counts: Map<AnswerClass, Count>
  lastNs: number
  isFull: boolean
}

/**
 * Probes at ports of one host that are known to answer: whether these still do tells whether others were lost. They go
 * in cohorts, each of which is judged as a whole, by the worst class of answers in it. Times in nanoseconds.
 */
export class Controls {
  readonly #responders = new Responders()
  #waitNs = USUAL_WAIT_NS
  #cohorts = emptyCohorts()
  #current = 0
  #probes = 0
  #sentNs: number | undefined
  #size: typeof YOUNG | typeof GROWN = YOUNG
  #mostBetween = Number.POSITIVE_INFINITY
  /** To be sent before anything else. */
  #owed = 0

  /** Whether any port has answered. */
  get areKnown(): boolean {
    return this.#responders.size > 0
  }

  /** All that answers is open: it may well be that only these ports are limited, as `ufw limit` does. */
  get areOpenOnly(): boolean {
    const [first, ...others] = this.#responders.kinds
    return first === 'open' && others.length === 0
  }

  /** A port has answered: it may be asked again. */
  know(port: number, kind: AnswerClass): void {
    this.#responders.know(port, kind)
  }

  /** A pass over so many ports begins, and is not the first one. */
  beginPass(ports: number): void {
    this.#mostBetween = Math.max(LEAST_BETWEEN, Math.floor(ports / OF_EACH_PASS))
    this.#owed = FEWEST_LOST * this.#responders.size
    this.#size = GROWN
  }

  /** The place of a port and the number of its cohort, when one is to be asked before the next probe. */
  next(nowNs: number): Control | undefined {
    this.#probes += 1
    this.#sentNs ??= nowNs
    const isLate = this.#probes >= LEAST_BETWEEN && nowNs - this.#sentNs > LONGEST_PAUSE_NS
    const isDue =
      isLate || this.#owed > 0 || this.#probes >= Math.min(this.#mostBetween, this.#size.probesBetween)
    const cohort = isDue ? this.#open() : undefined
    const responder = cohort && this.#responders.ask(nowNs, this.#waitNs)
    if (cohort === undefined || responder === undefined) return undefined
    this.#probes = 0
    this.#owed = Math.max(0, this.#owed - 1)
    this.#sentNs = nowNs
    const { port, kind } = responder
    const count = cohort.counts.get(kind) ?? { sent: 0, answered: 0 }
    count.sent += 1
    cohort.counts.set(kind, count)
    cohort.lastNs = nowNs
    cohort.isFull = [...this.#responders.kinds].every(
      (one) => (cohort.counts.get(one)?.sent ?? 0) >= this.#size.ofEach,
    )
    return { port, cohort: this.#current }
  }

  /** The cohort in which this port still owes an answer; undefined: none. */
  cohortAt(port: number): number | undefined {
    const kind = this.#responders.kindOf(port)
    const owes = ({ counts }: Cohort): boolean => {
      const count = kind && counts.get(kind)
      return count !== undefined && count.answered < count.sent
    }
    const number = this.#cohorts.findIndex(owes)
    return number < 0 ? undefined : number
  }

  answered(port: number, number: number): void {
    this.#responders.answered(port)
    const kind = this.#responders.kindOf(port)
    const count = kind && this.#cohorts[number]?.counts.get(kind)
    if (count !== undefined && count.answered < count.sent) count.answered += 1
  }

  /** What is known now; undefined: nothing new. `isOver`: all have been waited for, and are judged as they are. */
  judge(nowNs: number, timeoutNs: number, isOver = false): Finding | undefined {
    this.#waitNs = timeoutNs
    for (const cohort of this.#cohorts) {
      const isWhole = cohort.isFull || (isOver && cohort.counts.size > 0)
      const finding = isWhole ? this.#judge(cohort, nowNs, isOver ? 0 : timeoutNs) : undefined
      if (finding !== undefined) return finding
    }
    return undefined
  }

  #judge(cohort: Cohort, nowNs: number, timeoutNs: number): Finding | undefined {
    const { sent, answered } = worstOf(cohort)
    if (answered === sent) {
      clear(cohort)
      return { kind: 'held', share: 1, isMute: false }
    }
    if (nowNs - cohort.lastNs < timeoutNs) return undefined
    const isMute = [...cohort.counts.values()].every((count) => count.answered === 0)
    clear(cohort)
    this.#size = GROWN
    const share = answered / sent
    if (sent - answered < FEWEST_LOST || share > LEAST_SHARE) return undefined
    // What else is under way left at the rate that is given up now.
    this.#cohorts = emptyCohorts()
    this.#current = (this.#current + 2) % COHORTS
    return { kind: 'lost', share, isMute }
  }

  /** The cohort for the next control; undefined when all are waited for. */
  #open(): Cohort | undefined {
    const cohort = this.#cohorts[this.#current]
    if (cohort?.isFull !== true) return cohort
    const next = (this.#current + 1) % COHORTS
    const free = this.#cohorts[next]
    if (free === undefined || free.isFull || free.counts.size > 0) return undefined
    this.#current = next
    return free
  }
}

function clear(cohort: Cohort): void {
  cohort.counts.clear()
  cohort.isFull = false
}

function worstOf({ counts }: Cohort): Count {
  let worst: Count = { sent: 1, answered: 1 }
  for (const count of counts.values()) {
    if (count.answered / count.sent < worst.answered / worst.sent) worst = count
  }
  return worst
}

function emptyCohorts(): Cohort[] {
  return Array.from({ length: COHORTS }, () => ({ counts: new Map(), lastNs: 0, isFull: false }))
}
