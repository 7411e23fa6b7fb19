import type { Transport } from '@portkit/core'

/** Names of ports, and which are asked first. From the services file that nmap installs where there is one, else our own table. */
export interface PortNames {
  /** `ssh`; undefined where the table has none. */
  nameOf(port: number, protocol: Transport): string | undefined
  /** Ports whose name a mask of -p means: lower case, with `*` and `?`; ascending. */
  portsNamed(mask: string, protocol: Transport): readonly number[]
  /** Ports that have an entry at all, ascending: what `[…]` chooses from. */
  known(protocol: Transport): readonly number[]
  /** The most popular ones first, by our own order made from public facts. */
  popular(protocol: Transport): readonly number[]
}
