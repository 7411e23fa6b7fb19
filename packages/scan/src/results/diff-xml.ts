import type { PortRow, PortService } from '../model/port-table.ts'
import type { RunInfo } from '../model/scan-result.ts'
import { calendarTime } from '../report/dates.ts'
import { seconds } from '../report/xml-host.ts'
import { versionOf } from '../report/xml-reporter.ts'
import { emptyTag, startTag } from '../report/xml-text.ts'
import type { ResultDiff } from './diff.ts'
import { type HostAddress, type HostDiff, type HostFacts, hiddenText } from './diff-hosts.ts'
import { isSameService, type PortDiff } from './diff-ports.ts'

/**
 * The differences in ndiff's XML (its root is `nmapdiff`), seen with ndiff 7.93, in pieces.
 * @param verbose also what is the same
 */
export function* diffXml(diff: ResultDiff, verbose: boolean): Generator<string> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<nmapdiff version="1"><scandiff>'
  if (!diff.isSameRun) yield `<a>${runTag(diff.before)}</a><b>${runTag(diff.after)}</b>`
  else if (verbose) yield runTag(diff.after)
  for (const host of diff.hosts) if (verbose || !host.isSame) yield* hostDiff(host, verbose)
  yield '</scandiff></nmapdiff>\n'
}

/** As our XML and nmap's have it. */
function runTag(run: RunInfo): string {
  const { args, startMs } = run
  const start = { start: seconds(startMs), startstr: calendarTime(startMs) }
  return `${emptyTag('nmaprun', { scanner: 'nmap', args, ...start, version: versionOf(run) })}\n`
}

function* hostDiff(host: HostDiff, verbose: boolean): Generator<string> {
  const { before, after } = host
  yield '<hostdiff>\n'
  if (before !== undefined && after !== undefined) yield* changedHost({ before, after }, host, verbose)
  else if (before !== undefined) yield* ['<a>\n', ...wholeHost(before, host), '</a>\n']
  else if (after !== undefined) yield* ['<b>\n', ...wholeHost(after, host), '</b>\n']
  yield '</hostdiff>\n'
}

/** A host that only one of the results has. */
function* wholeHost(facts: HostFacts, host: HostDiff): Generator<string> {
  yield `<host>\n${statusTag(facts)}${facts.addresses.map(addressTag).join('')}`
  if (facts.names.length > 0) yield `<hostnames>\n${facts.names.map(nameTag).join('')}</hostnames>\n`
  yield* within('ports', wholePorts(facts, host))
  yield '</host>\n'
}

function* wholePorts(facts: HostFacts, host: HostDiff): Generator<string> {
  yield hiddenTags(facts)
  for (const { before, after } of host.ports()) {
    const row = before ?? after
    if (row !== undefined) yield portTag(row)
  }
}

interface BothFacts {
  readonly before: HostFacts
  readonly after: HostFacts
}

function* changedHost({ before, after }: BothFacts, host: HostDiff, verbose: boolean): Generator<string> {
  yield '<host>\n'
  if (before.state !== after.state) yield inBoth(statusTag(before), statusTag(after))
  else if (verbose) yield statusTag(after)
  yield listDiff(before.addresses.map(addressTag), after.addresses.map(addressTag))
  const names = listDiff(before.names.map(nameTag), after.names.map(nameTag))
  if (names !== '') yield `<hostnames>\n${names}</hostnames>\n`
  yield* within('ports', changedPorts({ before, after }, host, verbose))
  yield '</host>\n'
}

/** What is only counted is told also where it is the same, as ndiff has it. */
function* changedPorts({ before, after }: BothFacts, host: HostDiff, verbose: boolean): Generator<string> {
  if (hiddenText(before) === hiddenText(after)) yield hiddenTags(after)
  else yield inBoth(hiddenTags(before), hiddenTags(after))
  for (const port of host.ports()) {
    if (!port.isSame) yield `<portdiff>\n${portDiff(port)}</portdiff>\n`
    else if (verbose && port.after !== undefined) yield portTag(port.after)
  }
}

function portDiff(port: PortDiff): string {
  const { before, after } = port
  const place = placeOf(port)
  if (before === undefined || after === undefined || before.state !== after.state) {
    const none = `${emptyTag('port', place)}\n`
    return inBoth(before === undefined ? none : portTag(before), after === undefined ? none : portTag(after))
  }
  const services = isSameService(before.service, after.service)
    ? serviceTag(after.service)
    : inBoth(serviceTag(before.service), serviceTag(after.service))
  return `${startTag('port', place)}\n${stateTag(after)}${services}</port>\n`
}

/** Nothing at all where nothing is inside. */
function* within(name: string, pieces: Iterable<string>): Generator<string> {
  let isEmpty = true
  for (const piece of pieces) {
    if (piece === '') continue
    yield isEmpty ? `<${name}>\n${piece}` : piece
    isEmpty = false
  }
  if (!isEmpty) yield `</${name}>\n`
}

function inBoth(before: string, after: string): string {
  return inOne('a', before) + inOne('b', after)
}

function inOne(name: 'a' | 'b', text: string): string {
  return text === '' ? `<${name}/>\n` : `<${name}>\n${text}</${name}>\n`
}

/** What both have, then what only one has. */
function listDiff(before: readonly string[], after: readonly string[]): string {
  const gone = before.filter((tag) => !after.includes(tag)).join('')
  const come = after.filter((tag) => !before.includes(tag)).join('')
  const both = before.filter((tag) => after.includes(tag)).join('')
  return both + (gone === '' ? '' : inOne('a', gone)) + (come === '' ? '' : inOne('b', come))
}

function statusTag({ state }: HostFacts): string {
  return `${emptyTag('status', { state })}\n`
}

function addressTag({ addr, addrtype }: HostAddress): string {
  return `${emptyTag('address', { addr, addrtype })}\n`
}

function nameTag(name: string): string {
  return `${emptyTag('hostname', { name })}\n`
}

function hiddenTags({ hidden }: HostFacts): string {
  return hidden.map(({ state, count }) => `${emptyTag('extraports', { state, count })}\n`).join('')
}

function placeOf({ port, protocol }: Pick<PortDiff, 'port' | 'protocol'>) {
  return { portid: port, protocol }
}

function portTag(row: PortRow): string {
  return `${startTag('port', placeOf(row))}\n${stateTag(row)}${serviceTag(row.service)}</port>\n`
}

function stateTag({ state }: PortRow): string {
  return `${emptyTag('state', { state })}\n`
}

function serviceTag(service: PortService | undefined): string {
  if (service === undefined) return ''
  const { name, product, version, info, tunnel } = service
  return `${emptyTag('service', { name, product, version, extrainfo: info, tunnel })}\n`
}
