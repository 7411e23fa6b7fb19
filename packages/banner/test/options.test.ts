import { createServices, parseTargets } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { matchPattern } from '../src/command-line/match-pattern.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { probeText } from '../src/command-line/probe-text.ts'
import { octetsOf } from './detector-kit.ts'

const { settingsOf, complaintAbout, run } = commandLineKit(
  {
    name: 'banner',
    texts: async () => (await import('../src/texts.ts')).TEXTS,
    options: OPTIONS,
    usageStatus: 2,
  },
  (args) => args,
)

describe('--probe', () => {
  it.each([
    ['PING', 'PING'],
    ['GET / HTTP/1.0\\r\\n\\r\\n', 'GET / HTTP/1.0\r\n\r\n'],
    ['\\t\\0\\\\n', '\t\0\\n'],
    ['\\xff\\x0A', '\xff\n'],
    ['é', '\xc3\xa9'],
    ['0x0d0A', '\r\n'],
    ['0x 0d:0a ff', '\r\n\xff'],
    ['\\x30x0d', '0x0d'],
    ['0', '0'],
  ])('%s is these octets', async (text, octets) => {
    expect((await settingsOf('--probe', text)).probe).toEqual(octetsOf(octets))
  })

  it.each([
    ['0x0', 'not pairs of hexadecimal digits after 0x: 0x0'],
    ['0xyz', 'not pairs of hexadecimal digits after 0x: 0xyz'],
    ['0x0d  0a', "not pairs of hexadecimal digits after 0x: '0x0d  0a'"],
    ['\\q', 'not text with the escapes \\r \\n \\t \\0 \\\\ \\xHH: \\q'],
    ['a\\', 'not text with the escapes \\r \\n \\t \\0 \\\\ \\xHH: a\\'],
    ['\\x4', 'not text with the escapes \\r \\n \\t \\0 \\\\ \\xHH: \\x4'],
    ['', 'must not be empty'],
    ['0x', 'must not be empty'],
    ['x'.repeat(65_508), 'longer than 65507 octets'],
  ])('refuses %s', async (text, why) => {
    expect(await complaintAbout('--probe', text)).toBe(`banner: --probe: ${why}`)
  })

  it('can say any octets, both ways', () => {
    const hex = (octets: Uint8Array, before: string): string =>
      Array.from(octets, (octet) => before + octet.toString(16).padStart(2, '0')).join('')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (octets) => {
        expect(probeText(`0x${hex(octets, '')}`, '--probe')).toEqual(octets)
        expect(probeText(hex(octets, '\\x'), '--probe')).toEqual(octets)
      }),
    )
  })

  it('takes any text without a backslash as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!text.includes('\\') && !text.startsWith('0x'))
        expect(probeText(text, '--probe')).toEqual(new TextEncoder().encode(text))
      }),
    )
  })
})

describe('--match', () => {
  it('takes a regular expression whose dot is any octet', async () => {
    const { match } = await settingsOf('--match', '^a.b\\xff$')
    expect(matchPattern(match ?? '').test('a\nb\xff')).toBe(true)
    expect(matchPattern(match ?? '').test('a\nb\xfe')).toBe(false)
  })

  it.each(['(', '[', '*', '(?<product>a)(?<product>b)'])('refuses %s with what is wrong', async (source) => {
    expect(await complaintAbout('--match', source)).toMatch(
      /^banner: --match: Invalid regular expression: .+: .+/,
    )
  })

  it('refuses an empty one, which would match everything', async () => {
    expect(await complaintAbout('--match', '')).toBe('banner: --match: must not be empty')
  })
})

describe('other values', () => {
  it.each([
    [['-R', '0'], '-R: not a number from 0.001 to 1000000: 0'],
    [['-R', '1e3'], '-R: not a number from 0.001 to 1000000: 1e3'],
    [['-c', '0'], '-c: not a whole number from 1 to 1024: 0'],
    [['--concurrency', '1025'], '--concurrency: not a whole number from 1 to 1024: 1025'],
    [['--follow', '11'], '--follow: not a whole number from 0 to 10: 11'],
    [['--starttls', 'gopher'], /^--starttls: not one of auto, smtp, .*: gopher$/],
    [['--timeout', '0'], /^--timeout: not a time from 1ms/],
    [['--wait', 'x'], /^--wait: not a time from 1ms/],
    [['--sni', ''], '--sni: must not be empty'],
    [['--fingerprints', ''], '--fingerprints: must not be empty'],
    [['--exit-code', 'ping'], '--exit-code: not one of found, state: ping'],
  ] as const)('%j makes no sense', async (argv, why) => {
    const complaint = (await complaintAbout(...argv)).replace(/^banner: /, '')
    if (typeof why === 'string') expect(complaint).toBe(why)
    else expect(complaint).toMatch(why)
  })

  it('may be fractions of a connection a second', async () => {
    expect((await settingsOf('-R', '0.5')).rate).toBe(0.5)
    expect((await settingsOf('--rate', '1000000')).rate).toBe(1_000_000)
  })
})

it('explains every option in help, and the exit statuses', async () => {
  const { stdout } = await run('--help')
  for (const name of Object.keys(OPTIONS)) expect(stdout).toContain(`--${name}`)
  expect(stdout.replace(/\s+/g, ' ')).toContain('2 stealth or unreachable, 3 error')
})

it('has a manual page with examples that the tool itself understands', async () => {
  const { TEXTS } = await import('../src/texts.ts')
  for (const [line] of TEXTS.examples) {
    const [command = ''] = line.split(' | ')
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
    expect(words[0]).toBe('banner')
    const { _: places, udp } = await settingsOf(...words.slice(1))
    expect(parseTargets(places, createServices(), udp ? 'udp' : 'tcp'), line).not.toEqual([])
  }
  expect((await run('--man')).stdout).toContain('Own questions'.toUpperCase())
})
