import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { missing } from '@portkit/lab'
import { ScanWorld, type Truth } from '@portkit/lab/scan-world'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe } from 'vitest'

type ExecOptions = NonNullable<Parameters<ScanWorld['exec']>[2]>
type Running = ReturnType<ScanWorld['spawn']>
export type Finished = Awaited<Running['done']>

/** A scan that was made, by its XML on standard output. */
export interface Scanned extends Finished {
  readonly hosts: ReadonlyMap<string, PortStates>
}

/** The states of a host's ports, by number. */
export type PortStates = ReadonlyMap<number, string>

/** How a scan is asked whether it is right. */
export interface Expected {
  readonly truth: Truth
  readonly scan: 'syn' | 'connect' | 'udp'
  /** Both included. */
  readonly from: number
  readonly to: number
}

export interface ScanLab {
  readonly world: ScanWorld
  /** portscan's command line, to be run by something else. */
  command(args: readonly string[]): readonly [string, ...string[]]
  /** Scans with `-n -oX -`, and gives what was found. */
  scan(args: string, options?: ExecOptions): Promise<Scanned>
  /** Begins one. */
  start(args: string, options?: ExecOptions): Running
}

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const

/** Without any right. */
export const AS_NOBODY = [...NOBODY, '--inh-caps=-all', '--'] as const

/** With the right to send packets, and no other one. */
export const AS_SENDER = [...NOBODY, '--inh-caps=-all,+net_raw', '--ambient-caps=+net_raw', '--'] as const

/** How long a scan may take on a machine that others use as well. */
const PATIENCE_MS = 50_000

/** Tests in a world of scanners of their own; skipped, with what is missing, where there can be none. */
export function describeScans(title: string, needs: readonly string[], tests: (lab: ScanLab) => void): void {
  const lacks = missing(['setpriv', 'cc', ...needs])
  const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
  describe.skipIf(skipped !== '')(`${title}${skipped}`, () => {
    const tool = builtTool(fileURLToPath(new URL('..', import.meta.url)), 'portscan')
    const world = new ScanWorld({ far: { roundTripMs: 50 } })
    beforeAll(() => world.up())
    afterAll(() => world.remove())
    const start = (args: string, options: ExecOptions = {}): Running => {
      const [command, words] = tool.command(...args.split(' '))
      return world.spawn(command, words, { timeoutMs: PATIENCE_MS, ...options })
    }
    tests({
      world,
      command: (args) => {
        const [command, words] = tool.command(...args)
        return [command, ...words]
      },
      start,
      async scan(args, options) {
        const finished = await start(`-n -oX - ${args}`, options).done
        return { ...finished, hosts: statesIn(finished.stdout) }
      },
    })
  })
}

/** What a report in XML says, collapsed ports too. */
export function statesIn(xml: string): ReadonlyMap<string, PortStates> {
  const hosts = [...xml.matchAll(/<host [^>]*>.*?<\/host>/gs)].map(([host]): [string, PortStates] => [
    /<address addr="([^"]+)" addrtype="ipv[46]"/.exec(host)?.[1] ?? '',
    new Map([...listed(host), ...collapsed(host)]),
  ])
  return new Map(hosts)
}

export function statesInFile(path: string): ReadonlyMap<string, PortStates> {
  return statesIn(readFileSync(path, 'utf8'))
}

/** `22 filtered, not open` of each port that is not as it should be, `23 unknown, not closed` of those without a verdict. */
export function mistakes(
  states: PortStates | undefined,
  { truth, scan, from, to }: Expected,
): readonly string[] {
  const ports = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  return ports.flatMap((port) => {
    const said = states?.get(port) ?? 'unknown'
    const right = truth(port, scan)
    return said === right ? [] : [`${port} ${said}, not ${right}`]
  })
}

/** `22 filtered` of each port with a verdict that is not so; those without one do not matter. */
export function falsehoods(
  states: PortStates | undefined,
  { truth, scan }: Pick<Expected, 'truth' | 'scan'>,
): readonly string[] {
  return [...(states ?? [])].flatMap(([port, state]) =>
    state === truth(port, scan) ? [] : [`${port} ${state}`],
  )
}

/** The most memory that a running program has held until it ended, in octets (`VmHWM` of proc(5)). */
export async function peakMemoryOf({ pid, done }: Running): Promise<number> {
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, highWaterOf(pid))
  }, LOOK_MS)
  await done.finally(() => clearInterval(look))
  return peak
}

const LOOK_MS = 20

function highWaterOf(pid: number): number {
  try {
    const [, kilo = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilo) * 1024
  } catch {
    // It ended this very moment.
    return 0
  }
}

function listed(host: string): [number, string][] {
  const rows = host.matchAll(/portid="(\d+)"><state state="([^"]+)"/g)
  return [...rows].map(([, port, state = '']) => [Number(port), state])
}

function collapsed(host: string): [number, string][] {
  const groups = host.matchAll(/<extraports state="([^"]+)"[^>]*>(.*?)<\/extraports>/gs)
  return [...groups].flatMap(([, state = '', reasons = '']) =>
    [...reasons.matchAll(/ports="([^"]+)"/g)].flatMap(([, ranges = '']) =>
      ranges.split(',').flatMap((range) => numbersOf(range).map((port): [number, string] => [port, state])),
    ),
  )
}

/** Of `7` and `10-20`. */
function numbersOf(range: string): readonly number[] {
  const [first = 0, last = first] = range.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
