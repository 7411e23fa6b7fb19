import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NcWorld } from '@portkit/lab/nc-world'
import type { RecordedCase, RecordedExit, RecordedInput, RecordedPeer } from './recorded-cases.ts'
import { type Running, startShell, within } from './recorded-process.ts'

/** A tool under test: a directory in which `nc` and `nc.openbsd` are it. */
export interface Tool {
  readonly bin: string
  /** How much longer than nc it may take to start: seconds. */
  readonly startSeconds: number
}

export interface PeerOutcome {
  readonly exit: RecordedExit
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly events: readonly string[]
}

export interface Outcome {
  readonly exit: RecordedExit
  readonly seconds: number
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly options: readonly string[]
  readonly peers: Readonly<Record<string, PeerOutcome>>
}

/** A peer that is at work; `end` waits for its end as long as it should, and tells what came of it. */
interface Standing {
  readonly accepted: () => Promise<unknown>
  readonly end: () => Promise<PeerOutcome>
}

const NOTHING: PeerOutcome = {
  exit: { kind: 'running' },
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  events: [],
}

/** Beyond its recorded time a program that should end has so long, and a peer after the tool's end: seconds. */
const PATIENCE = { tool: 8, peer: 6, tail: 0.4, bound: 4 }

const FDRECV = join(dirname(createRequire(import.meta.url).resolve('@portkit/lab')), 'peers', 'fdrecv.mjs')

/** Runs a recorded case with a tool in a world, of which nobody else may make use meanwhile. */
export async function runCase(
  run: RecordedCase,
  world: NcWorld,
  tool: Tool,
  scratch: string,
): Promise<Outcome> {
  const cwd = mkdtempSync(join(scratch, 'case-'))
  chmodSync(cwd, 0o777)
  const restore = changeSysctl(run, world)
  const stage = new Stage(run, world, tool, cwd)
  try {
    return await stage.play()
  } finally {
    await stage.clear()
    restore()
    rmSync(cwd, { recursive: true, force: true })
  }
}

class Stage {
  readonly #run: RecordedCase
  readonly #world: NcWorld
  readonly #tool: Tool
  readonly #cwd: string
  readonly #programs: Running[] = []
  readonly #helpers: RecordedPeer[] = []

  constructor(run: RecordedCase, world: NcWorld, tool: Tool, cwd: string) {
    this.#run = run
    this.#world = world
    this.#tool = tool
    this.#cwd = cwd
  }

