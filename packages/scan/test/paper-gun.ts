import { virtualClock } from '@portkit/core/sim'
import { templateOf } from '../src/command-line/templates.ts'
import type { Gun, Hit } from '../src/guns/gun.ts'
import type { Timing } from '../src/model/timing.ts'

/** How a port of a paper host answers. */
export type PaperAnswer = 'open' | 'closed' | 'silent' | 'rejected'

export interface PaperHost {
  answerOf(port: number): PaperAnswer
  readonly rttMs: number
  /** Of probes and answers together, 0 to 1. */
  readonly loss?: number
  /** Resets a second, after a bucket of fifty; infinite when not given. */
  readonly resetsPerS?: number
  /** Answers nothing from then on, milliseconds. */
  readonly diesAtMs?: number
}

export interface PaperGun extends Gun {
  readonly sent: number
  readonly closed: boolean
}

interface Coming {
  readonly atNs: number
  readonly hit: Hit
}

/** A gun at hosts that exist on paper, on a virtual clock. */
export function paperWorld(hosts: readonly PaperHost[], { seed = 1, room = Number.POSITIVE_INFINITY } = {}) {
  const clock = virtualClock()
  const chance = seededChance(seed)
  const limits = hosts.map(({ resetsPerS }) => bucket(resetsPerS ?? Number.POSITIVE_INFINITY))
  const coming = createComing()
  let flying = 0
  let sent = 0
  let closed = false
  let waiting: { host: number; port: number; pass: number }[] = []

  /** As Linux has it: the same SYN again is passed over, until our system's reset has come. */
  const halfOpen = new Map<string, number>()
  const isHalfOpen = (host: number, port: number, nowNs: number, rttMs: number): boolean => {
    const key = `${host} ${port}`
    if (nowNs < (halfOpen.get(key) ?? 0)) return true
    halfOpen.set(key, nowNs + rttMs * 1e6)
    return false
  }

  const launch = (host: number, port: number, pass: number): void => {
    sent += 1
    const nowNs = clock.nowNs()
    const it = hosts[host]
    if (it === undefined) throw new RangeError(`no host ${host}`)
    const answer = it.answerOf(port)
    const isLost = chance() < (it.loss ?? 0) || nowNs / 1e6 >= (it.diesAtMs ?? Number.POSITIVE_INFINITY)
    if (answer === 'silent' || isLost || (answer === 'closed' && limits[host]?.(nowNs) === false)) return
    if (answer === 'open' && isHalfOpen(host, port, nowNs, it.rttMs)) return
    coming.add(it.rttMs, { atNs: nowNs + it.rttMs * 1e6, hit: hitOf(host, port, pass, answer) })
  }
  const gun: PaperGun = {
    get sent() {
      return sent
    },
    get closed() {
      return closed
    },
    room: () => room - flying,
    fire(host, port, pass) {
      waiting.push({ host, port, pass })
      return undefined
    },
    flush() {
      for (const { host, port, pass } of waiting) launch(host, port, pass)
      waiting = []
      return 0
    },
    collect: (hear) => coming.take(clock.nowNs(), hear),
    expire: () => 0,
    async ready(ms, signal) {
      const untilNs = Math.min(clock.nowNs() + ms * 1e6, coming.nextNs())
      await clock.sleep(Math.max(0.01, (untilNs - clock.nowNs()) / 1e6), signal).catch(() => {})
    },
    dropped: () => 0,
    fault: () => undefined,
    close() {
      closed = true
      flying = 0
    },
  }
  return { clock, gun }
}

/** What is under way, by how long it takes: of each length the first one comes first. */
function createComing() {
  const ways = new Map<number, { at: number; list: Coming[] }>()
  return {
    add(rttMs: number, one: Coming): void {
      const way = ways.get(rttMs) ?? { at: 0, list: [] }
      way.list.push(one)
      ways.set(rttMs, way)
    },
    take(nowNs: number, hear: (hit: Hit) => void): number {
      let count = 0
      for (const way of ways.values()) {
        for (let one = way.list[way.at]; one !== undefined && one.atNs <= nowNs; one = way.list[way.at]) {
          way.at += 1
          count += 1
          hear(one.hit)
        }
      }
      return count
    },
    nextNs: (): number =>
      Math.min(...[...ways.values()].map(({ at, list }) => list[at]?.atNs ?? Number.POSITIVE_INFINITY)),
  }
}

function hitOf(host: number, port: number, pass: number, answer: Exclude<PaperAnswer, 'silent'>): Hit {
  const verdict = {
    open: { state: 'open', reason: 'syn-ack' },
    closed: { state: 'closed', reason: 'reset' },
    rejected: { state: 'filtered', reason: 'admin-prohibited' },
  } as const
  return { host, port, pass, verdict: verdict[answer], ttl: 64, from: undefined, rttNs: undefined }
}

/** A bucket of fifty tokens. */
function bucket(perS: number): (nowNs: number) => boolean {
  let tokens = 50
  let atNs = 0
  return (nowNs) => {
    tokens = Math.min(50, tokens + ((nowNs - atNs) * perS) / 1e9)
    atNs = nowNs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

function seededChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export const USUAL_TIMING: Timing = templateOf(3)
