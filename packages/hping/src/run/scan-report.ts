import type { Observer, ShotAnswer } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { scanHeader, scanRow } from '../words/scan-text.ts'
import { nameOf } from './kit.ts'
import type { Run } from './run.ts'
import { refusals } from './text-report.ts'

const SYN = 0x02
const PORTS = 0x1_0000

/** What stands before the first answer. */
export function scanStart(
  { lines, tally }: Pick<Run, 'lines' | 'tally'>,
  { text, ports }: NonNullable<Settings['scan']>,
): void {
  for (const { host } of tally.hosts)
    lines.line(scanHeader({ host: nameOf(host), address: host.address, ports: text, count: ports.length }))
}

/** The lines of a scan: open ports, and with -V whatever answered, each port once. */
export function scanReport(
  { settings, lines, note }: Pick<Run, 'settings' | 'lines' | 'note'>,
  serviceOf: (port: number) => string | undefined,
): Observer {
  const told = new Uint8Array(PORTS)
  return {
    answered({ port }, answer) {
      if (told[port] === 1 || settings.quiet) return
      told[port] = 1
      if (settings.verbose || isOpen(answer))
        lines.line(scanRow({ port, service: serviceOf(port) }, answer.sighting))
    },
    refused: refusals(note),
  }
}

function isOpen({ sighting }: ShotAnswer): boolean {
  return sighting.kind === 'udp' || (sighting.kind === 'tcp' && (sighting.flags & SYN) !== 0)
}
