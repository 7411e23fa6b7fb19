import { type Address, type ConnectFact, classify, type Net, type Sweep } from '@portkit/core'
import type { Run } from '../run.ts'
import type { Settings } from '../settings.ts'
import { type Dialled, dial, isOpen } from './dial.ts'
import { lookUp, lookUpLocal } from './look-up.ts'
import type { ConnectTask, Opened } from './opened.ts'

/** From so many ports on it pays to load the kernel path, whose first look at a closed port takes microseconds. */
const MANY_PORTS = 100

export interface Opener {
  /** `known` is what a look has shown already. */
  open(port: number, known?: ConnectFact): Promise<Opened>
  /** Where many ports are merely checked, and the system can. */
  readonly sweep: Sweep | undefined
}

/** Opens ports of the task's host, one after the other. @throws NcFault, LocalFault for what ends the whole run */
export async function createOpener(run: Run, task: ConnectTask): Promise<Opener> {
  const { settings, io } = run
  const { waitMs } = settings
  const net = await io.openNet(needsKernel(settings, task) ? 'auto' : 'process')
  const sourceOf = createSource(run)
  const once = createSingle(run, net, task, sourceOf)
  if (waitMs === undefined) {
    const sweep = mayLook(settings, task) ? await startSweep(run, net, task, sourceOf) : undefined
    return { sweep, open: (port, known) => once(port, settings.session.timeoutMs || undefined, known) }
  }
  return {
    sweep: undefined,
    async open(port) {
      const { untilOpen } = await import('./until-open.ts')
      return untilOpen(run, waitMs, (limitMs) => once(port, limitMs))
    },
  }
}

/** JSON is about one port after the other, each with its own times. */
function mayLook(settings: Settings, { ports }: ConnectTask): boolean {
  const { json, sourcePort } = settings
  return ports.length >= MANY_PORTS && !json && sourcePort === undefined && !keeps(settings)
}

/**
 * The kernel's quick looks at one closed port after the other; undefined where there are none, or several addresses.
 * @throws NcFault for a name that is not known
 */
async function startSweep(
  run: Run,
  net: Net,
  { host, ports: [first = 0] }: ConnectTask,
  sourceOf: Source,
): Promise<Sweep | undefined> {
  const [address, ...others] = await lookUp(run, host, first)
  if (address === undefined || others.length > 0) return undefined
  const sourceAddress = await sourceOf(address)
  return net.sweep?.({
    ...run.settings.socket,
    ...address,
    close: 'fin',
    exclusiveSource: true,
    sourceAddress,
  })
}

function needsKernel(
  { socket, sourcePort, passDescriptor, json }: Settings,
  { ports }: ConnectTask,
): boolean {
  const exotic = Object.values(socket).some((value) => value !== undefined) || passDescriptor
  return exotic || json || sourcePort !== undefined || ports.length >= MANY_PORTS
}

/** Whether connections are used for more than a check. */
function keeps({ zero, passDescriptor, proxy, tls }: Settings): boolean {
  return !zero || passDescriptor || proxy !== undefined || tls !== undefined
}

type Source = (to: Address) => Promise<string | undefined>

/** The address of `-s` for a destination's family. */
function createSource(run: Run): Source {
  const { source } = run.settings
  if (source === undefined) return async () => undefined
  const known = new Map<Address['family'], string>()
  return async ({ family }) => {
    const address = known.get(family) ?? (await lookUpLocal(run, source, family)).address
    known.set(family, address)
    return address
  }
}

function createSingle(run: Run, net: Net, task: ConnectTask, sourceOf: Source) {
  const { settings } = run
  const { proxy, tls } = settings
  const keep = keeps(settings)
  const host = proxy?.host ?? task.host
  let addresses: readonly Address[] | undefined
  return async (port: number, limitMs: number | undefined, known?: ConnectFact): Promise<Opened> => {
    const dialled = proxy?.port ?? port
    // Waiting for a host includes waiting for its name; otherwise one answer holds for the whole run.
    if (addresses === undefined || settings.waitMs !== undefined) addresses = await lookUp(run, host, dialled)
    const place = { host, port: dialled, addresses, sourceOf, limitMs, keep, known }
    const opened = openedOf(port, await dial(run, net, place))
    const { connection } = opened
    if (connection === undefined || (proxy === undefined && tls === undefined)) return opened
    const { wrap } = await import('./wrap.ts')
    return wrap(run, task.host, { ...opened, connection }, () => dial(run, net, place))
  }
}

function openedOf(port: number, dialled: Dialled): Opened {
  const { observation, connection } = dialled
  return {
    port,
    dialled,
    state: observation === undefined ? 'fault' : classify(observation).state,
    succeeded: isOpen(observation),
    tested: false,
    stream: undefined,
    connection,
  }
}
