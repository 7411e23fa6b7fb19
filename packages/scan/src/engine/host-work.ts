import { createProspects, createRoundTrips } from '@portkit/core'
import type { Hit } from '../guns/gun.ts'
import type { HostTimes } from '../model/host-report.ts'
import type { Timing } from '../model/timing.ts'
import { Controls, type Finding } from './controls.ts'
import { Passes } from './passes.ts'
import { createRate, type Rate, type RateLimits } from './rate.ts'
import type { AnswerClass } from './responders.ts'

/** How the work on a host ended. */
export type HostEnd = 'complete' | 'host-timeout' | 'max-open' | 'interrupted'

export interface Answering {
  readonly port: number
  readonly kind: AnswerClass
}

export interface HostWorkOptions {
  readonly ports: number
  /** One octet a port: 0 for those to be asked. */
  readonly settled: Uint8Array
  readonly timing: Timing
  readonly limits: RateLimits
  /** As discovery measured it. */
  readonly times: HostTimes | undefined
  readonly startNs: number
  /** Of its time-out, before. */
  readonly spentNs: number
  /** Ports that are known to answer, by their place, from before. */
  readonly answering: readonly Answering[]
  /** Answers tell their pass up to this one; later passes are told as this one. */
  readonly lastPass: number
}

/** Every silent port is asked once more, whatever the user's limit beyond. */
const USUAL_RETRIES = 1
/** As long as they bring answers. */
const MOST_RETRIES = 40
/** Each pass in vain doubles the wait (RFC 6298 section 5.5), but not for ever. */
const MOST_PATIENCE = 4
const HALF = 0.5
/** So often in a row the rate was lowered, and nothing more was answered: it is not the rate. */
const MUTE_FINDINGS = 4
const MUTE_NS = 5e9
/** Where answers have been lost to the rate, a pass in vain is little proof. */
const LIMITED_VAIN = 2
const MOST_VAIN = 4

/** The work on one host of a group. Times in nanoseconds. */
export class HostWork {
  readonly passes: Passes
  readonly rate: Rate
  readonly controls = new Controls()
  readonly startNs: number
  readonly #options: HostWorkOptions
  readonly #trips = createRoundTrips()
  readonly #prospects = createProspects()
  readonly #deadlineNs: number
  /** When the newest probe at each port left: microseconds since the host's start, modulo 2^32. */
  readonly #sentUs: Uint32Array
  #lastSentNs: number
  /** What the pass under way has brought: answers to itself, and to earlier ones. */
  #answers = 0
  #lateAnswers = 0
  #patience = 1
  #openPorts = 0
  #isShooting = false
  #isCapped = false
  /** Since the pass began: the rate was cut. Ever: control probes have told something. */
  #hasSlowed = false
  #isJudged = false
  /** Answers since control probes were judged last. */
  #heard = 0
  #judgedNs: number
  /** How often in a row slowing down brought nothing, and when something was answered last. */
  #mute = 0
  #isMute = false
  /** The rate was ever cut. Passes in a row that brought nothing. */
  #isLimited = false
  #vain = 0
  #heardNs: number
  #end: HostEnd | undefined

  constructor(options: HostWorkOptions) {
    const { ports, settled, limits, times, startNs, spentNs, timing } = options
    this.#options = options
    this.startNs = startNs
    this.passes = new Passes(settled)
    this.rate = createRate(limits)
    this.#sentUs = new Uint32Array(ports)
    this.#deadlineNs = startNs + timing.hostTimeoutMs * 1e6 - spentNs
    this.#lastSentNs = startNs
    this.#judgedNs = startNs
    this.#heardNs = startNs
    for (const { port, kind } of options.answering) this.controls.know(port, kind)
    if (times !== undefined) this.#trips.see(times.srttUs * 1e3)
  }

  /** undefined while it goes on. */
  get end(): HostEnd | undefined {
    return this.#end
  }

  /** Whether probes are left in this pass. */
  get isShooting(): boolean {
    return this.#isShooting
  }

  /** Whether another pass might still have brought answers when the most that are allowed were over. */
  get isCapped(): boolean {
    return this.#isCapped
  }

