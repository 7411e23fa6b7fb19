import {
  type Address,
  type Io,
  type PingHost,
  ResolveError,
  rangeAround,
  resolveHost,
  type TargetRange,
} from '@portkit/core'
import type { Settings } from '../settings.ts'

/** The addresses to ping, and what could not be found out. */
export interface FoundHosts {
  readonly hosts: readonly PingHost[]
  readonly errors: readonly ResolveError[]
}

/**
 * Looks all targets up, in their order. A name that does not resolve beside others that do is told, not thrown.
 * @throws ResolveError when there is no other target and UsageError for a prefix that the address does not have
 */
export async function findHosts(
  { targets, family }: Pick<Settings, 'targets' | 'family'>,
  io: Pick<Io, 'clock' | 'dns'>,
): Promise<FoundHosts> {
  const hosts: PingHost[] = []
  const errors: ResolveError[] = []
  for (const target of targets) {
    try {
      for (const host of await hostsOf(target, family, io)) hosts.push(host)
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      errors.push(error)
    }
  }
  const [first] = errors
  if (hosts.length === 0 && first !== undefined) throw first
  return { hosts, errors }
}

async function hostsOf(
  target: TargetRange,
  family: Settings['family'],
  io: Pick<Io, 'clock' | 'dns'>,
): Promise<Iterable<PingHost>> {
  if (target.kind === 'addresses') return named(target.addresses(), undefined)
  const { addresses } = await resolveHost(target.host, io, family)
  const [address] = addresses
  if (target.prefix === undefined) return named([address], target.host)
  return named(rangeAround(address, target).addresses(), undefined)
}

function* named(addresses: Iterable<Address>, name: string | undefined): Generator<PingHost> {
  for (const { address, family } of addresses) yield { name, address, family }
}