  async play(): Promise<Outcome> {
    const run = this.#run
    if (run.before !== undefined) await within(this.#shell(run.place, run.before, { kind: 'null' }), 5)
    const [late, early] = split(run.peers, (peer) => peer.verb === 'sh' && /^sleep/.test(peer.args[0] ?? ''))
    const standing = new Map<string, Standing>()
    for (const peer of early) standing.set(peer.name, await this.#early(peer))
    const before = new Set(late.length === 0 ? [] : await this.#world.bound(run.place))
    const main = this.#main([...standing.values()])
    if (late.length > 0) await this.#until(async () => main.isOver() || (await this.#hasMore(before)))
    for (const peer of main.isOver() ? [] : late) standing.set(peer.name, this.#program(peer))
    const ended = await within(main, this.#limit())
    const outcomes = await Promise.all(
      run.peers.map(async ({ name }) => [name, (await standing.get(name)?.end()) ?? NOTHING] as const),
    )
    const { exit, seconds, stdout, stderr } = ended
    return { exit, seconds, stdout, stderr, options: this.#options(), peers: Object.fromEntries(outcomes) }
  }

  #limit(): number {
    const { exit, seconds, input } = this.#run
    const more = exit.kind === 'running' ? 0 : PATIENCE.tool
    return seconds + more + this.#tool.startSeconds * (input.kind === 'tty' ? 2 : 1)
  }

  #main(standing: readonly Standing[]): Running {
    const { command, place, input, options } = this.#run
    const traced = `strace -f -qq --seccomp-bpf -e trace=setsockopt,bind -o trace.txt sh -c '${command.replaceAll("'", "'\\''")}'`
    return this.#shell(place, options.length > 0 ? traced : command, input, this.#inputFrom(standing))
  }

  /** Waits in a script count from when the tool is at work: from its connection to our server where there is one. */
  async #inputFrom(standing: readonly Standing[]): Promise<void> {
    const { input } = this.#run
    if (input.kind === 'null' || input.steps.every(({ kind }) => kind === 'write')) return
    if (this.#run.peers.some(({ verb }) => verb === 'server')) await standing[0]?.accepted()
    else await sleep(this.#tool.startSeconds * 1000)
  }

  #options(): readonly string[] {
    const file = join(this.#cwd, 'trace.txt')
    return existsSync(file) ? toldKernel(readFileSync(file, 'latin1')) : []
  }

  async #early(peer: RecordedPeer): Promise<Standing> {
    if (peer.verb === 'sniffer') return this.#sniffer(peer)
    if (peer.verb !== 'sh') return this.#helper(peer)
    const before = new Set(await this.#world.bound(peer.place))
    const standing = this.#program(peer)
    await this.#until(() => this.#hasMore(before))
    return standing
  }

  #program(peer: RecordedPeer): Standing {
    const program = this.#shell(peer.place, peer.args[0] ?? '', peer.input)
    const patience = peer.exit?.kind === 'running' ? PATIENCE.tail : PATIENCE.peer
    return {
      accepted: async () => {},
      end: async () => ({ ...(await within(program, patience)), events: [] }),
    }
  }

  async #helper(peer: RecordedPeer): Promise<Standing> {
    const { name, place, verb, args } = peer
    await this.#world.startPeer(place, name, verb, args)
    this.#helpers.push(peer)
    const ask = () => this.#world.askPeer(place, name)
    return {
      accepted: () => this.#until(async () => (await ask()).events.length > 0),
      end: async () => {
        if (verb === 'server') await this.#until(async () => (await ask()).ended, PATIENCE.peer)
        else await sleep(PATIENCE.tail * 1000)
        const { events, ended } = await ask()
        return { ...NOTHING, exit: ended ? { kind: 'status', status: 0 } : NOTHING.exit, events }
      },
    }
  }

  /** Words: how many packets, then a filter as in pcap-filter(7). */
  async #sniffer({ place, args: [count, ...filter] }: RecordedPeer): Promise<Standing> {
    const command = `exec timeout 4 tcpdump -lni lab0 -t -c ${count} ${filter.join(' ')}`
    const program = this.#shell(place, command, { kind: 'null' })
    await this.#until(async () => program.stderr().includes('listening on'))
    return {
      accepted: async () => {},
      end: async () => {
        const { exit, stdout } = await within(program, PATIENCE.peer)
        return { ...NOTHING, exit, events: segments(stdout.toString('latin1')) }
      },
    }
  }

  #shell(
    place: 'probe' | 'target',
    command: string,
    input: RecordedInput,
    inputFrom?: Promise<unknown>,
  ): Running {
    // pnpm's own NODE_PATH would let a tool find packages that it does not bring along.
    const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, NODE_PATH: _path, ...rest } = process.env
    const path = [this.#tool.bin, dirname(process.execPath), rest.PATH ?? ''].join(':')
    const program = startShell({
      namespace: this.#world.namespace(place),
      command: command
        .replaceAll(/\bFDRECV\b/g, `'${process.execPath}' '${FDRECV}'`)
        .replaceAll(/\bNC\b/g, 'nc'),
      cwd: this.#cwd,
      env: { ...rest, PATH: path, LC_ALL: 'C', TMPDIR: '/tmp' },
      input,
      ...(inputFrom === undefined ? {} : { inputFrom }),
    })
    this.#programs.push(program)
    return program
  }

  async #hasMore(before: ReadonlySet<string>): Promise<boolean> {
    return (await this.#world.bound(this.#run.place)).some((each) => !before.has(each))
  }

  async #until(condition: () => Promise<boolean>, seconds = PATIENCE.bound): Promise<void> {
    const deadline = performance.now() + seconds * 1000
    while (!(await condition()) && performance.now() < deadline) await sleep(15)
  }

  /** Ends whatever is still there. */
  async clear(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.cut()))
    for (const { place, name } of this.#helpers) await this.#world.stopPeer(place, name)
  }
}

function split<T>(items: readonly T[], is: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(is), items.filter((item) => !is(item))]
}

/** What the kernel was told, from strace(1): `IP_TOS 16`, `bind 10.77.0.11 45000`. */
function toldKernel(trace: string): readonly string[] {
  const option = /setsockopt\(\d+, SOL_\w+, (\w+), \[(\d+)\], 4\) += 0/
  const bind =
    /bind\(\d+, \{sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)\}, 16\) += 0/
  return trace.split('\n').flatMap((line) => {
    const [, name, value] = option.exec(line) ?? []
    if (name !== undefined) return [`${name} ${value}`]
    const [, port, address] = bind.exec(line) ?? []
    return port === undefined ? [] : [`bind ${address} ${port}`]
  })
}

/** Who sent, flags and length of TCP segments, from tcpdump(1). */
function segments(text: string): readonly string[] {
  const line = /^IP (\d+\.\d+\.\d+\.\d+)\.\d+ > .*?Flags \[(.*?)\].*? length (\d+)/
  return text.split('\n').flatMap((each) => {
    const [, from, flags, length] = line.exec(each) ?? []
    return from === undefined ? [] : [`${from} [${flags}] ${length}`]
  })
}

/** @returns what puts it back */
function changeSysctl(run: RecordedCase, world: NcWorld): () => void {
  if (run.sysctl === undefined) return () => {}
  const [name = '', value = ''] = run.sysctl.split('=')
  const command = (what: string): string[] => ['netns', 'exec', world.namespace(run.place), 'sh', '-c', what]
  const usual = execFileSync('ip', command(`cat /proc/sys/${name}`), { encoding: 'utf8' }).trim()
  const put = (number: string) => execFileSync('ip', command(`echo ${number} > /proc/sys/${name}`))
  put(value)
  return () => put(usual)
}
