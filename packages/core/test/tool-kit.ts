import type { Cli } from '../src/cli/define.ts'
import type { Line } from '../src/cli/line.ts'
import type { OptionTable } from '../src/cli/options.ts'
import { runCli } from '../src/cli/run-cli.ts'
import { type SimIo, type StillRunning, simIo, type WirePacket, type World } from '../src/sim/sim.ts'
import { decodeLink } from '../src/wire/link.ts'
import { decodeTcp } from '../src/wire/tcp.ts'
import { TCP_FLAG } from '../src/wire/tcp-flags.ts'
import { decodeUdp } from '../src/wire/udp.ts'

export const VERSION = '1.2.3'

export const OPEN = { does: 'accept', afterMs: 0.25 } as const
export const CLOSED = { does: 'refuse', afterMs: 0.3 } as const
export const STEALTH = { does: 'drop' } as const

/** One host with an open, a closed and a silent port, for TCP and for UDP. */
export const PLAIN: World = {
  hosts: { 'db.lan': ['10.0.0.2'] },
  ports: { '10.0.0.2:22': OPEN, '10.0.0.2:23': CLOSED, '10.0.0.2:24': STEALTH },
  datagrams: { '10.0.0.2:53': { does: 'echo', afterMs: 0.4 }, '10.0.0.2:69': { does: 'drop' } },
  addresses: ['10.0.0.1', 'fd00::1'],
  interfaces: { eth0: [{ address: '10.0.0.1', family: 4 }] },
}

/** What the user does while the tool runs. */
export interface User {
  /** When Ctrl-C comes. */
  readonly interruptMs?: number | undefined
  /** When Ctrl-Z comes. */
  readonly suspendMs?: readonly number[] | undefined
}

export interface Ran {
  readonly status: number | StillRunning
  readonly stdout: string
  readonly stderr: string
  /** Both in the order in which they were written, each line of standard error behind an exclamation mark. */
  readonly transcript: string
  readonly io: SimIo
  /** Virtual milliseconds that the run took. */
  readonly tookMs: number
  /** Whether the tool took each Ctrl-Z. */
  readonly taken: readonly boolean[]
}

/** Runs a tool in worlds of data until nothing can happen any more. */
export interface Runner {
  run(command: string, world?: World, user?: User): Promise<Ran>
  runOn(io: SimIo, argv: readonly string[], user?: User): Promise<Ran>
  /**
   * Without waiting for the virtual clock: captures are read in real time, which it does not know. What is written then
   * is all there is.
   */
  readOn(io: SimIo, argv: readonly string[]): Promise<Report>
}

export interface Report {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export function wordsOf(command: string): readonly string[] {
  return command.split(' ').filter(Boolean)
}

/** What a tool writes. */
function record() {
  const lines: Line[] = []
  const textOf = (to: Line['to']) => lines.flatMap((line) => (line.to === to ? line.text : [])).join('')
  return {
    write(line: Line): boolean {
      lines.push(line)
      return true
    },
    stdout: () => textOf('out'),
    stderr: () => textOf('err'),
    transcript: () =>
      lines.map(({ to, text }) => (to === 'out' ? text : text.replace(/^(?=.)/gm, '! '))).join(''),
  }
}

/** @param cli makes the command; each run has its own */
export function toolRunner<O extends OptionTable>(cli: () => Cli<O>): Runner {
  const start = (io: SimIo, argv: readonly string[], write: (line: Line) => boolean): Promise<number> =>
    runCli(cli(), argv, io, write, { version: VERSION })
  const runner: Runner = {
    run: (command, world = PLAIN, user) => runner.runOn(simIo(world), wordsOf(command), user),
    async runOn(io, argv, { interruptMs, suspendMs = [] } = {}) {
      const taken: boolean[] = []
      if (interruptMs !== undefined) void io.clock.sleep(interruptMs).then(() => io.interrupt())
      for (const ms of suspendMs) void io.clock.sleep(ms).then(() => taken.push(io.suspend()))
      const { write, ...written } = record()
      const startNs = io.clock.nowNs()
      let endNs = startNs
      const running = start(io, argv, write).finally(() => {
        endNs = io.clock.nowNs()
      })
      const status = await io.runUntilIdle(running)
      const texts = { stdout: written.stdout(), stderr: written.stderr(), transcript: written.transcript() }
      return { status, ...texts, io, tookMs: (endNs - startNs) / 1e6, taken }
    },
    async readOn(io, argv) {
      const { write, stdout, stderr } = record()
      const status = await start(io, argv, write)
      return { status, stdout: stdout(), stderr: stderr() }
    },
  }
  return runner
}

/** The octets of a file that the tool wrote. */
export function fileOf({ written }: Pick<SimIo, 'written'>, path: string): Uint8Array {
  return Uint8Array.from(Buffer.from(written.get(path) ?? '', 'latin1'))
}

/**
 * Virtual time passes while the tool loads what it does not always need: here it loads it once. Each command line that
 * writes a capture to `w` is followed by one that reads it.
 */
export async function warmUp({ readOn }: Runner, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const io = simIo(PLAIN)
    await readOn(io, wordsOf(command))
    const file = fileOf(io, 'w')
    if (file.length > 0) await readOn(simIo({ ...PLAIN, files: { r: file } }), ['--read', 'r'])
  }
}

export interface OnWire {
  readonly atMs: number
  readonly destination: string
  readonly port: number | undefined
  readonly sourcePort: number | undefined
  readonly ttl: number
}

/** The IP packets of the tool's own that left, in order: neither the kernel's resets nor its questions. */
export function shotsOf({ wire }: Pick<SimIo, 'wire'>): readonly OnWire[] {
  return outgoing({ wire }).flatMap((packet) => {
    const network = decodeLink(packet.linkType, packet.octets)?.network
    if (network?.kind !== 'ipv4' && network?.kind !== 'ipv6') return []
    const { header } = network
    const { from, to } = header.payload
    const tcp = header.protocol === 6 ? decodeTcp(packet.octets, from, to) : undefined
    const udp = header.protocol === 17 ? decodeUdp(packet.octets, from, to) : undefined
    const shown = {
      atMs: packet.timeNs / 1e6,
      destination: header.destination,
      port: (tcp ?? udp)?.destinationPort,
      sourcePort: (tcp ?? udp)?.sourcePort,
      ttl: 'hopLimit' in header ? header.hopLimit : header.ttl,
    }
    return [shown]
  })
}

/** The packets of the tool's own that left: the kernel resets and refuses what no socket waits for. */
export function outgoing({ wire }: Pick<SimIo, 'wire'>): readonly WirePacket[] {
  return wire.filter((packet) => packet.direction === 'out' && !isOfKernel(packet))
}

/** Unreachable: RFC 792, RFC 4443 section 3.1. */
const UNREACHABLE: Readonly<Record<number, number>> = { 1: 3, 58: 1 }

function isOfKernel({ linkType, octets }: WirePacket): boolean {
  const network = decodeLink(linkType, octets)?.network
  if (network?.kind !== 'ipv4' && network?.kind !== 'ipv6') return false
  const { protocol, payload } = network.header
  if (protocol === 6) return decodeTcp(octets, payload.from, payload.to)?.flags === TCP_FLAG.rst
  return octets[payload.from] === UNREACHABLE[protocol]
}

export type JsonRecord = Readonly<Record<string, unknown>>

export function recordsOf(stdout: string, type?: string): readonly JsonRecord[] {
  const all = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JsonRecord)
  return type === undefined ? all : all.filter((record) => record.type === type)
}
