import type { HostList, ListedHost } from '../grammar/host-list.ts'
import type { HostShare, Shares } from '../spread/shards.ts'

/** A host of the run with its part of the ports. */
export interface SharedHost {
  readonly host: ListedHost
  readonly share: HostShare
  /** Which of the run's shares it is. */
  readonly index: number
}

/** Hosts that are worked on together. */
export interface Block {
  readonly hosts: readonly SharedHost[]
  /** The place of its first share in the run, and of the first one behind it. */
  readonly from: number
  readonly to: number
}

/** The hosts of a run in blocks, made one by one. Excluded ones are left out. `from`: shares that are done with. */
export function* hostBlocks(list: HostList, shares: Shares, most: number, from = 0): Generator<Block> {
  let hosts: SharedHost[] = []
  let start = from
  for (let i = from; i < shares.size; i += 1) {
    const share = shares.at(i)
    const host = list.at(share.place)
    if (host !== undefined) hosts.push({ host, share, index: i })
    // A long row of excluded hosts must not hold up the first ones that are there.
    if (hosts.length < most && i - start < LONGEST) continue
    yield { hosts, from: start, to: i + 1 }
    hosts = []
    start = i + 1
  }
  if (start < shares.size) yield { hosts, from: start, to: shares.size }
}

const LONGEST = 65_536
