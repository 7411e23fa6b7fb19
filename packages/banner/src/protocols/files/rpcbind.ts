import type { DetectContext, Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { read32 } from '../../octets/big-endian.ts'
import { type RpcReply, readRpcReply, rpcCall } from './rpc-message.ts'

/** The port mapper's program, its version 2, its list (RFC 1833 section 3). */
const PROGRAM = 100_000
const DUMP = { program: PROGRAM, version: 2, procedure: 4 } as const

/** Octets of one entry: whether there is one, then program, version, transport, port. */
const ENTRY_LENGTH = 20
const MOST_ENTRIES = 500
/** Programs that are told at most. */
const MOST_PROGRAMS = 60

const TRANSPORTS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' }

/** The programs that are met most, by IANA's registry of RPC program numbers. */
const NAMES: Readonly<Record<number, string>> = {
  100000: 'rpcbind',
  100001: 'rstatd',
  100002: 'rusersd',
  100003: 'nfs',
  100004: 'ypserv',
  100005: 'mountd',
  100007: 'ypbind',
  100009: 'yppasswdd',
  100011: 'rquotad',
  100021: 'nlockmgr',
  100024: 'status',
  100227: 'nfs_acl',
}

/** The port mapper of ONC RPC (RFC 1833): tells which programs listen where. */
export const rpcbind: Protocol = {
  name: 'rpcbind',
  ports: { tcp: [111], udp: [111] },
  probe: ({ random, transport }) => rpcCall(random(), DUMP, transport),
  detect(octets, context) {
    const reply = readRpcReply(octets, context, PROGRAM)
    return reply === undefined || reply === 'more' ? reply : serviceOf(reply, context)
  },
}

function serviceOf(reply: RpcReply, { transport, ended }: DetectContext): Service | 'more' | undefined {
  switch (reply.status) {
    case 'success': {
      const { entries, isWhole } = entriesIn(reply.results)
      if (!isWhole && transport === 'udp' && !ended) return 'more'
      return { protocol: 'rpcbind', details: { programs: programsOf(entries) } }
    }
    case 'version mismatch':
    case 'failed':
      return { protocol: 'rpcbind', info: 'keeps its list to itself' }
    case 'no program':
    case 'denied':
      return {
        protocol: 'rpc',
        info: reply.status === 'denied' ? 'call denied' : 'another program than rpcbind',
      }
  }
}

interface Entry {
  readonly program: number
  readonly version: number
  readonly transport: string
  readonly port: number
}

function entriesIn(list: Uint8Array): { readonly entries: readonly Entry[]; readonly isWhole: boolean } {
  const entries: Entry[] = []
  let at = 0
  for (; entries.length < MOST_ENTRIES && read32(list, at) === 1; at += ENTRY_LENGTH) {
    if (list.length < at + ENTRY_LENGTH) break
    const number = read32(list, at + 12)
    const transport = TRANSPORTS[number] ?? `protocol ${number}`
    const [program, version, port] = [read32(list, at + 4), read32(list, at + 8), read32(list, at + 16)]
    entries.push({ program, version, transport, port })
  }
  // The list ends with a mark that nothing follows.
  return {
    entries,
    isWhole: entries.length === MOST_ENTRIES || (list.length >= at + 4 && read32(list, at) !== 1),
  }
}

/** One line a program and port: `100003 v3,v4 tcp 2049 (nfs)`. */
function programsOf(entries: readonly Entry[]): readonly string[] {
  const lines = new Map<string, { readonly entry: Entry; readonly versions: Set<number> }>()
  for (const entry of entries) {
    const key = `${entry.program} ${entry.transport} ${entry.port}`
    const known = lines.get(key) ?? { entry, versions: new Set<number>() }
    known.versions.add(entry.version)
    lines.set(key, known)
  }
  return [...lines.values()].slice(0, MOST_PROGRAMS).map(({ entry, versions }) => {
    const { program, transport, port } = entry
    const name = NAMES[program]
    const sorted = [...versions].sort((a, b) => a - b).slice(0, 10)
    const text = `${program} ${sorted.map((version) => `v${version}`).join(',')} ${transport} ${port}`
    return name === undefined ? text : `${text} (${name})`
  })
}
