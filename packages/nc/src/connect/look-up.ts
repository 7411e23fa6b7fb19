import { type Address, type Family, ResolveError } from '@portkit/core'
import type { Run } from '../run.ts'
import { numericHost } from './numeric-host.ts'

const OTHER_FAMILY = 'Address family for hostname not supported'

/** All addresses of a host, in the system's order. @throws NcFault in the words of nc */
export function lookUp(run: Run, host: string, port: number): Promise<readonly Address[]> {
  return resolve(run, host, run.settings.family, port)
}

/** The address of `-s` or of a listener. @throws NcFault in the words of nc */
export async function lookUpLocal(run: Run, host: string, family: Family | undefined): Promise<Address> {
  const [first] = await resolve(run, host, family, undefined)
  return first ?? fail(unknown(host), undefined)
}

async function resolve(
  { settings, io }: Run,
  host: string,
  family: Family | undefined,
  port: number | undefined,
): Promise<readonly Address[]> {
  const numeric = numericHost(host)
  if (numeric !== undefined && (family ?? numeric.family) === numeric.family) return [numeric]
  if (numeric !== undefined) return fail(new ResolveError(host, 'EADDRFAMILY', OTHER_FAMILY), port)
  if (settings.numeric) return fail(unknown(host), port)
  try {
    return await io.dns.lookup(host, family)
  } catch (error) {
    if (error instanceof ResolveError) return fail(error, port)
    throw error
  }
}

/** @throws PassingFault always */
async function fail(fault: ResolveError, port: number | undefined): Promise<never> {
  throw (await import('../words/failures.ts')).lookUpFault(fault, port)
}

function unknown(host: string): ResolveError {
  return new ResolveError(host, 'ENOTFOUND', 'Name or service not known')
}
