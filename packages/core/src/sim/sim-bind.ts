import { localFault } from '../io/local-fault.ts'
import type { Endpoint } from '../model/target.ts'
import { formatName, hears, isLoopback, isWildcard, parseName } from './sim-names.ts'

/** `about` is what a fault is about. */
export type Bind = (request: Endpoint, about: string) => Endpoint

/** What a machine has to bind to. */
export interface Owned {
  /** Its own addresses besides loopback. */
  readonly addresses: readonly string[]
  /** May bind ports below 1024. */
  readonly root: boolean
  /** Addresses and ports that other programs hold: `0.0.0.0:4001`. */
  readonly taken: readonly string[]
}

/** Finds the address and port that a socket gets. @throws LocalFault about `about` */
export function binder({ addresses, root, taken }: Owned): Bind {
  const held = taken.map(parseName)
  let ephemeral = 35_000
  return ({ address, port }, about) => {
    const fail = (code: string) => localFault(code, `bind to ${formatName({ address, port })}`, about)
    const local = isWildcard(address) || isLoopback(address)
    if (!local && !addresses.includes(address)) throw fail('EADDRNOTAVAIL')
    if (!root && port > 0 && port < 1024) throw fail('EACCES')
    if (port > 0 && held.some((other) => hears(other, { address, port }))) throw fail('EADDRINUSE')
    return { address, port: port === 0 ? ++ephemeral : port }
  }
}
