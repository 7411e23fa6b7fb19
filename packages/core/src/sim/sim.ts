import { setMaxListeners } from 'node:events'
import type { Io } from '../io/io.ts'
import { binder } from './sim-bind.ts'
import { type Arrival, type DatagramBehaviour, type SentDatagram, simDatagrams } from './sim-datagrams.ts'
import { type Client, callListeners, simListeners } from './sim-listeners.ts'
import { peerLogs } from './sim-log.ts'
import { simMatcher } from './sim-matcher.ts'
import { type SimNet, simNet } from './sim-net.ts'
import type { PacketWorld, WirePacket } from './sim-packet-world.ts'
import { type SimPackets, seedOf, simPackets } from './sim-packets.ts'
import { peerPlayer } from './sim-players.ts'
import { type PortScript, portBehaviours } from './sim-ports.ts'
import { seededRandom } from './sim-random.ts'
import { type Names, simResolver } from './sim-resolver.ts'
import { runFor, runUntilIdle, type StillRunning } from './sim-run.ts'
import { simSockets, type UnixScript } from './sim-sockets.ts'
import { type StdinScript, type StdoutScript, simStdin, simStdout, type Written } from './sim-stdio.ts'
import { type SimSystem, type SystemWorld, simSystem } from './sim-system.ts'
import type { TlsScript } from './sim-tls.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

export type { Answers, Question } from './sim-answers.ts'
export type { Arrival, DatagramBehaviour, SentDatagram } from './sim-datagrams.ts'
export type { HttpProxy } from './sim-http-proxy.ts'
export type { Client } from './sim-listeners.ts'
export { arpReply, arpRequest, icmp4Packet, icmp6Packet, tcpPacket, udpPacket } from './sim-packet-make.ts'
export type {
  Hop,
  LinkScript,
  Machine,
  Mischief,
  Noise,
  PacketWorld,
  SendFailure,
  WirePacket,
} from './sim-packet-world.ts'
export type { PeerScript } from './sim-peer.ts'
export type { Behaviour, PortScript } from './sim-ports.ts'
export type { NameError } from './sim-resolver.ts'
export { STILL_RUNNING, type StillRunning } from './sim-run.ts'
export type { UnixScript } from './sim-sockets.ts'
export type { Socks } from './sim-socks.ts'
export type { StdinScript, StdinStep, StdoutScript, Written } from './sim-stdio.ts'
export { type SimStream, streamPair, type Wire } from './sim-stream.ts'
export type { TlsScript } from './sim-tls.ts'
export { type PeerStep, peerSteps, unescaped } from './sim-verbs.ts'
export { type VirtualClock, virtualClock } from './virtual-clock.ts'

/** A whole simulated machine and network, as data: `{ hosts: { web: ['10.0.0.2'] }, ports: { '10.0.0.2:22': … } }`. */
export interface World extends Names, SystemWorld, PacketWorld {
  /** Keys as `10.0.0.2:22` or `[::1]:22`; a port that is not named refuses after 0.1 ms. */
  readonly ports: Readonly<Record<string, PortScript>>
  /** Keys as `10.0.0.2:53` or the path of a UNIX socket; a port that is not named is closed. */
  readonly datagrams?: Readonly<Record<string, DatagramBehaviour>>
  /** Datagrams that come by themselves. Those who sent them read what they are sent, and log it. */
  readonly arrivals?: readonly Arrival[]
  /** Who connects to the tool's listeners; times count from the making of the world. */
  readonly clients?: readonly Client[]
  /** Keys as `/run/app.sock` or `@name`; nothing is at a path that is not named. */
  readonly unix?: Readonly<Record<string, UnixScript>>
  /** Who speaks TLS, by the name of the port it is spoken at. */
  readonly tls?: Readonly<Record<string, TlsScript>>
  /** Addresses and ports that other programs listen at: `0.0.0.0:4001`. */
  readonly taken?: readonly string[]
  /** The machine's own addresses besides loopback, `10.0.0.1` when not given; connections leave by the first of their family. */
  readonly addresses?: readonly string[]
  /** May bind ports below 1024; it may when not said. */
  readonly root?: boolean
  /** Nothing comes and it stays open when not given. */
  readonly stdin?: StdinScript
  readonly stdinTty?: boolean
  readonly stdout?: StdoutScript
  /** Which clock open ports are measured with. */
  readonly clock?: 'kernel' | 'process'
}

