import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJsonReporter } from '../src/report/json-reporter.ts'
import { createNdjsonReporter } from '../src/report/ndjson-reporter.ts'
import { readResult } from '../src/results/read-result.ts'
import { PLAIN, plain, recorded, written } from './read-kit.ts'

const ROOT = '<nmaprun scanner="nmap" version="7.93" start="1">'
const HOST = '<host><address addr="10.0.0.2" addrtype="ipv4"/>'
const START = {
  schema: 'portkit/1',
  type: 'scan-start',
  tool: 'portscan',
  time: '2026-11-20T14:43:11.000Z',
  version: '1',
  args: '',
  scans: [],
  verbose: 0,
  debugging: 0,
}
const start = JSON.stringify(START)
const line = (fields: object): string => `${start}\n${JSON.stringify({ ...START, ...fields })}\n`

describe('a file that is no result', () => {
  const CASES: readonly (readonly [string, string])[] = [
    ['', 'it is empty'],
    ['\n \n', 'it is empty'],
    ['PORT STATE SERVICE', 'neither XML nor JSON'],
    ['<html></html>', 'its XML is not that of a scan: <html>'],
    ['<?xml version="1.0"?>', 'its XML has no nmaprun'],
    [`${ROOT}\u{0}`, 'U+0000 at line 1 is not allowed in XML'],
    [`${ROOT}\n<a b="\u{d800}"/>`, 'U+D800 at line 2 is not allowed in XML'],
    [`<!DOCTYPE nmaprun [<!ENTITY a "aa">]>${ROOT}`, 'definitions at line 1 are not read'],
    ['<!ELEMENT nmaprun ANY>', 'definitions at line 1 are not read'],
    [`${ROOT}<host comment="&a;">`, '&a; is no character'],
    [`${ROOT}<host comment="&#0;">`, '&#0; is no character'],
    [`${ROOT}<host comment="&#x110000;">`, '&#x110000; is no character'],
    [`${ROOT}<host comment="a & b">`, '& is no character'],
    [`${ROOT}\n</host>`, '</host> at line 2 ends nothing'],
    [`${ROOT}<host a="1" a="2">`, 'the tag at line 1 is broken'],
    [`${ROOT}<host a=1>`, 'the tag at line 1 is broken'],
    [`${ROOT}<host a="<">`, 'the tag at line 1 is broken'],
    [`${ROOT}< host>`, 'the tag at line 1 is broken'],
    [`${ROOT}</nmaprun a="1">`, 'the tag at line 1 is broken'],
    [`${ROOT}<host${' a="1"'.repeat(1e6)}>`, 'the tag at line 1 is broken'],
    [`${ROOT}${'<table>'.repeat(1e6)}`, 'more than 100 elements inside each other'],
    [`${ROOT}${'<scaninfo services="1-65535"/>'.repeat(1e5)}`, 'it has too many scaninfo'],
    [
      `${ROOT}${HOST}<ports><extraports state="closed" count="1">${'<extrareasons reason="r" proto="tcp" ports="0-65535"/>'.repeat(1e5)}`,
      'a host has more ports than there are',
    ],
    ['{', 'its JSON is broken'],
    ['{}', "a record's schema is not what it should be"],
    ['{"schema":"portkit/2","type":"scan-start"}', 'its records are not portkit/1'],
    [`${start}\n[1]\n`, 'a record is no object'],
    [`${start}\n{"a":\n${start}`, 'its JSON is broken in the line {"a":'],
    [`${start}\n${start}\n`, 'it has several scans, one after the other'],
    ['{"schema":"portkit/1","type":"scan-end"}', "a record's hosts is not what it should be"],
    [line({ type: 'host' }), "a record's address is not what it should be"],
    [
      line({ type: 'port', address: 'x', transport: 'tcp', state: 'open', reason: '', port: 65_536 }),
      "a record's port is not what it should be",
    ],
    [line({ type: 'scan-end', hosts: { up: -1 } }), "a record's elapsedMs is not what it should be"],
    [`{"schema":"portkit/1","type":"start"}`, 'it has no scan-start'],
  ]
  it.each(CASES.map(([text, why]) => [why, text] as const))('is refused: %s', async (why, text) => {
    await expect(readResult(text, 'a.txt')).rejects.toThrow(
      new UsageError(`a.txt is no result that can be read: ${why}`),
    )
  })

  it('is refused when it is longer than results are', async () => {
    const long = `${ROOT}${' '.repeat(100_000_000)}</nmaprun>`
    await expect(readResult(long, 'a.xml')).rejects.toThrow(
      'a.xml is no result that can be read: longer than results are',
    )
  })
})

describe('a file that ends in the middle', () => {
  const whole = recorded('nmap-multi-v.xml')

  it('gives the hosts that are whole, wherever it ends', async () => {
    const ends = [...whole.matchAll(/<\/host>/g)].map(({ index }) => index + '</host>'.length)
    const { hosts } = await readResult(whole, 'whole.xml')
    for (let length = whole.indexOf('<scaninfo'); length < whole.length; length += 1) {
      const read = await readResult(whole.slice(0, length), 'cut.xml')
      expect(read.hosts.map(plain)).toEqual(
        hosts.slice(0, ends.filter((end) => end <= length).length).map(plain),
      )
      expect(read.end === undefined).toBe(length < whole.indexOf('/>\n</runstats>') + 2)
    }
  })

  it.each([
    ['--json', createJsonReporter],
    ['--ndjson', createNdjsonReporter],
  ])('gives the hosts that are whole: %s', async (_, create) => {
    const result = await readResult(whole, 'whole.xml')
    const text = written((sink) => create({ ...PLAIN, verbose: 1, now: () => 0 }, sink), result)
    const begun = text.indexOf('\n')
    for (let length = begun + 1; length < text.length - 1; length += 7) {
      const { hosts, end } = await readResult(text.slice(0, length), 'cut.json')
      expect(hosts.map(plain)).toEqual(result.hosts.slice(0, hosts.length).map(plain))
      expect(end).toBeUndefined()
    }
  })
})

it('throws nothing but sentences, whatever is changed in a file', async () => {
  const texts = await Promise.all(
    ['nmap-sv.xml', 'nmap-tcpudp.xml'].map(async (name) => {
      const result = await readResult(recorded(name), name)
      const json = written((sink) => createJsonReporter(PLAIN, sink), result)
      return [
        recorded(name),
        json,
        written((sink) => createNdjsonReporter({ ...PLAIN, now: () => 0 }, sink), result),
      ]
    }),
  )
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom(
      '<',
      '>',
      '"',
      '/',
      '&',
      'null',
      '{',
      '}',
      '[',
      ']',
      '-1',
      '<host>',
      '</host>',
      '1e999',
      '__proto__',
    ),
  )
  const law = fc.asyncProperty(
    fc.constantFrom(...texts.flat()),
    fc.nat(),
    fc.nat(20),
    piece,
    async (text, at, length, by) => {
      const place = at % text.length
      const changed = text.slice(0, place) + by + text.slice(place + length)
      await readResult(changed, 'x').catch((error: unknown) => expect(error).toBeInstanceOf(UsageError))
    },
  )
  await fc.assert(law, { numRuns: 3000 })
})
