import type { HostReport } from '../model/host-report.ts'
import type { RunEnd, RunInfo, ScanInfo } from '../model/scan-result.ts'
import { portsIn } from './port-ranges.ts'
import { createLeftOut } from './read-counts.ts'
import { ResultFault } from './read-fault.ts'
import { joinedHosts } from './read-joined.ts'
import type { ReadResult } from './read-result.ts'
import { xmlPieces } from './read-tags.ts'
import { decimal, MOST_HOSTS, whole } from './read-words.ts'
import { createXmlHost, timeMs, type XmlHost } from './read-xml-host.ts'
import type { XmlAttributes } from './read-xml-ports.ts'

/** nmap has one for each kind of scan of a run. */
const MOST_SCANS = 32

/**
 * nmap's XML (nmap.dtd), ours, masscan's; what ends in the middle as far as its hosts are whole.
 * @throws ResultFault
 */
export function readXml(text: string): ReadResult {
  const leftOut = createLeftOut()
  const hosts: HostReport[] = []
  const frame = createFrame()
  let host: XmlHost | undefined

  const begin = (name: string, attributes: XmlAttributes): void => {
    if (host !== undefined) host.start(name, attributes)
    else if (name === 'host') host = createXmlHost(attributes, frame.startMs(), leftOut)
    else frame.start(name, attributes)
  }
  const finish = (name: string): void => {
    if (name !== 'host') {
      host?.end(name)
      return
    }
    const report = host?.report()
    if (report === undefined) leftOut.add('hosts without an address')
    else if (hosts.push(report) > MOST_HOSTS) throw new ResultFault(`it has more than ${MOST_HOSTS} hosts`)
    host = undefined
  }
  for (const piece of xmlPieces(text)) {
    if (piece.kind === 'text') host?.text(piece.text)
    if (piece.kind === 'start') begin(piece.name, piece.attributes)
    if (piece.kind === 'end' || (piece.kind === 'start' && piece.isEmpty)) finish(piece.name)
  }
  const run = frame.run()
  const joined = run.scanner === 'masscan' ? joinedHosts(hosts) : hosts
  return { run, hosts: joined, end: frame.end(), warnings: leftOut.sentences() }
}

/** Collects what is around the hosts. */
interface Frame {
  start(name: string, attributes: XmlAttributes): void
  startMs(): number
  run(): RunInfo
  end(): RunEnd | undefined
}

function createFrame(): Frame {
  const elements = new Map<string, XmlAttributes>()
  const scans: ScanInfo[] = []
  const at = (name: string, key: string): string | undefined => elements.get(name)?.get(key)
  const startMs = (): number => timeMs(at('nmaprun', 'start')) ?? 0
  return {
    start(name, attributes) {
      if (elements.size === 0 && name !== 'nmaprun') {
        throw new ResultFault(`its XML is not that of a scan: <${name}>`)
      }
      if (WANTED.has(name)) elements.set(name, attributes)
      if (name === 'scaninfo' && scans.push(scanOf(attributes)) > MOST_SCANS) {
        throw new ResultFault('it has too many scaninfo')
      }
    },
    startMs,
    run() {
      const root = elements.get('nmaprun')
      if (root === undefined) throw new ResultFault('its XML has no nmaprun')
      const level = (name: string): number => whole(at(name, 'level'), 100) ?? 0
      return {
        ...scannerOf(root),
        args: root.get('args') ?? '',
        startMs: startMs(),
        scans,
        verbose: level('verbose'),
        debugging: level('debugging'),
      }
    },
    end() {
      const finished = elements.get('finished')
      const hosts = elements.get('hosts')
      return finished && hosts && endOf(finished, hosts, startMs())
    },
  }
}

const WANTED: ReadonlySet<string> = new Set(['nmaprun', 'verbose', 'debugging', 'finished', 'hosts'])

/** The DTD allows no other scanner than `nmap`; ours has its name before its version. */
function scannerOf(root: XmlAttributes): Pick<RunInfo, 'scanner' | 'version'> {
  const version = root.get('version') ?? ''
  const [, name, number = ''] = /^([A-Za-z]\S{0,50}) (.*)$/s.exec(version) ?? []
  return name === undefined
    ? { scanner: root.get('scanner') ?? '', version }
    : { scanner: name, version: number }
}

function scanOf(attributes: XmlAttributes): ScanInfo {
  return {
    kind: attributes.get('type') ?? '',
    protocol: attributes.get('protocol') ?? '',
    ports: portsIn(attributes.get('services') ?? '') ?? [],
  }
}

function endOf(finished: XmlAttributes, hosts: XmlAttributes, startMs: number): RunEnd {
  const count = (key: string): number => whole(hosts.get(key), Number.MAX_SAFE_INTEGER) ?? 0
  const cut = finished.get('exit') === 'error' ? (finished.get('errormsg') ?? 'error') : undefined
  return {
    endMs: timeMs(finished.get('time')) ?? startMs,
    elapsedMs: Math.round((decimal(finished.get('elapsed')) ?? 0) * 1000),
    hosts: { up: count('up'), down: count('down'), total: count('total') },
    ...(cut !== undefined && { cut }),
  }
}