export interface SimIo extends Io, SimSystem {
  readonly clock: VirtualClock
  readonly net: SimNet
  /** What went to standard output past the tool's lines, in order. */
  readonly output: readonly Written[]
  /** All datagrams that the tool sent. */
  readonly datagrams: readonly SentDatagram[]
  readonly packets: SimPackets
  /** Whole packets that were on the wire, in order; connects and datagrams of sockets leave none there. */
  readonly wire: readonly WirePacket[]
  /** What the peer at that port or path, or the client of that address, has logged: lines, as the recorded peers print them. */
  peerLog(name: string): string
  /**
   * Lets so many virtual seconds pass, or fewer if the promise settles; gives its value or `still running`. Time stands
   * still afterwards.
   */
  runFor<T>(promise: Promise<T>, seconds: number): Promise<T | StillRunning>
  /** Lets time pass until the promise settles or nothing can happen any more. Time stands still afterwards. */
  runUntilIdle<T>(promise: Promise<T>): Promise<T | StillRunning>
  /** The user presses Ctrl-C. */
  interrupt(signal?: string): void
}

/** Turns of the event loop before time passes: to import a module that is loaded already takes one. */
const PATIENCE = 3

/**
 * The machine and network that the world describes. Virtual time passes while a module is loaded, which takes real time:
 * whatever a tool loads lazily is to be imported before it runs in here.
 */
export function simIo(world: World): SimIo {
  const clock = virtualClock(undefined, PATIENCE)
  const control = new AbortController()
  // As on a real machine: every open connection listens to it.
  setMaxListeners(0, control.signal)
  const logs = peerLogs()
  const dns = simResolver(world)
  const behaviourOf = portBehaviours(world.ports)
  const players = peerPlayer(behaviourOf, clock, logs, (host) => dns.lookup(host))
  const listeners = simListeners(clock)
  const datagrams = simDatagrams(clock, world.datagrams ?? {}, world.arrivals ?? [], logs)
  const addresses = world.addresses ?? ['10.0.0.1']
  const root = world.root ?? true
  const bind = binder({ addresses, root, taken: world.taken ?? [] })
  const net = simNet({ clock, clockName: world.clock ?? 'kernel', addresses, bind, players, behaviourOf })
  const packets = simPackets({ script: world, clock, root, addresses, behaviourOf, datagrams })
  const stdout = simStdout(clock, world.stdout ?? {})
  const machine = simSystem(world)
  const sockets = simSockets({
    clock,
    players,
    listeners,
    datagrams,
    addresses,
    unix: world.unix ?? {},
    tls: world.tls ?? {},
    bind,
    isFile: (path) => machine.system.readText(path) !== undefined,
  })
  callListeners(clock, world.clients ?? [], listeners, players, logs.add)
  return {
    ...machine,
    clock,
    net,
    openNet: async () => net,
    sockets,
    packets,
    wire: packets.wire,
    random: seededRandom(seedOf(world)),
    stdin: simStdin(clock, world.stdin ?? ['open'], world.stdinTty ?? false),
    stdout,
    output: stdout.written,
    datagrams: datagrams.sent,
    dns,
    openMatcher: async (patterns) => simMatcher(patterns),
    interrupted: control.signal,
    peerLog: logs.text,
    runFor: (promise, seconds) => runFor(clock, promise, seconds),
    runUntilIdle: (promise) => runUntilIdle(clock, promise),
    interrupt: (signal = 'SIGINT') => control.abort(signal),
  }
}