  /** Whether it does not answer what it has answered before, however slowly it is asked. */
  get isMute(): boolean {
    return this.#isMute
  }

  get times(): HostTimes | undefined {
    if (this.#trips.timeoutNs() === undefined) return undefined
    const [srttUs = 0, rttvarUs = 0, timeoutUs = 0] = [
      this.#trips.smoothNs,
      this.#trips.variationNs,
      this.timeoutNs(),
    ].map((ns) => Math.round(ns / 1e3))
    return { srttUs, rttvarUs, timeoutUs }
  }

  /** How long an answer is waited for, as it is now. */
  timeoutNs(): number {
    const { initialRttMs, minRttMs, maxRttMs } = this.#options.timing
    const ns = this.#patience * (this.#trips.timeoutNs() ?? initialRttMs * 1e6)
    return Math.min(maxRttMs * 1e6, Math.max(minRttMs * 1e6, ns))
  }

  /** The port that is asked next; undefined when there is none any more in this pass. */
  next(): number | undefined {
    const port = this.passes.next()
    if (port === undefined) this.#isShooting = false
    return port
  }

  /** Its probe left; undefined for a control's. */
  sent(port: number | undefined, atNs: number): void {
    this.#lastSentNs = atNs
    if (port === undefined) return
    this.#sentUs[port] = Math.floor((atNs - this.startNs) / 1e3)
  }

  /** Its probe was not sent after all: it is to be fired once more. */
  takeBack(port: number): void {
    this.passes.takeBack(port)
    this.#isShooting = true
  }

  /** An answer came. Says whether it is the port's first one. */
  hear(hit: Hit, nowNs: number): boolean {
    const { timing, lastPass } = this.#options
    this.#heard += 1
    this.#heardNs = nowNs
    const rttNs = this.#rttOf(hit, nowNs)
    if (rttNs !== undefined) this.#trips.see(rttNs)
    const kind = classOf(hit)
    if (kind !== undefined && !(kind === 'reset' && timing.defeatsRstLimit))
      this.controls.know(hit.port, kind)
    if (!this.passes.settle(hit.port)) return false
    this.rate.answered()
    if (hit.pass === undefined || hit.pass === Math.min(lastPass, this.passes.pass)) this.#answers += 1
    else this.#lateAnswers += 1
    if (hit.verdict.state === 'open') this.#openPorts += 1
    if (this.#openPorts > timing.maxOpen) this.stop('max-open')
    return true
  }

  /** A control was answered. */
  hearControl(port: number, cohort: number, nowNs: number): void {
    if (!this.controls.areOpenOnly) this.#heardNs = nowNs
    this.controls.answered(port, cohort)
  }

  /** Adapts the rate to what the control probes came to. */
  pace(nowNs: number, hasDropped: boolean, isOver = false): void {
    if (hasDropped) this.rate.lost(HALF, 0)
    const finding = this.controls.judge(nowNs, this.timeoutNs(), isOver)
    if (finding === undefined) {
      if (!this.controls.areKnown) this.rate.ramp(nowNs)
      return
    }
    this.#isJudged = true
    this.#countMute(finding, nowNs)
    if (finding.kind === 'held') this.rate.held(nowNs, this.#trips.smoothNs)
    else if (this.#isMute) this.rate.mute()
    else {
      this.rate.lost(finding.share, (this.#heard * 1e9) / Math.max(1, nowNs - this.#judgedNs))
      this.#hasSlowed = true
      this.#isLimited = true
    }
    this.#heard = 0
    this.#judgedNs = nowNs
    if (isOver) this.pace(nowNs, false, true)
  }

  #countMute({ kind, isMute }: Finding, nowNs: number): void {
    const isInVain = isMute || (kind === 'lost' && this.controls.areOpenOnly)
    this.#mute = isInVain && this.#heard === 0 ? this.#mute + 1 : 0
    this.#isMute = this.#mute >= MUTE_FINDINGS && nowNs - this.#heardNs > MUTE_NS
  }

  /** Ends what is over, and begins the next pass. Says when to look again: infinite when only answers or probes can change it. */
  look(nowNs: number, hasDropped: boolean): number {
    if (this.passes.pass < 0 && this.#end === undefined) this.#begin()
    if (this.passes.waiting === 0) this.stop('complete')
    else if (nowNs >= this.#deadlineNs) this.stop('host-timeout')
    if (this.#end !== undefined) return Number.POSITIVE_INFINITY
    if (this.passes.isOver) this.#isShooting = false
    if (this.#isShooting) return this.#deadlineNs
    const untilNs = this.#lastSentNs + this.timeoutNs()
    if (nowNs < untilNs) return Math.min(untilNs, this.#deadlineNs)
    this.pace(nowNs, false, true)
    this.#learn(hasDropped)
    if (this.#goesOn()) this.#begin()
    else this.stop('complete')
    return nowNs
  }

  /** The first reason counts. */
  stop(how: HostEnd): void {
    this.#end ??= how
  }

  /** From 0 to 1, the second pass being half of it. */
  done(): number {
    if (this.#end !== undefined) return 1
    const { pass, waiting, shots } = this.passes
    const asked = pass < 0 ? 0 : Math.min(1, shots / Math.max(1, waiting))
    const halves = pass <= 0 ? asked / 2 : (1 + asked) / 2
    return 1 - (waiting / this.#options.ports) * (1 - halves)
  }

  #begin(): void {
    this.#answers = 0
    this.#lateAnswers = 0
    this.#hasSlowed = false
    const ports = this.passes.begin()
    this.#isShooting = ports > 0
    if (this.passes.pass > 0) this.controls.beginPass(ports)
  }

  /** What the pass that is over tells. */
  #learn(hasDropped: boolean): void {
    const answers = this.#answers
    const lateAnswers = this.#lateAnswers
    const { shots, pass } = this.passes
    const report = { shots, shootingNs: 0, answers, lateAnswers, answeringNs: 0, hasDropped }
    // What was lost at a rate that has been given up says nothing about the next pass.
    this.#prospects.learn(report, this.#hasSlowed ? 'limited' : 'none')
    this.#vain = answers + lateAnswers > 0 ? 0 : this.#vain + 1
    this.#patience = answers + lateAnswers > 0 ? 1 : Math.min(MOST_PATIENCE, 2 * this.#patience)
    // Ports that answer now and did not before: somebody could not follow, and no control probe has told.
    if (pass > 0 && answers > 0 && !this.#isJudged) this.rate.lost(HALF, 0)
  }

  #goesOn(): boolean {
    const { maxRetries, isMaxRetriesFixed } = this.#options.timing
    const most = isMaxRetriesFixed ? Math.min(MOST_RETRIES, maxRetries) : MOST_RETRIES
    const next = this.passes.pass + 1
    if (next <= Math.min(USUAL_RETRIES, most)) return true
    // As long as control probes are lost, silence tells nothing.
    const isUnsure = this.#hasSlowed || (this.#isLimited && this.#vain < LIMITED_VAIN)
    if (!this.#prospects.areGood && (this.#isMute || !isUnsure)) return false
    // Whatever was lost before: by now it would have shown.
    if (this.#vain >= MOST_VAIN && !this.#hasSlowed) return false
    this.#isCapped = next > most
    return !this.#isCapped
  }

  /** Of the newest probe only: which one an older answer belongs to is not known (Karn's algorithm, RFC 6298 section 3). */
  #rttOf({ port, pass, rttNs }: Hit, nowNs: number): number | undefined {
    if (rttNs !== undefined) return rttNs
    const isTold = pass !== undefined && pass < this.#options.lastPass
    if (!isTold || pass + 1 !== this.passes.triesAt(port)) return undefined
    // Modulo 2^32, as they were noted.
    return (((nowNs - this.startNs) / 1e3 - (this.#sentUs[port] ?? 0)) >>> 0) * 1e3
  }
}

function classOf({ verdict: { state, reason }, from }: Hit): AnswerClass | undefined {
  if (from !== undefined) return undefined
  if (reason === 'reset' || reason === 'conn-refused') return 'reset'
  if (state === 'open') return 'open'
  return state === 'closed' ? 'unreachable' : undefined
}
