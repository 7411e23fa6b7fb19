import type { HostList, ListedHost } from '../grammar/host-list.ts'
import { allShares, type Shares, shardOf } from '../spread/shards.ts'
import { type Block, hostBlocks } from './host-blocks.ts'
import { createHostDraft, reportOf } from './host-draft.ts'
import type { Memory } from './memory.ts'
import { nameHosts } from './name-hosts.ts'
import { scanBlock } from './scan-block.ts'
import type { ScanKit } from './scan-kit.ts'
import type { Telling } from './telling.ts'

/** Hosts that are looked for at the same time. */
const BLOCK = 4096

/** Scans all hosts of the run, block after block, until all are done or a signal ends it. Rejects with LocalFault. */
export async function scanHosts(
  list: HostList,
  kit: ScanKit,
  memory: Memory,
  telling: Telling,
): Promise<void> {
  const { settings, io, meter } = kit
  const shares = sharesOf(list, kit)
  const { passed } = memory
  meter.hostsTotal = shares.size
  telling.passDown(passed.down)
  meter.hostsDone += passed.down
  for (const report of memory.reports()) {
    telling.emit({ kind: 'host', report })
    meter.hostsDone += 1
  }
  let { down } = passed
  for (const block of hostBlocks(list, shares, BLOCK, passed.shares)) {
    if (io.interrupted.aborted) return
    const left = { ...block, hosts: block.hosts.filter(({ index }) => !memory.isDone(index)) }
    if (settings.listOnly) await listHosts(left, kit)
    else down += await scanBlock(left, kit, memory)
    if (!io.interrupted.aborted) memory.pass(block.to, down)
    await kit.written()
  }
}

function sharesOf({ size }: HostList, { settings, portCount, seed }: ScanKit): Shares {
  const extent = { hosts: size, ports: portCount }
  return settings.shard === undefined ? allShares(extent) : shardOf({ ...extent, ...settings.shard, seed })
}

/** -sL: their names, and nothing is sent to them. */
async function listHosts({ hosts }: Block, kit: ScanKit): Promise<void> {
  const drafts = hosts.map((shared) => createHostDraft(unknown(shared.host), shared, kit.io.clock.wallMs()))
  await nameHosts(drafts, kit)
  const shape = { names: kit.names, hasPorts: false, hasVersions: false }
  for (const draft of drafts) kit.emit({ kind: 'host', report: reportOf(draft, shape) })
}

function unknown(host: ListedHost) {
  return { ...host, status: { state: 'unknown', reason: 'user-set', ttl: 0 } } as const
}
