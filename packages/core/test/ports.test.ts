import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../src/model/errors.ts'
import { looksLikePorts, parsePorts } from '../src/model/ports.ts'
import { createServices } from '../src/model/services.ts'

const services = createServices()
const parse = (text: string): readonly number[] => parsePorts(text, services)
const port = fc.integer({ min: 1, max: 65_535 })

describe('a list of ports', () => {
  it.each<[string, number[]]>([
    ['22', [22]],
    ['1', [1]],
    ['65535', [65_535]],
    ['0022', [22]],
    ['22,80', [22, 80]],
    ['8000-8003', [8000, 8001, 8002, 8003]],
    ['22-22', [22]],
    ['-3', [1, 2, 3]],
    ['65533-', [65_533, 65_534, 65_535]],
    ['ssh', [22]],
    ['SSH,https', [22, 443]],
    ['http-alt', [8080]],
    ['22,80,8000-8002,ssh', [22, 80, 8000, 8001, 8002]],
    ['80,22,79-81,80', [80, 22, 79, 81]],
  ])('%s', (text, ports) => {
    expect(parse(text)).toEqual(ports)
  })

  it('reads back what was written', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(port, { minLength: 1 }),
        (ports) => void expect(parse(ports.join(','))).toEqual(ports),
      ),
    ))

  it('has every port of its ranges once', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(port, fc.nat(50)), { minLength: 1, maxLength: 5 }), (starts) => {
        const ranges = starts.map(([from, length]) => [from, Math.min(65_535, from + length)] as const)
        const all = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
        expect(parse(ranges.map(([from, to]) => `${from}-${to}`).join(','))).toEqual([...new Set(all)])
      }),
    ))

  it('may be all of them', () => {
    expect(parse('1-65535')).toHaveLength(65_535)
    expect(parse('1-')).toEqual(parse('-65535'))
  })

  it('asks for services of its own transport', () => {
    expect(parsePorts('syslog', services, 'udp')).toEqual([514])
    expect(() => parse('syslog')).toThrow(new UsageError("no tcp port or service: 'syslog'"))
  })

  it.each([
    ['', 'port missing'],
    [',', "port missing in ','"],
    ['22,', "port missing in '22,'"],
    ['22,,80', "port missing in '22,,80'"],
    ['0', "port out of range: '0' (1 to 65535)"],
    ['99999', "port out of range: '99999' (1 to 65535)"],
    ['22,65536', "port out of range: '65536' (1 to 65535)"],
    ['0-10', "port out of range: '0-10' (1 to 65535)"],
    ['0-', "port out of range: '0-' (1 to 65535)"],
    ['65535-65536', "port out of range: '65535-65536' (1 to 65535)"],
    ['9'.repeat(400), `port out of range: '${'9'.repeat(59)}…' (1 to 65535)`],
    ['80-22', "port range is backwards: '80-22' (write 22-80)"],
    ['-', "port range without an end: '-'"],
    ['abc', "no tcp port or service: 'abc'"],
    ['22-80-443', "no tcp port or service: '22-80-443'"],
    ['ssh-http', "no tcp port or service: 'ssh-http'"],
    ['+22', "no tcp port or service: '+22'"],
    ['22.5', "no tcp port or service: '22.5'"],
    ['0x16', "no tcp port or service: '0x16'"],
    ['1e3', "no tcp port or service: '1e3'"],
    ['22 ', "no tcp port or service: '22 '"],
    ['22, 80', "no tcp port or service: ' 80'"],
    ['２２', "no tcp port or service: '２２'"],
    ['22\u0000', "no tcp port or service: '22\u0000'"],
    ['1-65535,'.repeat(17).concat('1'), `port list too long: '${'1-65535,'.repeat(7)}1-6…'`],
  ])('%j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(new UsageError(message))
  })

  it('is valid or a usage error, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789-,'), maxLength: 12 }),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, (text) => {
        try {
          const ports = parse(text)
          expect(ports.length).toBeGreaterThan(0)
          expect(new Set(ports).size).toBe(ports.length)
          expect(ports.every((p) => Number.isInteger(p) && p >= 1 && p <= 65_535)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a word that can only be ports', () => {
  it.each(['22', '22,80', '8000-8010', '-100', '1-', '-', '22,ssh', 'a,b', ','])('%s is one', (word) => {
    expect(looksLikePorts(word)).toBe(true)
  })

  it.each(['', 'ssh', '10.0.0.1', 'a:22,80', '[::1]:22,80', 'http-alt', '1-a'])('%j is none', (word) => {
    expect(looksLikePorts(word)).toBe(false)
  })
})
