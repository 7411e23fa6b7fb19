import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPortSpec } from '../src/grammar/port-spec.ts'
import { NAMES } from './grammar-kit.ts'

const FORM = 'Example of proper form: "-100,200-1024,T:3000-4000,U:60000-"'
const illegal = (code: number) => `Error #${code}: Your port specifications are illegal.  ${FORM}`
const NONE = "No ports specified -- If you really don't want to scan any ports use ping scan..."
const OUTSIDE = 'Ports specified must be between 0 and 65535 inclusive'
const TWICE = 'WARNING: Duplicate port number(s) specified.  Each is asked once.'
const NOT_UDP = 'WARNING: Your ports include "U:" but you haven\'t specified UDP scan with -sU.'
const NOT_SCTP = 'WARNING: Your ports include "S:" but you haven\'t specified any SCTP scan type.'
const NOT_IP = 'WARNING: Your ports include "P:" but you haven\'t specified IP Protocol scan with -sO.'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const ALL = range(1, 65_535)

/** Seen with nmap 7.93 -sT, with the names of the kit's services file. */
describe('a port specification', () => {
  it.each<[string, readonly number[], readonly string[]]>([
    ['22', [22], []],
    ['00022', [22], []],
    ['22,80', [22, 80], []],
    ['80,22', [22, 80], []],
    ['0', [0], []],
    ['0-3', [0, 1, 2, 3], []],
    ['-3', [1, 2, 3], []],
    ['65535-', [65_535], []],
    ['65534-', [65_534, 65_535], []],
    ['22-', range(22, 65_535), []],
    ['-', ALL, []],
    ['T:-', ALL, []],
    ['-,-', ALL, [TWICE]],
    ['22,-', ALL, [TWICE]],
    ['22,22', [22], [TWICE]],
    ['20-25,22', range(20, 25), [TWICE]],
    ['T:22,T:22', [22], [TWICE]],
    [' 22', [22], []],
    ['22 ', [22], []],
    ['22 ,80', [22, 80], []],
    ['22, 80', [22, 80], []],
    ['22\t,\n80', [22, 80], []],
    ['22 -24', [22, 23, 24], []],
    ['1-2 ,3', [1, 2, 3], []],
    ['22,', [22], []],
    ['22,T:', [22], []],
    ['T: 22', [22], []],
    ['T:T:22', [22], []],
    ['smtp,T:', [25], []],
    ['ftp-data', [20], []],
    ['http', [80, 8008], []],
    ['http 25', [25, 80, 8008], []],
    ['http,80', [80, 8008], [TWICE]],
    ['elite', [31_337], []],
    ['*lite', [31_337], []],
    ['ss?', [22], []],
    ['ss*', [22, 614], []],
    ['z39.50', [210], []],
    ['*-*', [20, 280, 614, 8080], []],
    ['http*', [80, 280, 443, 8008, 8080], []],
    ['[http*]', [80, 280, 443, 8008, 8080], []],
    ['[ssh', [22], []],
    ['[-30]', [20, 21, 22, 23, 25], []],
    ['[-30', [20, 21, 22, 23, 25], []],
    ['[0-30]', [20, 21, 22, 23, 25], []],
    ['[ 22 ]', [22], []],
    ['[22,80]', [22, 80], []],
    ['[22],[80]', [22, 80], []],
    ['[22],', [22], []],
    ['[22,]', [22], []],
    ['[22]80', [22, 80], []],
    ['[20-22]4-5', [4, 5, 20, 21, 22], []],
    ['[20-22]-3', [1, 2, 3, 20, 21, 22], []],
    ['[]22', [22], []],
    ['22,[]', [22], []],
    ['T:[20-22]', [20, 21, 22], []],
    ['[T:22]', [22], []],
    ['T:22,111,S:1', [22, 111], [NOT_SCTP]],
    ['T:22,U:53', [22], [NOT_UDP]],
    ['[U:53,T:22]', [22], [NOT_UDP]],
    ['T:22,[U:53],80', [22, 80], [NOT_UDP]],
    ['U:53', [], [NOT_UDP]],
    ['U:http', [], [NOT_UDP]],
    ['S:1', [], [NOT_SCTP]],
    ['S:ssh', [], [NOT_SCTP]],
    ['P:-', [], [NOT_IP]],
    ['S:22,U:53,P:6,T:1', [1], [NOT_SCTP, NOT_UDP, NOT_IP]],
    ['U:53,S:22,T:1', [1], [NOT_UDP, NOT_SCTP]],
  ])('%j means these ports', (text, tcp, warnings) => {
    expect(readPortSpec(text, ['tcp'], NAMES)).toEqual({ tcp, udp: [], warnings })
  })

  it.each<[string, readonly number[], readonly number[], readonly string[]]>([
    ['22', [22], [22], []],
    ['0', [0], [0], []],
    ['T:22,53', [22, 53], [], []],
    ['22,T:22', [22], [22], [TWICE]],
    ['T:22,U:22', [22], [22], []],
    ['http', [80, 8008], [80], []],
    ['[-100]', [20, 21, 22, 23, 25, 53, 80], [53, 80], []],
    ['[U:53],54', [54], [53, 54], []],
    ['T:[U:53],54', [54], [53], []],
  ])('%j means these ports of both protocols', (text, tcp, udp, warnings) => {
    expect(readPortSpec(text, ['tcp', 'udp'], NAMES)).toEqual({ tcp, udp, warnings })
  })

  it('for UDP alone tells of T: and gives only ports of UDP', () => {
    const warnings = ['WARNING: Your ports include "T:" but you haven\'t specified any TCP scan type.']
    expect(readPortSpec('53,T:22', ['udp'], NAMES)).toEqual({ tcp: [], udp: [53], warnings })
  })

  it.each([
    ['', illegal(485)],
    ['  ', illegal(485)],
    [',', illegal(485)],
    ['22,,80', illegal(485)],
    [' ,22', illegal(485)],
    ['22, ', illegal(485)],
    ['[22] ', illegal(485)],
    ['[1-3],,', illegal(485)],
    ['[,22]', illegal(485)],
    ['[', illegal(485)],
    ['T:[', illegal(485)],
    ['T:,', illegal(485)],
    ['T: ', illegal(485)],
    ['T :22', illegal(485)],
    ['http ,80', illegal(485)],
    ['+5', illegal(485)],
    ['_', illegal(485)],
    ['22,/', illegal(485)],
    [':', illegal(485)],
    ['HTTP', illegal(485)],
    ['--', illegal(486)],
    ['1--3', illegal(486)],
    ['22- 30', illegal(486)],
    ['-T', illegal(486)],
    ['5-a', illegal(486)],
    ['5-[6]', illegal(486)],
    ['5-;', illegal(486)],
    ['1-http', illegal(486)],
    ['22;80', illegal(487)],
    ['0x16', illegal(487)],
    ['22 80', illegal(487)],
    ['22[80]', illegal(487)],
    ['3com-tsmux', illegal(487)],
    ['T:22U:53', illegal(487)],
    ['1 :', illegal(487)],
    ['22,T:22:', illegal(487)],
    ['1-2-3', illegal(488)],
    ['-1--2', illegal(488)],
    ['4-5 -', illegal(488)],
    ['1-2;3', illegal(488)],
    ['1-2 3', illegal(488)],
    ['30-20', 'Your port range 30-20 is backwards. Did you mean 20-30?'],
    ['30-20,70000', 'Your port range 30-20 is backwards. Did you mean 20-30?'],
    ['P:5-3', 'Your protocol range 5-3 is backwards. Did you mean 3-5?'],
    ['[1-30]:ss*', illegal(485)],
    ['[70-60]', 'Your port range 70-60 is backwards. Did you mean 60-70?'],
    ['-0', 'Your port range 1-0 is backwards. Did you mean 0-1?'],
    ['70000', OUTSIDE],
    ['65536', OUTSIDE],
    ['70000-', OUTSIDE],
    ['30-70000', OUTSIDE],
    ['-99999999999', OUTSIDE],
    ['99999999999999999999999', OUTSIDE],
    ['P:300', 'Protocols specified must be between 0 and 255 inclusive'],
    ['T:', NONE],
    ['U:', NONE],
    ['[T:', NONE],
    ['[]', NONE],
    ['[0]', NONE],
    ['[36]', NONE],
    ['abc-', "Found no matches for the service mask 'abc-' and your specified protocols"],
    ['http-80', "Found no matches for the service mask 'http-80' and your specified protocols"],
    ['22,80,x', "Found no matches for the service mask 'x' and your specified protocols"],
    ['h ttp', "Found no matches for the service mask 'h' and your specified protocols"],
    ['ab]', "Found no matches for the service mask 'ab' and your specified protocols"],
    ['?', "Found no matches for the service mask '?' and your specified protocols"],
    ['T:22,U:zzz', "Found no matches for the service mask 'zzz' and your specified protocols"],
    ['a'.repeat(127), 'A service mask in the port/protocol specification is either malformed or too long'],
    ['22]', 'Unexpected ] character in port/protocol specification'],
    ['[1-3]]', 'Unexpected ] character in port/protocol specification'],
    ['[[1]]', "Can't nest [] brackets in port/protocol specification"],
    ['t:22', "Error parsing port list: Unknown protocol specifier 't'."],
    ['5:1', "Error parsing port list: Unknown protocol specifier '5'."],
    ['-:', "Error parsing port list: Unknown protocol specifier '-'."],
    ['[:', "Error parsing port list: Unknown protocol specifier '['."],
    ['::', "Error parsing port list: Unknown protocol specifier ':'."],
  ])('%j is refused in the words of nmap', (text, message) => {
    expect(() => readPortSpec(text, ['tcp'], NAMES)).toThrow(new UsageError(message))
  })

  it('that would name millions of ports is refused', () => {
    expect(() => readPortSpec('-,'.repeat(60_000), ['tcp'], NAMES)).toThrow(/too many ports/)
    expect(() => readPortSpec('*,'.repeat(60_000), ['tcp'], NAMES)).toThrow(/too many ports/)
  })
})

