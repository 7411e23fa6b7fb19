import type { Io, System, UserRequest } from '../io/io.ts'
import { ResolveError } from '../model/errors.ts'
import type { Address } from '../model/target.ts'
import { type PortScript, type SimNet, simNet } from './sim-net.ts'
import { virtualClock } from './virtual-clock.ts'

export type { Behaviour, PortScript } from './sim-net.ts'
export { virtualClock } from './virtual-clock.ts'

/** A whole simulated machine and network, as data: `{ hosts: { web: ['10.0.0.2'] }, ports: { '10.0.0.2:22': … } }`. */
export interface World {
  /** Addresses of names; a list of lists answers one look-up after another, the last one for ever. */
  readonly hosts?: Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>
  /** Keys as `10.0.0.2:22` or `[::1]:22`; a port that is not named refuses after 0.1 ms. */
  readonly ports: Readonly<Record<string, PortScript>>
  /** Which clock open ports are measured with. */
  readonly clock?: 'kernel' | 'process'
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly interfaces?: System['interfaces'] extends () => infer R ? R : never
  /** Both streams are terminals of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

export interface SimIo extends Io {
  readonly net: SimNet
  /** What was written with `writeAtomically`, newest text by path. */
  readonly written: ReadonlyMap<string, string>
  /** Commands given to the shell, with their variables. */
  readonly commands: readonly { readonly command: string; readonly env: Readonly<Record<string, string>> }[]
  /** The user presses Ctrl-C, or asks for something. */
  interrupt(signal?: string): void
  request(request: UserRequest): void
}

export function simIo(world: World): SimIo {
  const clock = virtualClock()
  const control = new AbortController()
  const net = simNet(world.ports, clock, world.clock ?? 'kernel')
  const written = new Map<string, string>()
  const commands: { command: string; env: Readonly<Record<string, string>> }[] = []
  const listeners = new Set<(request: UserRequest) => void>()
  const terminal = {
    isTty: world.terminal !== undefined,
    columns: () => world.terminal?.columns ?? 80,
    rows: () => world.terminal?.rows ?? 24,
  }
  const system: System = {
    env: world.env ?? {},
    platform: 'linux',
    stdout: terminal,
    stderr: terminal,
    interfaces: () => world.interfaces ?? {},
    onRequest(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    readText: (path) => written.get(path) ?? world.files?.[path],
    writeAtomically: (path, text) => void written.set(path, text),
    async shell(command, env) {
      commands.push({ command, env })
      return 0
    },
  }
  return {
    clock,
    net,
    openNet: () => net,
    dns: simResolver(world.hosts ?? {}),
    system,
    interrupted: control.signal,
    written,
    commands,
    interrupt: (signal = 'SIGINT') => control.abort(signal),
    request: (request) => {
      for (const listener of listeners) listener(request)
    },
  }
}

function simResolver(hosts: NonNullable<World['hosts']>): Io['dns'] {
  const asked = new Map<string, number>()
  return {
    async lookup(host, family) {
      const turn = asked.get(host) ?? 0
      asked.set(host, turn + 1)
      const entry = hosts[host] ?? []
      const answers = (Array.isArray(entry[0]) ? entry : [entry]) as readonly (readonly string[])[]
      const found = (answers[Math.min(turn, answers.length - 1)] ?? []).map(toAddress)
      const fitting = found.filter((a) => family === undefined || a.family === family)
      if (fitting.length === 0) throw new ResolveError(host, 'ENOTFOUND', 'Name or service not known')
      return fitting
    },
  }
}

function toAddress(address: string): Address {
  return { address, family: address.includes(':') ? 6 : 4 }
}
