import { type Address, type Family, ResolveError } from '@portkit/core'
import { numericHost } from './numeric-host.ts'
import type { Run } from './run.ts'

const UNKNOWN = 'Name or service not known'

/** All addresses of a host, in the system's order. @throws NcFault in the words of nc */
export function lookUp(run: Run, host: string, port: number): Promise<readonly Address[]> {
  return resolve(run, host, run.settings.family, port)
}

/** The address of `-s` or of a listener. @throws NcFault in the words of nc */
export async function lookUpLocal(run: Run, host: string, family: Family | undefined): Promise<Address> {
  const [first] = await resolve(run, host, family, undefined)
  return first ?? fail(host, undefined, UNKNOWN)
}

async function resolve(
  { settings, io }: Run,
  host: string,
  family: Family | undefined,
  port: number | undefined,
): Promise<readonly Address[]> {
  const numeric = numericHost(host)
  if (numeric !== undefined && (family ?? numeric.family) === numeric.family) return [numeric]
  if (numeric !== undefined) return fail(host, port, 'Address family for hostname not supported')
  if (settings.numeric) return fail(host, port, UNKNOWN)
  try {
    return await io.dns.lookup(host, family)
  } catch (error) {
    if (error instanceof ResolveError) return fail(host, port, error.message)
    throw error
  }
}

/** @throws PassingFault always */
async function fail(host: string, port: number | undefined, why: string): Promise<never> {
  throw (await import('./failures.ts')).lookUpFault(host, port, why)
}
