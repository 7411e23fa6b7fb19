import {
  type Address,
  type ByteStream,
  type ConnectFact,
  type Connection,
  classify,
  type Net,
  type PortState,
  type Sweep,
} from '@portkit/core'
import { type Dialled, dial, isOpen } from './dial.ts'
import { lookUp, lookUpLocal } from './look-up.ts'
import type { Run } from './run.ts'
import type { Settings, Task } from './settings.ts'

export type ConnectTask = Extract<Task, { kind: 'connect' }>

/** From so many ports on it pays to load the kernel path, whose first look at a closed port takes microseconds. */
const MANY_PORTS = 100

/** A port that was tried. */
export interface Opened {
  readonly port: number
  readonly dialled: Dialled
  readonly state: PortState
  /** Whether all that was wanted is there: the connection, through the proxy, in TLS. */
  readonly succeeded: boolean
  readonly tested: false
  /** What a session goes over; `connection` is the plain one below. */
  readonly stream: ByteStream | undefined
  readonly connection: Connection | undefined
}

export type Opener = (port: number) => Promise<Opened>

/** Opens ports of the task's host, one after the other. @throws NcFault, LocalFault for what ends the whole run */
export async function createOpener(run: Run, task: ConnectTask): Promise<Opener> {
  const { settings, io } = run
  const once = createSingle(run, await io.openNet(needsKernel(settings, task) ? 'auto' : 'process'), task)
  if (settings.waitMs === undefined) return (port) => once(port, settings.session.timeoutMs || undefined)
  const { waitMs } = settings
  return async (port) => {
    const { untilOpen } = await import('./until-open.ts')
    return untilOpen(run, waitMs, (limitMs) => once(port, limitMs))
  }
}

function needsKernel(
  { socket, sourcePort, passDescriptor, json }: Settings,
  { ports }: ConnectTask,
): boolean {
  const exotic = Object.values(socket).some((value) => value !== undefined) || passDescriptor
  return exotic || json || sourcePort !== undefined || ports.length >= MANY_PORTS
}

function createSingle(run: Run, net: Net, task: ConnectTask) {
  const { settings } = run
  const { proxy, tls, zero, passDescriptor } = settings
  const keep = !zero || passDescriptor || proxy !== undefined || tls !== undefined
  const host = proxy?.host ?? task.host
  const sources = new Map<Address['family'], string>()
  const sourceOf = async ({ family }: Address): Promise<string | undefined> => {
    if (settings.source === undefined) return undefined
    const known = sources.get(family) ?? (await lookUpLocal(run, settings.source, family)).address
    sources.set(family, known)
    return known
  }
  let addresses: readonly Address[] | undefined
  const lookFor = createLook(run, net, task, keep, sourceOf)
  return async (port: number, limitMs: number | undefined): Promise<Opened> => {
    const dialled = proxy?.port ?? port
    // Waiting for a host includes waiting for its name; otherwise one answer holds for the whole run.
    if (addresses === undefined || settings.waitMs !== undefined) addresses = await lookUp(run, host, dialled)
    const place = { host, port: dialled, addresses, sourceOf, limitMs, keep, look: await lookFor(addresses) }
    const opened = openedOf(port, await dial(run, net, place))
    const { connection } = opened
    if (connection === undefined || (proxy === undefined && tls === undefined)) return opened
    return (await import('./wrap.ts')).wrap(run, task.host, { ...opened, connection }, () =>
      dial(run, net, place),
    )
  }
}

/** So long may looks hold up the event loop. */
const TURN_MS = 5

type Look = (port: number) => ConnectFact | undefined

/** The kernel's quick look at one closed port after the other, where many ports of one address are merely checked. */
function createLook(
  { settings, io }: Run,
  net: Net,
  { ports }: ConnectTask,
  keep: boolean,
  sourceOf: (to: Address) => Promise<string | undefined>,
) {
  const many = ports.length >= MANY_PORTS && settings.waitMs === undefined
  const wanted = many && !keep && settings.sourcePort === undefined && net.sweep !== undefined
  let sweep: Sweep | undefined
  let turnNs = io.clock.nowNs()
  return async ([address, ...others]: readonly Address[]): Promise<Look | undefined> => {
    if (!wanted || address === undefined || others.length > 0) return undefined
    sweep ??= net.sweep?.({
      ...settings.socket,
      ...address,
      close: 'fin',
      exclusiveSource: true,
      sourceAddress: await sourceOf(address),
    })
    if (io.clock.nowNs() - turnNs > TURN_MS * 1e6) {
      await io.clock.sleep(0)
      turnNs = io.clock.nowNs()
    }
    return (port) => sweep?.look(port)
  }
}

function openedOf(port: number, dialled: Dialled): Opened {
  const { observation, connection } = dialled
  return {
    port,
    dialled,
    state: observation === undefined ? 'filtered' : classify(observation).state,
    succeeded: isOpen(observation),
    tested: false,
    stream: undefined,
    connection,
  }
}
