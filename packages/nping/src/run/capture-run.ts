import {
  type Observer,
  type Protocol,
  type ReadEnd,
  readRun,
  type Selection,
  type Times,
} from '@portkit/core'
import type { Mode, Settings } from '../settings.ts'
import type { Run } from './run.ts'

/** Reports on a capture. Rejects with LocalFault when nothing of it can be read. */
export function captureRun(run: Run, path: string, watch: (times: Times) => Observer): Promise<ReadEnd> {
  const { timeoutMs, traceroute } = run.settings
  return readRun(run, { path, selection: selectionOf(run.settings), timeoutMs, traceroute }, watch)
}

const ICMP_KINDS: ReadonlySet<string> = new Set(['icmp-type', 'echo-request', 'timestamp'])

/** Captures do not tell how a probe was made. */
const PROTOCOLS = {
  tcp: 'tcp',
  'tcp-connect': 'tcp',
  udp: 'udp',
  'udp-sockets': 'udp',
  icmp: 'icmp',
  arp: 'arp',
} as const satisfies Record<Mode, Protocol>

/** What the command line names. */
function selectionOf({ mode, ports, given, tcp, icmp, family }: Settings): Selection {
  return {
    protocol: mode && PROTOCOLS[mode],
    ports,
    flags: given.includes('flags') ? tcp.flags : undefined,
    icmp: given.some((name) => ICMP_KINDS.has(name)) ? icmp.kind : undefined,
    family,
  }
}
