import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesMask } from '../src/grammar/name-mask.ts'
import { parseServicesFile } from '../src/grammar/services-file.ts'

describe('a services file', () => {
  it('gives names by port and protocol, the first entry of a port, and skips what is no entry', () => {
    const lines = [
      '# name port',
      'ssh\t22/tcp\t0.18\t# Secure Shell',
      'other 22/tcp 0.1',
      'ssh 22/udp',
      '  indented   23/tcp   alias',
      'whois++ 63/tcp',
      'sctp-only 24/sctp 0.1',
      'nul 0/tcp',
      'high 65536/tcp',
      'higher 99999999999999999999/tcp',
      'last 65535/tcp',
      'no-port',
      'no-number x/tcp',
      'no-protocol 25/',
      'cut 26/tc',
      'longer 27/tcpx',
      '/ 28/tcp',
      `${'n'.repeat(65)} 29/tcp`,
      'na\u00efve 30/tcp',
      'crlf 31/tcp\r',
      '#comment 32/tcp',
      ' # comment 33/tcp',
      'end 34/udp',
    ]
    const file = parseServicesFile(lines.join('\n'))
    expect(file.ports('tcp')).toEqual([22, 23, 28, 31, 63, 65_535])
    expect(file.ports('udp')).toEqual([22, 34])
    expect([22, 23, 63, 31].map((port) => file.nameOf(port, 'tcp'))).toEqual([
      'ssh',
      'indented',
      'whois++',
      'crlf',
    ])
    expect(file.nameOf(24, 'tcp')).toBeUndefined()
    expect(file.nameOf(34, 'udp')).toBe('end')
    for (const port of [-1, 65_536, 0.5]) expect(file.nameOf(port, 'tcp')).toBeUndefined()
  })

  it('is read as a naive reading of its lines reads it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_.+-]{0,20}$/)
    const entry = fc.tuple(word, fc.integer({ min: 1, max: 65_535 }), fc.constantFrom('tcp', 'udp', 'sctp'))
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const file = parseServicesFile(
          entries.map(([name, port, side]) => `${name}\t${port}/${side}\t0.1`).join('\n'),
        )
        const first = new Map<string, string>()
        for (const [name, port, side] of [...entries].reverse()) first.set(`${port}/${side}`, name)
        for (const [, port, side] of entries) {
          if (side !== 'sctp') expect(file.nameOf(port, side)).toBe(first.get(`${port}/${side}`))
        }
        expect(file.ports('tcp').length + file.ports('udp').length).toBe(
          [...first.keys()].filter((key) => !key.endsWith('sctp')).length,
        )
      }),
    )
  })

  it('gives the same names whether ports are asked for one by one or all at once', () => {
    const number = fc.constantFrom('1', '11', '111', '0011', '21', '121', '1121', '65535', '70000')
    const name = fc.constantFrom('a', 'b', '  c', '#d', ' # e', '11/tcp', '')
    const side = fc.constantFrom('tcp', 'udp', 'tcpx')
    const line = fc.tuple(name, number, side).map(([word, port, end]) => `${word}\t${port}/${end} 21/tcp`)
    const asked = fc.array(fc.constantFrom(1, 11, 21, 111, 121, 1121, 2, 65_535), { maxLength: 40 })
    fc.assert(
      fc.property(fc.array(line), asked, (lines, ports) => {
        const text = lines.join('\n')
        const [oneByOne, atOnce] = [parseServicesFile(text), parseServicesFile(text)]
        atOnce.ports('tcp')
        for (const port of ports) expect(oneByOne.nameOf(port, 'tcp')).toBe(atOnce.nameOf(port, 'tcp'))
        expect(oneByOne.ports('tcp')).toEqual(atOnce.ports('tcp'))
      }),
      { numRuns: 1000 },
    )
  })

  it('of one long line that names a port again and again does not take long', () => {
    expect(parseServicesFile('# 80/tcp'.repeat(1e6)).nameOf(80, 'tcp')).toBeUndefined()
  })

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\sa#0-9/tcpud]{0,60}$/)), (text) => {
        const file = parseServicesFile(text)
        for (const port of file.ports('tcp')) expect(file.nameOf(port, 'tcp')).toMatch(/^[!-~]{1,64}$/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a mask of names', () => {
  it('matches what the regular expression for it matches', () => {
    const mask = fc.stringMatching(/^[ab*?]{0,8}$/)
    fc.assert(
      fc.property(fc.stringMatching(/^[ab]{0,10}$/), mask, (name, mask) => {
        const pattern = new RegExp(`^${mask.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matchesMask(name, mask)).toBe(pattern.test(name))
      }),
      { numRuns: 2000 },
    )
  })

  it('of many stars does not take long', () => {
    expect(matchesMask('a'.repeat(5000), `${'*a'.repeat(2000)}b`)).toBe(false)
  })
})
