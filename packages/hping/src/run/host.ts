import {
  type Address,
  checkSource,
  type Io,
  type PingHost,
  type Route,
  resolveHost,
  UsageError,
} from '@portkit/core'
import { refuseIpv6 } from '../command-line/conflicts.ts'
import type { Settings } from '../settings.ts'

/** Who is asked, and the way there. */
export interface Destination {
  readonly host: PingHost
  readonly route: Route
}

/**
 * Looks the host up and finds the way to it.
 * Rejects with ResolveError, with LocalFault without a way, and with UsageError for what its family does not have, a
 * source that is not ours and an interface that there is not.
 */
export async function destinationOf(settings: Settings, io: Io): Promise<Destination> {
  const host = await hostOf(settings, io)
  if (host.family === 6) refuseIpv6(settings)
  const interfaceName = interfaceOf(settings.interfaceName, io)
  const sourceAddress = await sourceOf(settings.source, host, io)
  const route = await io.packets.route(host, { sourceAddress, interfaceName })
  return { host, route }
}

/** Of a capture only those that the command line names are looked for: its host, where there is one. */
export async function hostOf(
  { host: text = '', family }: Pick<Settings, 'host' | 'family'>,
  io: Pick<Io, 'clock' | 'dns'>,
): Promise<PingHost> {
  const { addresses, lookupNs } = await resolveHost(text, io, family)
  const [{ address, family: found }] = addresses
  return { name: lookupNs === undefined ? undefined : text, address, family: found }
}

/** A part of the name is enough where only one interface has it, as with hping3. */
function interfaceOf(wanted: string | undefined, { system }: Pick<Io, 'system'>): string | undefined {
  if (wanted === undefined) return undefined
  const all = Object.keys(system.interfaces())
  if (all.includes(wanted)) return wanted
  const [found, ...others] = all.filter((name) => name.includes(wanted))
  if (found !== undefined && others.length === 0) return found
  const why =
    found === undefined ? 'is no network interface that is up and has an address' : 'is several interfaces'
  throw new UsageError(
    `-I: ${JSON.stringify(wanted)} ${why}: ${found === undefined ? all.join(', ') : [found, ...others].join(', ')}`,
  )
}

async function sourceOf(
  wanted: string | undefined,
  { family }: Address,
  io: Io,
): Promise<string | undefined> {
  if (wanted === undefined) return undefined
  const { addresses } = await resolveHost(wanted, io, family)
  const [{ address }] = addresses
  const own = Object.values(io.system.interfaces()).flatMap((all) => all.map((each) => each.address))
  checkSource('-a', address, own)
  return address
}
