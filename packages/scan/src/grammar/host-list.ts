import type { Address } from '@portkit/core'

/** A target address with what is known from the command line. */
export interface ListedHost extends Address {
  /** The name that the user typed; undefined for addresses and networks. */
  readonly name?: string | undefined
  readonly otherAddresses: readonly string[]
}

/** All targets of a run, by their place. Addresses are made when they are asked for: memory does not grow with networks. */
export interface HostList {
  /** Places, those of excluded addresses included: 0 to 2^53. */
  readonly size: number
  /** undefined where the address is excluded. @throws RangeError outside of the list */
  at(place: number): ListedHost | undefined
}
