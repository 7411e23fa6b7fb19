import { runCli, type Write } from '@portkit/core'
import { type Behaviour, type SimIo, STILL_RUNNING, simIo, type World } from '@portkit/core/sim'
import { VERSION, wordsOf } from '../../core/test/tool-kit.ts'
import { portscan } from '../src/cli.ts'
import { FILES } from './grammar-kit.ts'

export { OPEN, STEALTH } from '../../core/test/tool-kit.ts'

/** What routers say of packets that they do not forward (RFC 1812 section 5.2.7.1): 13 is administratively prohibited. */
export function rejects(code = 13, from = '10.0.0.254', afterMs = 0.3): Behaviour {
  const type = from.includes(':') ? 1 : 3
  return { does: 'icmp', afterMs, type, code, from }
}

/** These ports of an address all do the same. */
export function portsOf(address: string, ports: Iterable<number>, behaviour: Behaviour): World['ports'] {
  const host = address.includes(':') ? `[${address}]` : address
  return Object.fromEntries([...ports].map((port) => [`${host}:${port}`, behaviour]))
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** Ports that are not named refuse; services have the names of `grammar-kit.ts`. */
export function worldOf(ports: World['ports'], more: Omit<World, 'ports'> = {}): World {
  return { ports, ...more, files: { ...FILES, ...more.files } }
}

/** Who may not send packets. */
export const PLAIN_USER = { root: false, packetAccess: false } as const

/** What happens while the tool runs. */
interface Happening {
  /** When Ctrl-C comes, or another signal. */
  readonly interruptMs?: number | undefined
  readonly signal?: string
  /** How long name servers take; for ever when infinite. */
  readonly namesAfterMs?: number
  /** How long the reader of standard output takes for each write. */
  readonly readerTakesMs?: number
  /** The reader of standard output leaves after so many writes. */
  readonly readerLeavesAfter?: number
}

export interface Scanned {
  readonly status: number
  readonly out: string
  readonly err: string
  readonly io: SimIo
  /** Virtual. */
  readonly elapsedMs: number
  /** What was written to a file. */
  file(path: string): string
}

/** Runs a whole command line in a simulated world until it ends. Nothing may be left open then. */
export async function scan(
  words: string | readonly string[],
  world: World,
  happening: Happening = {},
): Promise<Scanned> {
  const { interruptMs, signal, namesAfterMs = 0, readerTakesMs = 0 } = happening
  const io = withSlowNames(simIo(world), namesAfterMs)
  if (interruptMs !== undefined) void io.clock.sleep(interruptMs).then(() => io.interrupt(signal))
  const paper = record(happening.readerLeavesAfter ?? Number.POSITIVE_INFINITY)
  const write: Write = async (line) => {
    if (readerTakesMs > 0) await io.clock.sleep(readerTakesMs)
    return paper.write(line)
  }
  const startNs = io.clock.nowNs()
  let endNs = startNs
  const running = start(words, io, readerTakesMs > 0 ? write : paper.write).finally(() => {
    endNs = io.clock.nowNs()
  })
  const status = await io.runUntilIdle(running)
  if (status === STILL_RUNNING) throw new Error(`it does not end: ${paper.err()}${paper.out()}`)
  // Whoever stops reading does not wait for the end.
  await io.runUntilIdle(new Promise<void>(() => {}))
  const left = { connections: io.net.open(), channels: io.packets.channels() }
  if (left.connections + left.channels > 0) throw new Error(`left open: ${JSON.stringify(left)}`)
  const elapsedMs = (endNs - startNs) / 1e6
  return { status, out: paper.out(), err: paper.err(), io, elapsedMs, file: (path) => fileOf(io, path) }
}

function withSlowNames(io: SimIo, ms: number): SimIo {
  if (ms === 0) return io
  const wait = (): Promise<void> =>
    ms === Number.POSITIVE_INFINITY ? new Promise(() => {}) : io.clock.sleep(ms)
  const dns: SimIo['dns'] = {
    lookup: (host, family) => wait().then(() => io.dns.lookup(host, family)),
    reverse: (address) => wait().then(() => io.dns.reverse(address)),
  }
  return { ...io, dns }
}

/** What a machine that loses its power after so many virtual milliseconds has in its files. */
export async function crashed(words: string, world: World, afterMs: number): Promise<World['files']> {
  const io = simIo(world)
  await io.runFor(
    start(words, io, () => true),
    afterMs / 1000,
  )
  return filesOf(io)
}

/** What was written, for a world where the next run finds it. */
export function filesOf(io: Pick<SimIo, 'written'>): Record<string, string> {
  return Object.fromEntries([...io.written.keys()].map((path) => [path, fileOf(io, path)]))
}

/** Virtual time passes while a module is loaded: whatever a run loads late is loaded here, in real time. */
async function warmUp(): Promise<void> {
  const peer = (text: string) => ({ does: 'accept', afterMs: 0.1, peer: { kind: 'greeting', text } }) as const
  const world = worldOf(
    {
      '10.0.0.2:22': peer('SSH-2.0-x\r\n'),
      '10.0.0.2:80': peer('HTTP/1.0 200 OK\r\n\r\n'),
      '10.0.0.2:81': peer(''),
    },
    { datagrams: { '10.0.0.2:53': { does: 'echo' } }, names: { '10.0.0.2': 'ptr.lan' } },
  )
  const files = '-oN n -oX x -oG g -oJ j -oD d --checkpoint state'
  for (const words of [
    '--help',
    '-sSU -sV --version-all -v --packet-trace -p T:22,T:80,T:81,U:53 10.0.0.2',
    '-sT --packet-trace -Pn -p 22 10.0.0.2',
    '-sn -PE --disable-arp-ping 10.0.0.2',
  ]) {
    const io = simIo(world)
    await start(`${words} ${words === '--help' ? '' : files}`, io, () => true)
    if (io.written.has('state')) {
      await start(
        '--resume state',
        simIo({ ...world, files: { ...world.files, ...filesOf(io) } }),
        () => true,
      )
    }
  }
  await start('-p 22 10.0.0.2', simIo({ ...world, ...PLAIN_USER }), () => true)
}

await warmUp()

function start(words: string | readonly string[], io: SimIo, write: Write): Promise<number> {
  const argv = typeof words === 'string' ? wordsOf(words) : words
  return runCli(portscan({ version: VERSION, argv }), argv, io, write, { version: VERSION })
}

function record(readerLeavesAfter: number) {
  const text = { out: '', err: '' }
  let writes = 0
  const write: Write = ({ to, text: more }) => {
    if (to === 'out') writes += 1
    if (to === 'out' && writes > readerLeavesAfter) return false
    text[to] += more
    return true
  }
  return { write, out: () => text.out, err: () => text.err }
}

function fileOf({ written }: Pick<SimIo, 'written'>, path: string): string {
  return Buffer.from(written.get(path) ?? '', 'latin1').toString('utf8')
}

/** The times of a text report as TIME, which differ by the time zone, and how long it took as N. */
export function timeless(text: string): string {
  return text
    .replace(/ at \d{4}-\d\d-\d\d \d\d:\d\d \S+/g, ' at TIME')
    .replace(/\bat \d\d:\d\d\b/g, 'at TIME')
    .replace(/ [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b/g, ' TIME')
    .replace(/\d+\.\d\d seconds/g, 'N seconds')
    .replace(/\d+\.\d\ds elapsed/g, 'Ns elapsed')
    .replace(/\(\d[\d.]*s latency\)/g, '(Ns latency)')
}

/** The rows of a text report's tables: `22/tcp open ssh syn-ack ttl 64`. */
export function rowsOf(out: string): readonly string[] {
  return out
    .split('\n')
    .filter((line) => /^\d+\/(tcp|udp) /.test(line))
    .map((line) => line.replace(/ {2,}/g, ' '))
}
