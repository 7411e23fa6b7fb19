import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ConnectRequest, type Line, runCli } from '@portkit/core'
import { type SimIo, STILL_RUNNING, type StdinScript, simIo, type World } from '@portkit/core/sim'
import { ncTs } from '../src/cli.ts'
import type { RecordedCase, RecordedPeer } from './recorded-cases.ts'
import type { Outcome, PeerOutcome } from './recorded-run.ts'
import { callerOf, commandOf, type SimCommand } from './recorded-sim-command.ts'
import { NETWORK } from './recorded-sim-network.ts'
import { logNames, simPeers } from './recorded-sim-peers.ts'
import { unescaped } from './recorded-words.ts'

/** A run that should end has so long beyond its recorded time, and its peers after it: virtual seconds. */
const PATIENCE_S = 8

const SOURCES = join(import.meta.dirname, '..', 'src')

const INFO = { version: '1.2.3' }

/** Loads whatever nc-ts loads when it needs it: virtual time would run past that. */
export async function loadEverything(): Promise<void> {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  const modules = names.filter((name) => name.endsWith('.ts') && name !== 'bin.ts')
  await Promise.all(modules.map((name) => import(join(SOURCES, name))))
  // Help is core's, and loaded by it alone.
  await runCli(ncTs('nc'), ['--help'], simIo({ ports: {} }), () => true, INFO)
}

/** Runs a case in the simulated world. @throws Error for one that cannot be run there */
export async function runSimulated(run: RecordedCase): Promise<Outcome> {
  const command = commandOf(run.command)
  if (command === undefined) throw new Error(`no simple command: ${run.command}`)
  const io = simIo(worldOf(run, command))
  const lines: Line[] = []
  const write = (line: Line): boolean => lines.push(line) > 0
  const tool = runCli(ncTs(command.name), command.argv, io, write, INFO)
  const limit = run.exit.kind === 'running' ? run.seconds : run.seconds + PATIENCE_S
  const status = await io.runFor(tool, limit)
  const seconds = io.clock.nowNs() / 1e9
  // The peers go on until they have seen the tool's end.
  if (status !== STILL_RUNNING) await io.runFor(new Promise(() => {}), PATIENCE_S)
  const textTo = (to: Line['to']) =>
    lines.filter((line) => line.to === to).map(({ text }) => Buffer.from(text))
  return {
    exit: status === STILL_RUNNING ? { kind: 'running' } : { kind: 'status', status },
    seconds,
    stdout: Buffer.concat([...textTo('out'), ...io.output.map(({ octets }) => octets)]),
    stderr: Buffer.concat(textTo('err')),
    options: io.net.attempts.flatMap(({ request }) => told(request)),
    peers: Object.fromEntries(run.peers.map((peer) => [peer.name, peerOutcome(peer, run.peers, io)])),
  }
}

function worldOf(run: RecordedCase, { redirected }: SimCommand): World {
  const peers = simPeers(run)
  const unanswered = { code: 'EAI_AGAIN', text: 'Temporary failure in name resolution' }
  return {
    ...NETWORK,
    ...peers,
    ports: { ...NETWORK.ports, ...peers.ports, ...(run.sysctl === undefined ? {} : FEW_SYNS) },
    datagrams: { ...NETWORK.datagrams, ...peers.datagrams },
    unix: {
      ...NETWORK.unix,
      ...(run.before?.includes('-lU u.sock') ? { 'u.sock': { does: 'refuse' } } : {}),
    },
    ...(run.place === 'target' ? { nameErrors: { 'nosuch.lab': unanswered } } : {}),
    stdin: redirected === 'no stdin' ? 'closed' : stdinOf(run),
    stdout: redirected === 'full stdout' ? { fails: { code: 'ENOSPC', afterOctets: 0 } } : {},
  }
}

/** The one sysctl of a recorded run: one SYN is sent again, so that the system gives up after 3 s. */
const FEW_SYNS = { '10.77.0.2:137': { does: 'drop', givesUpAfterMs: 3000 } } as const satisfies World['ports']

function stdinOf({ input }: RecordedCase): StdinScript {
  if (input.kind !== 'pipe') return 'null'
  const steps = input.steps.map((step) =>
    step.kind === 'wait' ? { waitMs: step.seconds * 1000 } : { write: step.octets },
  )
  return [...steps, input.end]
}

/** A connection request as strace would show it in the form of the records. */
function told(request: ConnectRequest): readonly string[] {
  const { family, tos, ttl, minTtl, receiveBuffer, sendBuffer, debug, sourceAddress, sourcePort } = request
  const six = family === 6
  const numbers = {
    [six ? 'IPV6_UNICAST_HOPS' : 'IP_TTL']: ttl,
    [six ? 'IPV6_MINHOPCOUNT' : 'IP_MINTTL']: minTtl,
    [six ? 'IPV6_TCLASS' : 'IP_TOS']: tos,
    SO_DEBUG: debug ? 1 : undefined,
    SO_RCVBUF: receiveBuffer,
    SO_SNDBUF: sendBuffer,
  }
  const set = Object.entries(numbers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  )
  const bound = sourceAddress !== undefined || sourcePort !== undefined
  return bound ? [...set, `bind ${sourceAddress ?? '0.0.0.0'} ${sourcePort ?? 0}`] : set
}

/** Programs that something stands for are as they were recorded, but for what they hear from the tool. */
function peerOutcome(peer: RecordedPeer, peers: readonly RecordedPeer[], io: SimIo): PeerOutcome {
  const logs = logNames(peer, peers).map((name) => io.peerLog(name))
  const events = logs.join('').split('\n').slice(0, -1).map(eventOf)
  const exit = peer.exit ?? ({ kind: 'running' } as const)
  const [stdout, stderr] = [Buffer.from(peer.stdout), Buffer.from(peer.stderr)]
  if (peer.verb !== 'sh') return { exit, stdout, stderr, events }
  return { exit, stdout: callerOf(peer) === undefined ? stdout : heard(events), stderr, events: [] }
}

/** The simulated peers' way of telling, in the form of the records. */
function eventOf(line: string): string {
  return line
    .trimStart()
    .replace(/ b'/, " '")
    .replace(/^error OSError eof .*/, 'eof')
    .replace(/(?:\w+Error )?\[Errno 111\] .*/, 'ECONNREFUSED')
}

function heard(events: readonly string[]): Buffer {
  return Buffer.concat(events.map((event) => unescaped(/ got '(.*)'$/.exec(event)?.[1] ?? '')))
}
