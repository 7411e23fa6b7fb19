import type { Arrival, Client, DatagramBehaviour, PeerScript, PeerStep, PortScript } from '@portkit/core/sim'
import type { RecordedCase, RecordedInput, RecordedPeer } from './recorded-cases.ts'
import { callerOf, heldPort, type SimCaller } from './recorded-sim-command.ts'
import { accepts, HTTP } from './recorded-sim-network.ts'
import { quoted } from './recorded-words.ts'

/** The part of a world that stands for the peers of one run. */
export interface SimPeers {
  readonly ports: Readonly<Record<string, PortScript>>
  readonly datagrams: Readonly<Record<string, DatagramBehaviour>>
  readonly clients: readonly Client[]
  readonly arrivals: readonly Arrival[]
  readonly taken: readonly string[]
}

/** @throws Error for a peer that nothing can stand for */
export function simPeers({ peers }: RecordedCase): SimPeers {
  const callers = peers.flatMap((peer) => {
    const caller = callerOf(peer)
    return caller === undefined ? [] : [{ peer, caller }]
  })
  return {
    ports: Object.fromEntries(peers.flatMap(portOf)),
    datagrams: Object.fromEntries(
      peers.filter(isLogger).flatMap((peer) => logNames(peer).map((name) => [name, { does: 'log' }])),
    ),
    clients: callers.filter(({ caller }) => !sendsDatagrams(caller)).map((each) => clientOf(each, peers)),
    arrivals: callers
      .filter(({ caller }) => sendsDatagrams(caller))
      .flatMap((each) => arrivalsOf(each, peers)),
    taken: peers.flatMap((peer) => heldPort(peer) ?? []).map((port) => `0.0.0.0:${port}`),
  }
}

/** The names of this peer's logs in the simulated world. */
export function logNames(peer: RecordedPeer, peers: readonly RecordedPeer[] = []): readonly string[] {
  const caller = callerOf(peer)
  if (caller !== undefined) return [callerName(caller, peers.indexOf(peer))]
  return (peer.verb === 'proxy' ? BOTH : IPV4).map((host) => `${host}:${peer.args[0]}`)
}

const IPV4 = ['10.77.0.2']
const BOTH = [...IPV4, '[fd77::2]']

function isLogger({ verb }: RecordedPeer): boolean {
  return verb === 'udplog'
}

function portOf({ place, verb, args }: RecordedPeer): readonly (readonly [string, PortScript])[] {
  if (place !== 'target' || verb === 'udplog') return []
  const [port = '', ...words] = args
  const always = accepts(scriptOf(verb, words))
  // A recorded server serves one connection only.
  const once: PortScript = [always, { does: 'refuse', afterMs: 0.1 }]
  const hosts = verb === 'proxy' ? BOTH : IPV4
  return hosts.map((host) => [`${host}:${port}`, verb === 'server' ? once : always])
}

function scriptOf(verb: string, words: readonly string[]): PeerScript {
  if (verb === 'http') return HTTP
  if (verb === 'server') return { kind: 'steps', steps: words.map(stepOf) }
  if (verb === 'proxy') return proxyOf(words)
  throw new Error(`nothing stands for this peer: ${verb}`)
}

function stepOf(word: string): PeerStep {
  const [, verb = '', argument = ''] = /^(\w+):?(.*)$/s.exec(word) ?? []
  switch (verb) {
    case 'send':
      return { does: 'send', octets: quoted(argument) }
    case 'wait':
    case 'linger':
      return { does: verb, seconds: Number(argument) }
    case 'recv':
    case 'drain':
    case 'fin':
    case 'close':
    case 'rst':
      return { does: verb }
    default:
      throw new Error(`no such step: ${word}`)
  }
}

function proxyOf([kind, quirk = '']: readonly string[]): PeerScript {
  const [, code] = /^fail:(\d+)$/.exec(quirk) ?? []
  if (kind === 'http') {
    const [, auth] = /^auth:(.*)$/.exec(quirk) ?? []
    return { kind: 'http-proxy', fail: quirk === 'fail', auth }
  }
  const fail = code === undefined ? undefined : Number(code)
  return { kind: 'socks', version: kind === 'socks4' ? 4 : 5, fail, noAuth: quirk === 'noauth' }
}

interface Calling {
  readonly peer: RecordedPeer
  readonly caller: SimCaller
}

function sendsDatagrams({ argv }: SimCaller): boolean {
  return argv.some((word) => /^-\w*u/.test(word))
}

function isUnix({ argv }: SimCaller): boolean {
  return argv.some((word) => /^-\w*U/.test(word))
}

/** Where it calls: the last words of its command line. */
function placeOf(caller: SimCaller): string {
  const [host = '', port = ''] = caller.argv.slice(-2)
  if (isUnix(caller)) return port
  if (host === 'localhost') return `[::1]:${port}`
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function callerName(caller: SimCaller, at: number): string {
  const to = placeOf(caller)
  if (!isUnix(caller)) return `${to.slice(0, to.lastIndexOf(':'))}:${45_000 + at}`
  if (!sendsDatagrams(caller)) return to
  const own = caller.argv.indexOf('-s')
  return own < 0 ? `/tmp/nc-CALL0${at}/recv.sock` : (caller.argv[own + 1] ?? '')
}

/** Longer than any run. */
const FOR_EVER: PeerStep = { does: 'wait', seconds: 3600 }

/** As nc goes about it: what is typed goes out, with -N the end too, and it reads as long as there is somebody. */
function clientOf({ peer, caller }: Calling, peers: readonly RecordedPeer[]): Client {
  const has = (letter: string): boolean =>
    caller.argv.some((word) => /^-\w+$/.test(word) && word.includes(letter))
  const stays = peer.input.kind === 'pipe' && peer.input.end === 'open' ? [FOR_EVER] : []
  const steps = has('z')
    ? []
    : [...typed(peer.input, caller.afterSeconds, has('N')), { does: 'drain' } as const, ...stays]
  const from = isUnix(caller) ? {} : { from: callerName(caller, peers.indexOf(peer)) }
  const script = { kind: 'steps', steps } as const
  return { afterMs: caller.afterSeconds * 1000, to: placeOf(caller), ...from, script }
}

/** What is typed while it sleeps goes out as soon as it is there. */
function typed(input: RecordedInput, sleptSeconds: number, endsWithFin: boolean): readonly PeerStep[] {
  const steps = input.kind === 'null' ? [] : input.steps
  let slept = sleptSeconds
  const sent = steps.map((step): PeerStep => {
    if (step.kind === 'write') return { does: 'send', octets: step.octets }
    const over = Math.min(slept, step.seconds)
    slept -= over
    return { does: 'wait', seconds: step.seconds - over }
  })
  const ends = input.kind === 'null' || (input.kind === 'pipe' && input.end === 'eof')
  return ends && endsWithFin ? [...sent, { does: 'fin' }] : sent
}

function arrivalsOf({ peer, caller }: Calling, peers: readonly RecordedPeer[]): readonly Arrival[] {
  const steps = peer.input.kind === 'null' ? [] : peer.input.steps
  const from = callerName(caller, peers.indexOf(peer))
  return steps.flatMap((step) => {
    if (step.kind === 'wait') throw new Error('nothing stands for a sender that waits')
    return [{ afterMs: caller.afterSeconds * 1000, from, to: placeOf(caller), octets: step.octets }]
  })
}
