import {
  type Family,
  type Io,
  LocalFault,
  openPacketClock,
  openSingleShots,
  type Probe,
  type TcpConnectOptions,
  tcpConnect,
  unmapped,
} from '@portkit/core'
import type { LaneState } from './lane-state.ts'
import type { Settings } from './settings.ts'

/** A probe, and how to end it. */
export interface OpenProbe {
  readonly probe: Probe
  close(): void
}

/** One SYN each, with the options of the system's own: some firewalls drop a bare one. Rejects with LocalFault. */
export async function synProbe(
  { backend, clock, timeoutMs }: Settings,
  { sourceAddress, sourcePort, interfaceName, ttl, tos }: TcpConnectOptions,
  lanes: readonly LaneState[],
  io: Io,
): Promise<OpenProbe> {
  const way = { sourceAddress, sourcePort, interfaceName, ttl, tos, likeSystem: true }
  const families = familiesOf(lanes)
  const timing = { clock: clock === 'kernel' ? 'auto' : clock, timeoutMs } as const
  const shots = await openSingleShots(io, { backend, families, ...way, ...timing }).catch(without('--syn'))
  return { probe: shots, close: shots.close }
}

/** Connections, timed by the stamps of their packets. Rejects with LocalFault. */
export async function stampedProbe(
  { backend }: Settings,
  way: TcpConnectOptions,
  lanes: readonly LaneState[],
  io: Io,
): Promise<OpenProbe> {
  const { sourcePort, interfaceName } = way
  const ports = lanes.map(({ target }) => target.port)
  const families = familiesOf(lanes)
  const options = { backend, families, ports, sourcePort, interfaceName }
  const clock = await openPacketClock(io, options).catch(without('--clock packet'))
  return { probe: clock.of(tcpConnect(way)), close: clock.close }
}

function familiesOf(lanes: readonly LaneState[]): readonly Family[] {
  return [...new Set(lanes.map(({ target }) => unmapped(target).family))]
}

/** Whoever may not do this may still do what tcping usually does. */
function without(option: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof LocalFault) || error.code !== 'EPERM') throw error
    const hint = `tcping without ${option} needs no privilege`
    throw new LocalFault(error.code, `${option}: ${error.message} (${hint})`, error.about)
  }
}
