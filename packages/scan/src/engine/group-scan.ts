import type { LocalFault } from '@portkit/core'
import type { Hit } from '../guns/gun.ts'
import { COHORTS } from './controls.ts'
import { createFlight, type Flight } from './flight.ts'
import type { GroupProgress, GroupScan } from './group.ts'
import { HostWork } from './host-work.ts'
import type { Rate } from './rate.ts'
import { limitsOf, steadyRate } from './rate-limits.ts'

/** A probe's number has room for 16: the last ones are those of control cohorts. */
const COHORT_FROM = 16 - COHORTS
const LAST_PASS = COHORT_FROM - 1
/** Probes between two looks for answers. */
const BURST = 64
/** The event loop gets its turn this often, nanoseconds. */
const TURN_NS = 5e6
const MOST_WAIT_MS = 250
const GIVE_UP_NS = 1e6
/** What hosts have come to is looked at no more often, nanoseconds: at few hosts, and for each of many. */
const LOOK_NS = 5e5
const LOOK_PER_HOST_NS = 2e4

/**
 * Asks all ports of all hosts of a group: popular ones first, in passes over what has not answered, each host at the rate
 * that it bears. Another pass follows only when the last one brought answers, or when some are likely to be left.
 * Ends early, without an error, when the signal is aborted or the gun fails for good.
 */
export async function scanGroup(scan: GroupScan): Promise<void> {
  await new Group(scan).run()
}

class Group {
  readonly #scan: GroupScan
  readonly #works: HostWork[]
  readonly #all: Rate
  /** --min-rate: for all hosts that are left, and not for those with a delay. */
  readonly #least: Rate | undefined
  readonly #flight: Flight
  #active: number[]
  #first = 0
  #lookedNs = Number.NEGATIVE_INFINITY
  /** What had come by then has been heard: a process that stood still must not take its own absence for silence. */
  #heardNs: number
  #dropped = 0

