import {
  type Family,
  type Io,
  LocalFault,
  type PacketChannel,
  type PacketProbe,
  type Route,
} from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { PingHost } from './tally.ts'

/** Octets of each packet that are looked at; a dump or a capture wants all. */
const USUAL_SNAP_LENGTH = 256
const WHOLE = 65_535

type Way = Pick<Settings, 'backend' | 'clock' | 'interfaceName' | 'noCapture' | 'verbosity' | 'write'>

/**
 * Opens the way for this run's packets.
 * Rejects with LocalFault: EPERM without CAP_NET_RAW, ENOTSUP when the packet clock is asked for and cannot be had.
 */
export async function openChannel(
  { backend, clock, interfaceName, noCapture, verbosity, write }: Way,
  probes: readonly PacketProbe[],
  families: readonly Family[],
  { packets }: Pick<Io, 'packets'>,
): Promise<PacketChannel> {
  const request = {
    backend,
    interfaceName,
    families,
    interests: probes.map(({ interest }) => interest),
    departures: clock !== 'process' && !noCapture,
    sendOnly: noCapture,
    snapLength: verbosity >= 3 || write !== undefined ? WHOLE : USUAL_SNAP_LENGTH,
  }
  const channel = await packets.open(request).catch(nameOtherWay)
  if (clock !== 'packet' || channel.clock === 'packet') return channel
  channel.close()
  throw new LocalFault(
    'ENOTSUP',
    'the packet clock needs the kernel backend (Linux, koffi) and answers to look at',
  )
}

/** Whoever has no way for packets may still ask through the system's own sockets. */
function nameOtherWay(error: unknown): never {
  if (!(error instanceof LocalFault) || !['EPERM', 'ENOTSUP'].includes(error.code)) throw error
  throw new LocalFault(error.code, `${error.message} (--tcp-connect needs none of this)`, error.about)
}

/** The way to a host, or why there is none. */
export type WayTo = Route | LocalFault

/** Asks for the ways to all hosts. @throws UsageError */
export async function waysTo(
  hosts: readonly PingHost[],
  { sourceAddress, interfaceName }: Pick<Settings, 'sourceAddress' | 'interfaceName'>,
  { packets }: Pick<Io, 'packets'>,
): Promise<readonly WayTo[]> {
  const ways: WayTo[] = []
  for (const host of hosts) {
    ways.push(await packets.route(host, { sourceAddress, interfaceName }).catch(faultOnly))
  }
  return ways
}

function faultOnly(error: unknown): LocalFault {
  if (error instanceof LocalFault) return error
  throw error
}
