import type { Resolver } from '../io/io.ts'
import { parseAddress } from '../model/addresses.ts'
import { ResolveError } from '../model/errors.ts'
import type { Address, Family } from '../model/target.ts'

/** What the simulated machine knows of names. */
export interface Names {
  /**
   * Addresses of names, and of what inet_aton(3) takes for an address (`10.1`); a list of lists answers one look-up after
   * another, the last one for ever. An address is its own.
   */
  readonly hosts?: Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>> | undefined
  /** How looking up a name fails, also for one family only: `web`, `web/4`. */
  readonly nameErrors?: Readonly<Record<string, NameError>> | undefined
  /** Names of addresses. */
  readonly names?: Readonly<Record<string, string>> | undefined
}

export interface NameError {
  readonly code: string
  /** What getaddrinfo says: `Temporary failure in name resolution`. */
  readonly text: string
}

const NOT_KNOWN: NameError = { code: 'ENOTFOUND', text: 'Name or service not known' }
const WRONG_FAMILY: NameError = { code: 'EADDRFAMILY', text: 'Address family for hostname not supported' }

export function simResolver({ hosts = {}, nameErrors = {}, names = {} }: Names): Resolver {
  const asked = new Map<string, number>()
  const answersOf = (host: string): readonly Address[] => {
    const turn = asked.get(host) ?? 0
    asked.set(host, turn + 1)
    const entry = hosts[host] ?? []
    const answers = (Array.isArray(entry[0]) ? entry : [entry]) as readonly (readonly string[])[]
    return (answers[Math.min(turn, answers.length - 1)] ?? []).map(toAddress)
  }
  return {
    async lookup(host, family) {
      const error = nameErrors[`${host}/${family}`] ?? nameErrors[host]
      if (error !== undefined) throw new ResolveError(host, error.code, error.text)
      const literal = hosts[host] === undefined ? parseAddress(host) : undefined
      const found = literal === undefined ? answersOf(host) : [literal]
      const fitting = found.filter((address) => fits(address, family))
      if (fitting.length > 0) return fitting
      const { code, text } = literal === undefined ? NOT_KNOWN : WRONG_FAMILY
      throw new ResolveError(host, code, text)
    },
    reverse: async (address) => names[address],
  }
}

function fits(address: Address, family: Family | undefined): boolean {
  return family === undefined || address.family === family
}

function toAddress(address: string): Address {
  return { address, family: address.includes(':') ? 6 : 4 }
}
