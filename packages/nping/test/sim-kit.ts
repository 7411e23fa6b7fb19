import { type Line, runCli } from '@portkit/core'
import { type SimIo, type StillRunning, simIo, type WirePacket, type World } from '@portkit/core/sim'
import { decodeLink, decodeTcp, decodeUdp } from '@portkit/core/wire'
import { npingTs } from '../src/cli.ts'

const VERSION = '1.2.3'

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

/** Virtual time passes while the tool loads what it does not always need: here it loads it once. */
for (const mode of [
  '--tcp',
  '--tcp --tr',
  '--tcp-connect',
  '--udp --unprivileged',
  '--tcp --json --write w',
]) {
  const argv = `${mode} -c 1 -p 22 10.0.0.2`.split(' ')
  const io = simIo(PLAIN)
  await runCli(npingTs(VERSION), argv, io, () => true, { version: VERSION })
  const file = Uint8Array.from(Buffer.from(io.written.get('w') ?? '', 'latin1'))
  const reader = simIo({ ...PLAIN, files: { r: file } })
  if (file.length > 0)
    await runCli(npingTs(VERSION), ['--read', 'r'], reader, () => true, { version: VERSION })
}

export interface Ran {
  readonly status: number | StillRunning
  readonly stdout: string
  readonly stderr: string
  readonly io: SimIo
  /** Virtual milliseconds that the run took. */
  readonly tookMs: number
}

/** Runs nping-ts in a world of data until nothing can happen any more. Ctrl-C comes at `interruptMs`, if at all. */
export async function run(command: string, world: World = PLAIN, interruptMs?: number): Promise<Ran> {
  return runOn(simIo(world), command.split(' ').filter(Boolean), interruptMs)
}

export async function runOn(io: SimIo, argv: readonly string[], interruptMs?: number): Promise<Ran> {
  const lines: Line[] = []
  const write = (line: Line): boolean => {
    lines.push(line)
    return true
  }
  if (interruptMs !== undefined) void io.clock.sleep(interruptMs).then(() => io.interrupt())
  const startNs = io.clock.nowNs()
  let endNs = startNs
  const running = runCli(npingTs(VERSION), argv, io, write, { version: VERSION }).finally(() => {
    endNs = io.clock.nowNs()
  })
  const status = await io.runUntilIdle(running)
  const textOf = (to: Line['to']) => lines.flatMap((line) => (line.to === to ? line.text : [])).join('')
  return { status, stdout: textOf('out'), stderr: textOf('err'), io, tookMs: (endNs - startNs) / 1e6 }
}

/** What is counted at the end: probes that were sent, answers, and what is missing. */
export function countsOf(stdout: string) {
  const [, sent, received, lost] =
    /(?:sent|attempts): (\d+).*?(?:Rcvd|connections): (\d+).*?(?:Lost|Failed): (\d+)/.exec(stdout) ?? []
  return { sent: Number(sent), received: Number(received), lost: Number(lost) }
}

/** The rows of the table of verdicts, their cells put together with one blank between. */
export function verdictsOf(stdout: string): readonly string[] {
  const lines = stdout.split('\n')
  const title = lines.findIndex((line) => line.startsWith('TARGET'))
  if (title < 0) return []
  return lines
    .slice(title + 1)
    .filter((line) => line !== '')
    .map((line) => line.replace(/ +/g, ' '))
}

/** The lines that begin so. */
export function linesOf(stdout: string, start: 'SENT' | 'RCVD' | 'ERR'): readonly string[] {
  return stdout.split('\n').filter((line) => line.startsWith(start))
}

export interface OnWire {
  readonly atMs: number
  readonly destination: string
  readonly port: number | undefined
  readonly sourcePort: number | undefined
  readonly ttl: number
}

/** The IP packets of the tool's own that left, in order: neither the kernel's resets nor its questions. */
export function shotsOf(io: SimIo, isOurs: (packet: WirePacket) => boolean = () => true): readonly OnWire[] {
  return io.wire.flatMap((packet) => {
    if (packet.direction !== 'out' || !isOurs(packet)) return []
    const network = decodeLink(packet.linkType, packet.octets)?.network
    if (network?.kind !== 'ipv4' && network?.kind !== 'ipv6') return []
    const { header } = network
    const { from, to } = header.payload
    const tcp = header.protocol === 6 ? decodeTcp(packet.octets, from, to) : undefined
    const udp = header.protocol === 17 ? decodeUdp(packet.octets, from, to) : undefined
    const isKernelReset = tcp !== undefined && tcp.flags === 4
    if (isKernelReset) return []
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
