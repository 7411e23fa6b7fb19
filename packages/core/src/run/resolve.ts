import type { Io } from '../io/io.ts'
import { type Host, isLinkLocal, parseAddress, parseHost, unmapped, withZone } from '../model/addresses.ts'
import { ResolveError, UsageError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Address, Family, Target, Transport } from '../model/target.ts'
import type { TargetSpec } from '../model/targets.ts'

/** getaddrinfo(3) occupies a thread each, and Node's pool has four. */
const LOOKUPS_AT_ONCE = 4

export interface ResolveOptions {
  /** Only addresses of this family. */
  readonly family?: Family | undefined
  readonly transport?: Transport | undefined
}

/** The addresses of one host. */
export interface Resolved {
  /** In the system's order, each once, at least one. */
  readonly addresses: readonly [Address, ...Address[]]
  /** Nanoseconds that the lookup took on the process clock; undefined for a literal, which needs none. */
  readonly lookupNs: number | undefined
}

/** A host with its addresses, and a target for each of its ports at the first of them. */
export interface ResolvedHost extends Resolved {
  readonly host: string
  readonly targets: readonly Target[]
}

type ResolveIo = Pick<Io, 'clock'> & { readonly dns: Pick<Io['dns'], 'lookup'> }

/**
 * Finds the addresses of all hosts, in the order of the specs. A host is looked up once however often it is
 * mentioned; a literal never is. Of several failures the first one in order is thrown.
 * @throws UsageError for a host that makes no sense or an address of the other family, before any lookup;
 * ResolveError for a name without addresses
 */
export async function resolveTargets(
  specs: readonly TargetSpec[],
  io: ResolveIo,
  { family, transport = 'tcp' }: ResolveOptions = {},
): Promise<readonly ResolvedHost[]> {
  const found = new Map<string, Resolved>()
  const names = new Map<string, NameHost>()
  for (const { host } of specs) {
    const parsed = parseHost(host)
    if (parsed.kind === 'name') names.set(host, parsed)
    else found.set(host, literal(host, parsed.address, family))
  }
  await eachBounded([...names], LOOKUPS_AT_ONCE, async ([host, name]) => {
    found.set(host, await lookUp(host, name, io, family))
  })
  return specs.map(({ host, ports }) => withTargets(host, ports, found.get(host), transport))
}

/**
 * Finds the addresses of one host, for another look at a name during a run.
 * @throws UsageError, ResolveError as `resolveTargets` does
 */
export async function resolveHost(host: string, io: ResolveIo, family?: Family): Promise<Resolved> {
  const parsed = parseHost(host)
  if (parsed.kind === 'address') return literal(host, parsed.address, family)
  return lookUp(host, parsed, io, family)
}

type NameHost = Extract<Host, { kind: 'name' }>

function literal(host: string, typed: Address, family: Family | undefined): Resolved {
  const address = unmapped(typed)
  if (family !== undefined && address.family !== family) {
    throw new UsageError(`not an IPv${family} address: ${quoted(host)} (-${family} was given)`)
  }
  return { addresses: [address], lookupNs: undefined }
}

async function lookUp(
  host: string,
  { name, zone }: NameHost,
  io: ResolveIo,
  family?: Family,
): Promise<Resolved> {
  const startNs = io.clock.nowNs()
  const answer = await io.dns.lookup(name, family).catch((error: unknown) => {
    // The user knows the host by the name that was typed, not by its ASCII form.
    throw error instanceof ResolveError ? new ResolveError(host, error.code, error.message) : error
  })
  const lookupNs = io.clock.nowNs() - startNs
  const [first, ...others] = usable(answer, family, zone)
  if (first !== undefined) return { addresses: [first, ...others], lookupNs }
  throw zone === undefined || answer.length === 0
    ? new ResolveError(host, 'ENODATA', 'No address associated with hostname')
    : new ResolveError(host, 'ENODATA', 'No link-local IPv6 address that the zone could belong to')
}

/** Canonical, each once; with a zone only those that can have one. */
function usable(
  answer: readonly Address[],
  family: Family | undefined,
  zone: string | undefined,
): readonly Address[] {
  const addresses = answer
    .flatMap(({ address }) => parseAddress(address) ?? [])
    .map(unmapped)
    .filter((address) => family === undefined || address.family === family)
    .flatMap((address) => (zone === undefined ? address : inZone(address, zone)))
  return [...new Map(addresses.map((address) => [address.address, address])).values()]
}

/** A lookup tells a link-local address without its link (RFC 4007 section 6). */
function inZone(address: Address, zone: string): readonly Address[] {
  if (!isLinkLocal(address)) return []
  return [{ address: withZone(address.address.replace(/%.*/s, ''), zone), family: 6 }]
}

function withTargets(
  host: string,
  ports: readonly number[],
  resolved: Resolved | undefined,
  transport: Transport,
): ResolvedHost {
  if (resolved === undefined) throw new Error(`not looked up: ${host}`)
  const [{ address, family }] = resolved.addresses
  return { host, ...resolved, targets: ports.map((port) => ({ host, address, family, port, transport })) }
}

/** Starts `work` in order, `limit` at once; after a failure starts no more, waits, and throws the first in order. */
async function eachBounded<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures = new Map<number, unknown>()
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) {
      await work(item).catch((error: unknown) => failures.set(i, error))
      if (failures.size > 0) return
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()))
}
