import { type Colours, escapeControl } from '@portkit/core'
import type { HostReport } from '../model/host-report.ts'
import type { PortTable } from '../model/port-table.ts'
import { secondTime } from './dates.ts'
import { type CollapseRule, collapsedStates, isPossiblyOpen, notShownLine } from './not-shown.ts'
import { counted, latencySeconds } from './numbers.ts'
import { portLines } from './port-lines.ts'
import { hostText, namesOf, reasonText } from './words.ts'

/** How much is told of a host. */
export interface HostLook extends CollapseRule {
  readonly reason: boolean
  readonly colours: Colours
  /** Resets that do not come are not waited for, so that filtered ports may be closed ones. */
  readonly defeatsRstLimit: boolean
}

/** Are hosts like this one told of? With --open only those that may have open ports; those that are down with -v. */
export function isTold(host: HostReport, { openOnly, verbose }: CollapseRule): boolean {
  if (host.status.state === 'down') return verbose > 0 && !openOnly
  if (!openOnly || host.ports === undefined || host.ended !== undefined) return true
  return host.ports.tallies().some(({ state }) => isPossiblyOpen(state))
}

/** All lines of one host, the empty one behind its ports included. */
export function* hostLines(host: HostReport, look: HostLook): Iterable<string> {
  const { state } = host.status
  const hasReasons = look.reason || look.verbose > 1 || look.debugging > 0
  const down = hasReasons ? `, received ${reasonText(host.status)}` : ''
  yield `Nmap scan report for ${hostText(host)}${state === 'down' ? ` [host down${down}]` : ''}\n`
  if (state === 'up') yield upLine(host, hasReasons)
  yield* nameLines(host)
  if (state !== 'up') return
  yield endedLine(host)
  const { ports } = host
  if (ports === undefined) {
    yield hardwareLine(host)
    return
  }
  if (look.verbose > 1 || look.debugging > 0) yield scannedLine(host)
  if (ports.size > 0) yield* tableLines(host, ports, look, hasReasons)
  yield hardwareLine(host)
  if (host.hasVersions) yield serviceInfoLine(ports)
  if (look.debugging > 0) yield timesLine(host)
  yield '\n'
}

/** `Host is up, received echo-reply ttl 64 (0.00040s latency).` */
function upLine({ status, times }: HostReport, hasReasons: boolean): string {
  const reason = hasReasons ? `, received ${reasonText(status)}` : ''
  const latency = times === undefined ? '' : ` (${latencySeconds(times.srttUs)}s latency)`
  return `Host is up${reason}${latency}.\n`
}

function* nameLines(host: HostReport): Iterable<string> {
  const { typed, looked } = namesOf(host)
  if (typed !== undefined && host.otherAddresses.length > 0) {
    yield `Other addresses for ${typed} (not scanned): ${host.otherAddresses.map(escapeControl).join(' ')}\n`
  }
  if (typed !== undefined && looked !== undefined && typed !== looked) {
    yield `rDNS record for ${escapeControl(host.address)}: ${looked}\n`
  }
}

/** Why a host was left early, and of how many ports nothing is known. */
function endedLine(host: HostReport): string {
  if (host.ended === undefined) return ''
  const asked = (host.ports?.size ?? 0) + host.unasked
  const left = host.unasked === 0 ? '' : `${host.unasked} of ${counted(asked, 'port')} without a verdict`
  const name = hostText(host)
  switch (host.ended) {
    case 'host-timeout':
      return `Skipping host ${name} due to host timeout${left === '' ? '' : `\nPartial result: ${left}.`}\n`
    case 'interrupted':
      return `Interrupted while scanning ${name}${left === '' ? '' : `: ${left}`}.\n`
    case 'max-open':
      return `Left ${name}: more open ports than --max-open allows${left === '' ? '' : `, ${left}`}.\n`
  }
}

/** `Scanned at 2026-11-20 14:46:05 UTC for 1s`: whole seconds of the clock, as nmap subtracts them. */
function scannedLine({ startMs, endMs }: HostReport): string {
  const seconds = Math.max(0, Math.floor(endMs / 1e3) - Math.floor(startMs / 1e3))
  return `Scanned at ${secondTime(startMs)} for ${seconds}s\n`
}

function* tableLines(
  host: HostReport,
  ports: PortTable,
  look: HostLook,
  hasReasons: boolean,
): Iterable<string> {
  const collapsed = collapsedStates(ports, look)
  const count = collapsed.reduce((sum, state) => sum + state.count, 0)
  if (count === ports.size) {
    const [all, are] = count === 1 ? ['The', 'is'] : ['All', 'are']
    const scanned = count === 1 ? '1 scanned port' : `${count} scanned ports`
    yield `${all} ${scanned} on ${hostText(host)} ${are} in ignored states.\n`
  }
  yield notShownLine(collapsed)
  if (look.defeatsRstLimit && ports.tallies().some(({ state }) => state === 'filtered')) {
    yield 'Some closed ports may be reported as filtered due to --defeat-rst-ratelimit\n'
  }
  const states = new Set(collapsed.map(({ state }) => state))
  yield* portLines(ports, (state) => !states.has(state), {
    hasReasons,
    hasVersions: host.hasVersions,
    colours: look.colours,
  })
}

/** `MAC Address: 16:AE:8C:CD:EC:20 (Unknown)` */
function hardwareLine({ hardwareAddress, vendor }: HostReport): string {
  if (hardwareAddress === undefined) return ''
  return `MAC Address: ${escapeControl(hardwareAddress.toUpperCase())} (${escapeControl(vendor ?? 'Unknown')})\n`
}

/** So many different ones of a kind, as nmap has it. */
const MOST_INFO = 5

/** `Service Info: Hosts: a, b; OS: Linux; CPE: cpe:/o:linux:linux_kernel`; CPEs of the machine, not of applications. */
function serviceInfoLine(ports: PortTable): string {
  const hosts = new Set<string>()
  const systems = new Set<string>()
  const cpes = new Set<string>()
  for (const { service } of ports.rows((state) => state === 'open')) {
    add(hosts, service?.hostname)
    add(systems, service?.os)
    for (const cpe of service?.cpes ?? []) if (!cpe.startsWith('cpe:/a')) add(cpes, cpe)
  }
  const parts = [listed('Host', 'Hosts', hosts), listed('OS', 'OSs', systems), listed('CPE', 'CPE', cpes)]
  const text = parts.filter((part) => part !== '').join('; ')
  return text === '' ? '' : `Service Info: ${text}\n`
}

function add(set: Set<string>, text: string | undefined): void {
  if (text !== undefined && text !== '' && set.size < MOST_INFO) set.add(escapeControl(text))
}

function listed(one: string, more: string, texts: ReadonlySet<string>): string {
  return texts.size === 0 ? '' : `${texts.size === 1 ? one : more}: ${[...texts].join(', ')}`
}

function timesLine({ times }: HostReport): string {
  if (times === undefined) return ''
  return `Final times for host: srtt: ${Math.round(times.srttUs)} rttvar: ${Math.round(times.rttvarUs)}  to: ${Math.round(times.timeoutUs)}\n`
}
