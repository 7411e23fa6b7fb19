import {
  type Clock,
  type ConnectFact,
  type ConnectPool,
  classify,
  createConnectPool,
  type IcmpError,
  LocalFault,
  type Net,
  type Observation,
  type PoolRequest,
} from '@portkit/core'
import { createConnectShots } from './connect-shots.ts'
import type { Gun, GunGroup, Hit } from './gun.ts'

interface ConnectGunOptions {
  readonly net: Pick<Net, 'connect' | 'pool'>
  readonly clock: Clock
  readonly group: GunGroup
  /** Where connections leave from, and their settings. */
  readonly request: PoolRequest
  /** Connections under way at once, at least 1; what `fileLimit` allows. */
  readonly mostAtOnce: number
}

/** The system had no room for one more socket: that passes. */
const PASSING: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN'])
/** With nothing under way: how long until the next try, and when it is a fault for good. */
const STARVING_NS = { pause: 1e7, most: 5e9 } as const
const NARROWER = 0.9
/**
 * Errors of node:net that the system makes of ICMP errors (icmp_err_convert in Linux' icmp.c, tab_unreach in its
 * ICMPv6) and that are no fault of this machine, as what they stand for; nmap calls a port with EACCES admin-prohibited.
 */
const ANSWERS: Readonly<Record<string, Pick<IcmpError, 'type' | 'code'>>> = {
  EACCES: { type: 3, code: 13 },
  EOPNOTSUPP: { type: 3, code: 5 },
  ENONET: { type: 3, code: 8 },
  EPROTO: { type: 3, code: 1 },
}

/** What the system says of its own networks, where it tells that apart from what routers say. */
const GONE: Readonly<Record<string, string>> = {
  ENETUNREACH: 'network is unreachable: this machine has no way there',
  ENETDOWN: 'the network interface is down',
}

const ERROR = {
  kind: 'icmp-error',
  family: 4,
  from: undefined,
  rttNs: undefined,
  clock: 'process',
  elapsedNs: 0,
  syns: undefined,
} as const

type Hear = (hit: Hit) => void

/**
 * Probes ports by connect(): open ones are reset at once. Where file descriptors or source ports run out, fewer are under
 * way from then on: `fire` says `full`, or, where the system tells it later, `takeBack` hands the probe back.
 * @throws LocalFault
 */
export function openConnectGun(options: ConnectGunOptions): Required<Gun> {
  return new ConnectGun(options)
}

class ConnectGun implements Required<Gun> {
  readonly #pool: ConnectPool
  readonly #clock: Clock
  readonly #group: GunGroup
  readonly #hasSource: boolean
  readonly #hasPool: boolean
  /** 1 for a host that a connection has been on its way to. */
  readonly #reached: Uint8Array
  /** 1 for a host that has answered by itself. */
  readonly #answered: Uint8Array
  readonly #shots = createConnectShots()
  #back: number[] = []
  #refused: { readonly shot: number; readonly fault: LocalFault }[] = []
  readonly #hit: { -readonly [K in keyof Hit]: Hit[K] }
  #hear: Hear = () => {}
  #most: number
  #heard = 0
  #givenUp = 0
  #starvingSinceNs: number | undefined
  #starvedNs = 0
  #fault: LocalFault | undefined

  constructor({ net, clock, group, request, mostAtOnce }: ConnectGunOptions) {
    this.#pool = createConnectPool(net, clock, request)
    this.#clock = clock
    this.#group = group
    this.#hasSource = request.sourceAddress !== undefined
    this.#hasPool = net.pool !== undefined
    this.#reached = new Uint8Array(group.hosts.length)
    this.#answered = new Uint8Array(group.hosts.length)
    this.#most = Math.max(1, mostAtOnce)
    const verdict = { state: 'unknown', reason: 'no-response' } as const
    this.#hit = { host: 0, port: 0, pass: 0, verdict, ttl: 0, from: undefined, rttNs: undefined }
  }

  room(): number {
    const held = this.#pool.flying + this.#back.length + this.#refused.length
    return this.#isResting() ? 0 : Math.max(0, Math.floor(this.#most) - held)
  }

