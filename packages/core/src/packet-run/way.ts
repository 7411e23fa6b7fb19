import type { Io } from '../io/io.ts'
import type { BackendChoice, PacketChannel, Route } from '../io/packets.ts'
import { LocalFault } from '../model/errors.ts'
import type { Family } from '../model/target.ts'
import type { PacketProbe } from '../probes/packet/packet-probe.ts'
import type { PingHost } from './tally.ts'

/** Octets of each packet that are looked at; a dump or a capture wants all. */
const USUAL_SNAP_LENGTH = 256
const WHOLE = 65_535

/** How a run's packets come and go. */
export interface PacketWay {
  readonly backend: BackendChoice
  /** `packet` insists on the kernel's stamps; `process` does without stamps of departures. */
  readonly clock: 'auto' | 'packet' | 'process'
  readonly interfaceName: string | undefined
  /** One of this machine's own addresses. */
  readonly sourceAddress: string | undefined
  /** Only send: nothing comes in. */
  readonly sendOnly: boolean
  /** Whether all octets of the packets that come are wanted. */
  readonly whole: boolean
  /** What may be done instead where there is no way for packets, in brackets behind the reason. */
  readonly otherWay?: string | undefined
}

/**
 * Opens the way for a run's packets.
 * Rejects with LocalFault: EPERM without CAP_NET_RAW, ENOTSUP when the packet clock is asked for and cannot be had.
 */
export async function openWay(
  { backend, clock, interfaceName, sendOnly, whole, otherWay }: PacketWay,
  probes: readonly PacketProbe[],
  families: readonly Family[],
  { packets }: Pick<Io, 'packets'>,
): Promise<PacketChannel> {
  const request = {
    backend,
    interfaceName,
    families,
    interests: probes.map(({ interest }) => interest),
    departures: clock !== 'process' && !sendOnly,
    sendOnly,
    snapLength: whole ? WHOLE : USUAL_SNAP_LENGTH,
  }
  const channel = await packets.open(request).catch((error: unknown) => nameOtherWay(error, otherWay))
  if (clock !== 'packet' || channel.clock === 'packet') return channel
  channel.close()
  throw new LocalFault(
    'ENOTSUP',
    'the packet clock needs the kernel backend (Linux, koffi) and answers to look at',
  )
}

function nameOtherWay(error: unknown, otherWay: string | undefined): never {
  if (otherWay === undefined || !(error instanceof LocalFault)) throw error
  if (!['EPERM', 'ENOTSUP'].includes(error.code)) throw error
  throw new LocalFault(error.code, `${error.message} (${otherWay})`, error.about)
}

/** The way to a host, or why there is none. */
export type WayTo = Route | LocalFault

/** Asks for the ways to all hosts. @throws UsageError */
export async function waysTo(
  hosts: readonly Pick<PingHost, 'address' | 'family'>[],
  { sourceAddress, interfaceName }: Pick<PacketWay, 'sourceAddress' | 'interfaceName'>,
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
