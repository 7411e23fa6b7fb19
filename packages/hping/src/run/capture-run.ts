import { type Observer, type ReadEnd, readRun, type Selection, type Times } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Run } from './run.ts'

/** Reports on a capture. Rejects with LocalFault when nothing of it can be read. */
export function captureRun(run: Run, path: string, watch: (times: Times) => Observer): Promise<ReadEnd> {
  const { timeoutMs, traceroute } = run.settings
  return readRun(run, { path, selection: selectionOf(run.settings), timeoutMs, traceroute }, watch)
}

const FLAGS: ReadonlySet<string> = new Set(['fin', 'syn', 'rst', 'push', 'ack', 'urg', 'xmas', 'ymas'])

/** What the command line names. */
function selectionOf(settings: Settings): Selection {
  const { mode, given, tcp, icmp, family, scan, destination } = settings
  const hasFlags = given.some((name) => FLAGS.has(name))
  return {
    protocol: mode !== 'tcp' || hasFlags ? mode : undefined,
    ports: scan?.ports ?? (given.includes('destport') ? [destination.first] : undefined),
    flags: hasFlags ? tcp.flags : undefined,
    icmp: given.some((name) => name === 'icmptype' || name === 'icmp-ts') ? icmp : undefined,
    family,
  }
}
