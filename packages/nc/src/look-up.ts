import { type Address, type Family, ResolveError } from '@portkit/core'
import { NcFault, PassingFault } from './fault.ts'
import { lookUpFailed, ownLookUpFailed } from './format.ts'
import { numericHost } from './numeric-host.ts'
import type { Run } from './run.ts'

const UNKNOWN = 'Name or service not known'

/** All addresses of a host, in the system's order. @throws NcFault in the words of nc */
export async function lookUp(run: Run, host: string, port: number): Promise<readonly Address[]> {
  const words = (why: string) => lookUpFailed(host, port, why)
  return resolve(run, host, run.settings.family, words)
}

/** The address of `-s` or of a listener. @throws NcFault in the words of nc */
export async function lookUpLocal(run: Run, host: string, family: Family | undefined): Promise<Address> {
  const [first] = await resolve(run, host, family, ownLookUpFailed)
  if (first === undefined) throw new NcFault(ownLookUpFailed(UNKNOWN))
  return first
}

async function resolve(
  { settings, io }: Run,
  host: string,
  family: Family | undefined,
  words: (why: string) => string,
): Promise<readonly Address[]> {
  const numeric = numericHost(host)
  if (numeric !== undefined && (family ?? numeric.family) === numeric.family) return [numeric]
  if (numeric !== undefined) throw new NcFault(words('Address family for hostname not supported'))
  if (settings.numeric) throw new NcFault(words(UNKNOWN))
  try {
    return await io.dns.lookup(host, family)
  } catch (error) {
    throw error instanceof ResolveError ? new PassingFault(words(error.message)) : error
  }
}