  fire(host: number, port: number, pass: number): undefined | 'full' | LocalFault {
    if (this.#fault !== undefined) return this.#fault
    const to = this.#group.hosts[host]
    const number = this.#group.ports[port]
    if (to === undefined || number === undefined) throw new RangeError('no such host or port in the group')
    if (this.room() === 0) return 'full'
    const shot = this.#shots.add(host, port, pass)
    const fault = this.#pool.begin(to, number, shot)
    if (fault === undefined) {
      if (this.#hasPool) this.#reached[host] = 1
      return undefined
    }
    this.#shots.remove(shot)
    if (!this.#passes(fault, host)) return fault
    this.#narrow(fault)
    return this.#fault ?? 'full'
  }

  flush(refused?: (host: number, port: number, pass: number, fault: LocalFault) => void): number {
    const all = this.#refused
    if (refused === undefined || all.length === 0) return 0
    this.#refused = []
    for (const { shot, fault } of all) {
      this.#shots.remove(shot)
      refused(this.#shots.host(shot), this.#shots.port(shot), this.#shots.pass(shot), fault)
    }
    return 0
  }

  collect(hear: Hear): number {
    this.#listen(hear)
    this.#pool.collect(this.#see, this.#fail)
    return this.#heard
  }

  expire(waitedNs: number, hear: Hear): number {
    this.#listen(hear)
    this.#pool.expire(waitedNs, this.#see, this.#giveUp, this.#fail)
    const count = this.#givenUp
    this.#givenUp = 0
    return count
  }

  takeBack(back: (host: number, port: number, pass: number) => void): number {
    const all = this.#back
    if (all.length === 0) return 0
    this.#back = []
    for (const shot of all) {
      this.#shots.remove(shot)
      back(this.#shots.host(shot), this.#shots.port(shot), this.#shots.pass(shot))
    }
    return all.length
  }

  ready(ms: number, signal: AbortSignal): Promise<void> {
    return this.#pool.ready(ms, signal)
  }

  dropped(): number {
    return 0
  }

  fault(): LocalFault | undefined {
    return this.#fault
  }

  close(): void {
    this.#back = []
    this.#refused = []
    this.#pool.close()
  }

  #listen(hear: Hear): void {
    this.#hear = hear
    this.#heard = 0
  }

  readonly #see = (shot: number, fact: ConnectFact): void => {
    // The system's own time-out is an answer of nobody.
    if (fact.kind === 'silence') this.#giveUp(shot)
    else this.#learn(shot, fact)
  }

  #learn(shot: number, fact: Exclude<ConnectFact, { readonly kind: 'silence' }>): void {
    const host = this.#shots.host(shot)
    const fault = this.#lostWay(host, fact)
    if (fact.kind === 'handshake' || fact.kind === 'refused') this.#answered[host] = 1
    if (fault === undefined) this.#say(shot, fact, fact.rttNs)
    else this.#refused.push({ shot, fault })
  }

  /** There was a way to the host, and this machine has none now: that tells nothing about its port. */
  #lostWay(host: number, fact: ConnectFact): LocalFault | undefined {
    if (!this.#hasPool || fact.kind !== 'unreachable' || this.#answered[host] === 0) return undefined
    const why = GONE[fact.code]
    const { address } = this.#group.hosts[host] ?? { address: '' }
    return why === undefined ? undefined : new LocalFault(fact.code, `connect to ${address}: ${why}`)
  }

  readonly #giveUp = (shot: number): void => {
    this.#conclude(shot)
    this.#givenUp++
  }

  readonly #fail = (shot: number, fault: LocalFault): void => {
    const answer = ANSWERS[fault.code]
    if (answer !== undefined) this.#say(shot, { ...ERROR, ...answer }, undefined)
    else if (this.#passes(fault, this.#shots.host(shot))) {
      this.#back.push(shot)
      this.#narrow(fault)
    } else this.#refused.push({ shot, fault })
  }

  #say(shot: number, fact: Observation, rttNs: number | undefined): void {
    const hit = this.#hit
    hit.host = this.#shots.host(shot)
    hit.port = this.#shots.port(shot)
    hit.pass = this.#shots.pass(shot)
    hit.verdict = classify(fact, 'tcp')
    hit.from = fact.kind === 'icmp-error' ? this.#other(fact.from) : undefined
    hit.rttNs = rttNs
    this.#conclude(shot)
    this.#heard++
    this.#hear(hit)
  }

  /** It had left, and is over. */
  #conclude(shot: number): void {
    this.#starvingSinceNs = undefined
    this.#reached[this.#shots.host(shot)] = 1
    this.#shots.remove(shot)
  }

  /** Who answered, when it was not the host itself, whose address may have a zone. */
  #other(from: string | undefined): string | undefined {
    const host = this.#group.hosts[this.#hit.host]
    return host?.address.split('%')[0] === from ? undefined : from
  }

  #passes({ code, about }: LocalFault, host: number): boolean {
    // A source address that is not ours does not become ours.
    if (this.#hasSource && about === 'source') return false
    // Source ports run out only after some were used: else there is no address to leave by (RFC 6724).
    if (code === 'EADDRNOTAVAIL') return this.#reached[host] === 1
    return PASSING.has(code)
  }

  /** What is under way is as much as goes, or nearly. */
  #narrow(fault: LocalFault): void {
    const { flying } = this.#pool
    this.#most = Math.max(1, Math.floor(Math.min(this.#most, flying * NARROWER)))
    if (flying > 0) return
    const nowNs = this.#clock.nowNs()
    this.#starvedNs = nowNs
    this.#starvingSinceNs ??= nowNs
    if (nowNs - this.#starvingSinceNs > STARVING_NS.most) this.#fault ??= fault
  }

  /** Nothing of ours could make room: there is no use in trying at once. */
  #isResting(): boolean {
    return this.#starvingSinceNs !== undefined && this.#clock.nowNs() - this.#starvedNs < STARVING_NS.pause
  }
}