  constructor(scan: GroupScan) {
    this.#scan = scan
    const { timing, hosts, clock } = scan
    const startNs = clock.nowNs()
    this.#heardNs = startNs
    this.#works = Array.from({ length: hosts }, (_, host) => this.#workOn(host, startNs))
    this.#active = this.#works.map((_, host) => host)
    this.#flight = createFlight(timing, (host, port, ageNs) => {
      const work = this.#works[host]
      return work === undefined || work.passes.isSettled(port) || ageNs >= work.timeoutNs()
    })
    this.#all = steadyRate(Math.max(timing.maxRate, timing.minRate))
    const hasLeast = timing.minRate > 0 && timing.scanDelayMs <= 0
    this.#least = hasLeast ? steadyRate(timing.minRate) : undefined
  }

  async run(): Promise<void> {
    const { gun, clock, signal } = this.#scan
    let turnedNs = clock.nowNs()
    while (this.#active.length > 0 && !signal.aborted && gun.fault() === undefined) {
      const heard = gun.collect(this.#hear)
      const fired = await this.#burst()
      const nowNs = clock.nowNs()
      const isBusy = heard > 0 || fired > 0
      // While there is much to do, hosts are not looked at after every few probes: that costs more than it brings.
      const pauseNs = Math.min(TURN_NS, Math.max(LOOK_NS, LOOK_PER_HOST_NS * this.#active.length))
      if (isBusy && nowNs - this.#lookedNs < pauseNs) continue
      const nextNs = this.#look()
      if (isBusy && nowNs - turnedNs < TURN_NS) continue
      await this.#turn(isBusy, nextNs)
      turnedNs = clock.nowNs()
    }
    this.#stop()
  }

  /** Lets others have their turn: for a moment, or until there is something to do. */
  async #turn(isBusy: boolean, nextNs: number): Promise<void> {
    const { clock } = this.#scan
    if (this.#active.length === 0) return
    await this.#scan.turn?.(this.#progress())
    const nowNs = clock.nowNs()
    this.#heardNs = nowNs
    if (isBusy) return clock.sleep(0)
    return this.#rest(Math.min(nextNs, this.#dueNs(nowNs)) - nowNs)
  }

  #workOn(host: number, startNs: number): HostWork {
    const { ports, timing, hosts } = this.#scan
    return new HostWork({
      ports,
      timing,
      startNs,
      settled: this.#scan.settled?.(host) ?? new Uint8Array(ports),
      spentNs: this.#scan.spentNs?.(host) ?? 0,
      times: this.#scan.timesOf(host),
      answering: this.#scan.answering?.(host) ?? [],
      lastPass: LAST_PASS,
      limits: limitsOf(timing, hosts),
    })
  }

  readonly #hear = (hit: Hit): void => {
    const work = this.#works[hit.host]
    if (work === undefined || work.end !== undefined) return
    // A datagram does not say which one it answers.
    const cohort = hit.pass === undefined ? work.controls.cohortAt(hit.port) : hit.pass - COHORT_FROM
    if (cohort !== undefined && cohort >= 0) work.hearControl(hit.port, cohort, this.#scan.clock.nowNs())
    else if (work.hear(hit, this.#scan.clock.nowNs()) || hit.verdict.state !== 'filtered')
      this.#scan.found(hit)
  }

  /** Judges what is known of each host; says when to look again. */
  #look(): number {
    const { gun, clock } = this.#scan
    const nowNs = this.#heardNs
    this.#lookedNs = clock.nowNs()
    gun.expire(this.#patienceNs() + this.#lookedNs - nowNs, this.#hear)
    gun.takeBack?.(this.#takeBack)
    const dropped = gun.dropped()
    const hasDropped = dropped > this.#dropped
    this.#dropped = dropped
    let nextNs = Number.POSITIVE_INFINITY
    let isAnyOver = false
    for (const host of this.#active) {
      const work = this.#works[host]
      if (work === undefined) continue
      work.pace(nowNs, hasDropped)
      nextNs = Math.min(nextNs, work.look(nowNs, hasDropped))
      isAnyOver ||= work.end !== undefined
    }
    if (isAnyOver) this.#retire()
    return nextNs
  }

  #retire(): void {
    const over = this.#active.filter((host) => this.#works[host]?.end !== undefined)
    this.#active = this.#active.filter((host) => this.#works[host]?.end === undefined)
    for (const host of over) this.#tell(host)
  }

  #tell(host: number): void {
    const work = this.#works[host]
    if (work?.end === undefined) return
    const { end, passes, isCapped, isMute, startNs, times } = work
    this.#scan.ended(host, {
      end,
      times,
      passes: passes.pass + 1,
      waiting: passes.waiting,
      isCapped,
      isMute,
      elapsedNs: this.#scan.clock.nowNs() - startNs,
    })
  }

  #stop(): void {
    this.#scan.gun.collect(this.#hear)
    for (const host of this.#active) {
      this.#works[host]?.stop(this.#works[host]?.passes.waiting === 0 ? 'complete' : 'interrupted')
      this.#tell(host)
    }
    this.#active = []
  }

  get #isPaced(): boolean {
    const { scanDelayMs, maxRate } = this.#scan.timing
    return scanDelayMs > 0 || maxRate < Number.POSITIVE_INFINITY
  }

  /** Fires up to so many probes as may leave now, the hosts in turn; says how many left. */
  async #burst(): Promise<number> {
    const { gun, clock } = this.#scan
    const nowNs = clock.nowNs()
    const { most, least: leastFlying } = this.#flight.room(nowNs)
    // How many are under way must not break the pace that the user set.
    const least = Math.max(this.#isPaced ? 0 : leastFlying, this.#least?.due(nowNs) ?? 0)
    const room = Math.min(BURST, gun.room(), most, Math.max(least, this.#all.due(nowNs)))
    const each = Math.max(1, Math.floor(BURST / Math.max(1, this.#active.length)))
    const fired: Fired[] = []
    let isFull = false
    for (let i = 0; i < this.#active.length && fired.length < room && !isFull; i += 1) {
      const host = this.#active[(this.#first + i) % this.#active.length] ?? 0
      const share = Math.min(each, room - fired.length)
      isFull = this.#volley(host, share, Math.min(share, least - fired.length), fired)
    }
    this.#first = this.#active.length > 0 ? (this.#first + 1) % this.#active.length : 0
    const unsent = await gun.flush(this.#refuse)
    for (const { host, port } of fired.splice(Math.max(0, fired.length - unsent))) {
      if (port !== undefined) this.#works[host]?.takeBack(port)
    }
    return fired.length
  }

  /** Fires so many probes at most, and at least so many whatever the rate. True when the system has no room. */
  #volley(host: number, most: number, least: number, fired: Fired[]): boolean {
    const work = this.#works[host]
    if (work === undefined) return false
    const nowNs = this.#scan.clock.nowNs()
    const count = Math.min(most, Math.max(least, work.rate.due(nowNs)))
    for (let i = 0; i < count && work.isShooting; i += 1) {
      const shot = this.#nextShot(work, host, nowNs)
      if (shot !== undefined && !this.#shoot(shot, work, fired)) return true
    }
    return false
  }

  /** A control when one is due, else the next port of the pass. */
  #nextShot(work: HostWork, host: number, nowNs: number): Shot | undefined {
    const isPaced = this.#scan.timing.scanDelayMs > 0
    const control = isPaced ? undefined : work.controls.next(nowNs)
    if (control !== undefined) {
      return { host, at: control.port, pass: COHORT_FROM + control.cohort, port: undefined }
    }
    const port = work.next()
    return port === undefined
      ? undefined
      : { host, at: port, pass: Math.min(LAST_PASS, work.passes.pass), port }
  }

  /** False when the system has no room. */
  #shoot(shot: Shot, work: HostWork, fired: Fired[]): boolean {
    const { gun, clock } = this.#scan
    const { host, at, pass, port } = shot
    const outcome = gun.fire(host, at, pass)
    if (outcome === 'full') {
      if (port !== undefined) work.takeBack(port)
      return false
    }
    work.rate.spend()
    this.#all.spend()
    this.#least?.spend()
    if (outcome === undefined) {
      const nowNs = clock.nowNs()
      work.sent(port, nowNs)
      this.#flight.add(host, at, nowNs)
      fired.push(shot)
    } else if (port !== undefined) this.#fail(host, port, outcome)
    return true
  }

  readonly #takeBack = (host: number, port: number, pass: number): void => {
    if (pass < COHORT_FROM) this.#works[host]?.takeBack(port)
  }

  readonly #refuse = (host: number, port: number, pass: number, fault: LocalFault): void => {
    if (pass < COHORT_FROM) this.#fail(host, port, fault)
  }

  #fail(host: number, port: number, fault: LocalFault): void {
    this.#works[host]?.passes.settle(port)
    this.#scan.failed(host, port, fault)
  }

  /** Probes of a host that waits for long must not be given up because another one is near. */
  #patienceNs(): number {
    let mostNs = 0
    for (const host of this.#active) mostNs = Math.max(mostNs, this.#works[host]?.timeoutNs() ?? 0)
    return mostNs
  }

  /** When the next probe may leave; where only an answer or a time-out makes room for it, those are looked for soon. */
  #dueNs(nowNs: number): number {
    if (Math.min(this.#scan.gun.room(), this.#flight.room(nowNs).most) <= 0) return nowNs + GIVE_UP_NS
    let nextNs = Number.POSITIVE_INFINITY
    for (const host of this.#active) {
      const work = this.#works[host]
      if (work?.isShooting !== true) continue
      nextNs = Math.min(nextNs, work.rate.nextNs(nowNs), this.#least?.nextNs(nowNs) ?? nextNs)
    }
    return Math.max(nextNs, this.#all.nextNs(nowNs))
  }

  #rest(ns: number): Promise<void> {
    const { gun, signal } = this.#scan
    return gun.ready(Math.min(MOST_WAIT_MS, Math.max(0, ns) / 1e6), signal)
  }

  #progress(): GroupProgress {
    const { hosts } = this.#scan
    const sum = this.#works.reduce((total, work) => total + work.done(), 0)
    return { done: sum / Math.max(1, hosts), hostsUnderway: this.#active.length }
  }
}

interface Fired {
  readonly host: number
  /** undefined for a control. */
  readonly port: number | undefined
}

interface Shot extends Fired {
  /** The port that is asked. */
  readonly at: number
  readonly pass: number
}