describe('the laws of port specifications', () => {
  const port = fc.integer({ min: 1, max: 65_535 })
  const item = fc.oneof(
    port.map((one) => ({ text: `${one}`, from: one, to: one })),
    fc.tuple(port, port).map(([a, b]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      return { text: `${from}-${to}`, from, to }
    }),
    port.map((to) => ({ text: `-${to}`, from: 1, to })),
    port.map((from) => ({ text: `${from}-`, from, to: 65_535 })),
  )
  const part = fc.record({ letter: fc.constantFrom('', 'T:', 'U:', 'S:'), item })

  it('numbers and ranges mean what a naive reading of them means', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const wanted = { tcp: new Set<number>(), udp: new Set<number>() }
        let sides = 'TU'
        for (const { letter, item } of parts) {
          sides = letter.charAt(0) || sides
          for (const one of range(item.from, item.to)) {
            if (sides.includes('T')) wanted.tcp.add(one)
            if (sides.includes('U')) wanted.udp.add(one)
          }
        }
        const text = parts.map(({ letter, item }) => `${letter}${item.text}`).join(',')
        const read = readPortSpec(text, ['tcp', 'udp'], NAMES)
        expect(read.tcp).toEqual([...wanted.tcp].sort((a, b) => a - b))
        expect(read.udp).toEqual([...wanted.udp].sort((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })

  it('any text gives ascending ports or a UsageError of one line', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[\dTUSP:,[\] *?a-z-]{0,20}$/))
    fc.assert(
      fc.property(text, (spec) => {
        try {
          const { tcp, udp } = readPortSpec(spec, ['tcp', 'udp'], NAMES)
          for (const ports of [tcp, udp]) {
            expect(ports.every((one, i) => one > (ports[i - 1] ?? -1) && one <= 65_535)).toBe(true)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
