import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { HostReport } from '../src/model/host-report.ts'
import type { ScanResult } from '../src/model/scan-result.ts'
import { createJsonReporter } from '../src/report/json-reporter.ts'
import { createNdjsonReporter } from '../src/report/ndjson-reporter.ts'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { readResult } from '../src/results/read-result.ts'
import { PLAIN, plain, written } from './read-kit.ts'
import { results } from './read-made.ts'

/** Hosts that are down are written with -v only. */
const VERBOSE = { ...PLAIN, verbose: 1 }
const WRITERS = { '--json': createJsonReporter, '--ndjson': createNdjsonReporter } as const

it.each(['--json', '--ndjson'] as const)(
  '%s is read back as it was, but for usual names of ports that are only counted',
  async (format) => {
    const law = fc.asyncProperty(results, async (result) => {
      const text = written((sink) => WRITERS[format]({ ...VERBOSE, now: () => 0 }, sink), result)
      const { warnings, ...read } = await readResult(text, 'scan.json')
      expect(warnings).toEqual([])
      expect({ ...read, hosts: read.hosts.map(named) }).toEqual({ ...result, hosts: result.hosts.map(named) })
    })
    await fc.assert(law, { numRuns: 200 })
  },
)

/** Usual names of services are no findings. */
function named(host: HostReport) {
  const { ports, ...more } = plain(host)
  return {
    ...more,
    ports: ports?.map(({ service, ...row }) => (isUsual(service) ? row : { ...row, service })),
  }
}

function isUsual(service: object | undefined): boolean {
  if (service === undefined) return true
  return JSON.stringify({ ...service, name: '' }) === '{"name":"","method":"table","confidence":3}'
}

it('XML is read back as it was, but for what XML has no place for', async () => {
  const law = fc.asyncProperty(results, async (result) => {
    const rule = { ...VERBOSE, debugging: 3 }
    const text = written((sink) => createXmlReporter(rule, sink), result)
    const { warnings, ...read } = await readResult(text, 'scan.xml')
    expect(warnings).toEqual([])
    expect(inXml(read)).toEqual(withXmlTexts(inXml(result)))
  })
  await fc.assert(law, { numRuns: 300 })
})

it('XML has every port once with state and reason, also those that are only counted', async () => {
  const law = fc.asyncProperty(results, async (result) => {
    const text = written((sink) => createXmlReporter(VERBOSE, sink), result)
    const { hosts } = await readResult(text, 'scan.xml')
    expect(hosts.map(verdicts)).toEqual(result.hosts.map(verdicts))
  })
  await fc.assert(law, { numRuns: 300 })
})

function verdicts({ ports }: HostReport) {
  return [...(ports?.rows() ?? [])].map(({ protocol, port, state, reason }) => [
    protocol,
    port,
    state,
    reason,
  ])
}

/** What XML can say: whole seconds, no other addresses, no packets. */
function inXml({ run, hosts, end }: ScanResult) {
  return {
    run: { ...run, startMs: seconds(run.startMs) },
    hosts: hosts.map((host) => hostInXml(host, run.startMs)),
    end: end && {
      endMs: seconds(end.endMs),
      elapsed: (end.elapsedMs / 1000).toFixed(2),
      hosts: end.hosts,
      cut: end.cut,
    },
  }
}

function hostInXml(host: HostReport, runStartMs: number) {
  const { address, names, status, hardwareAddress, vendor, times, ports, ended, unasked } = plain(host)
  const { state, reason, ttl } = status
  const seen = { address, names, state, reason, ttl, hardwareAddress, times }
  const maker = hardwareAddress === undefined ? undefined : vendor
  // When nmap worked at a host it says only of hosts whose ports it asked.
  if (ports === undefined) return { ...seen, maker, startMs: seconds(runStartMs), endMs: seconds(runStartMs) }
  return {
    ...seen,
    maker,
    ports,
    startMs: seconds(host.startMs),
    endMs: seconds(host.endMs),
    ended,
    unasked: ended === undefined ? 0 : unasked,
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}

/** XML 1.0 section 2.2 has no place for these characters, not even escaped. */
function withXmlTexts(value: unknown): unknown {
  if (typeof value === 'string') return Array.from(value, inXmlCharacter).join('')
  if (Array.isArray(value)) return value.map(withXmlTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withXmlTexts(part)]))
}

function inXmlCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code === 0xfffe || code === 0xffff || (code >= 0xd800 && code < 0xe000))
    return `\\u${code.toString(16)}`
  return code < 0x20 && !'\t\n\r'.includes(character) ? `\\x${code.toString(16).padStart(2, '0')}` : character
}
