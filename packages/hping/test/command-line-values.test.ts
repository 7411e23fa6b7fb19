import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseIpv6 } from '../src/command-line/conflicts.ts'
import { complaintAbout, run, settingsOf, TABLE } from './command-line-kit.ts'

const HOST = '10.77.0.2'

/** What hping3 complains of as well, mostly on standard output and with status 1. */
const REFUSED_BY_BOTH: readonly (readonly [line: string, words: string | RegExp])[] = [
  ['-S -p 22', 'no host: whom to ping?'],
  [`-S ${HOST} 10.77.0.3`, 'one host at a time: 10.77.0.2 or 10.77.0.3?'],
  [`--bogus ${HOST}`, /^unknown option --bogus/],
  [`-? ${HOST}`, /^unknown option -\?/],
  [`--synn ${HOST}`, /^unknown option --synn/],
  [`${HOST} -p`, 'option -p needs a value'],
  [`-c 0 ${HOST}`, '-c: not a number from 1 to 4294967295: 0'],
  [`-c abc ${HOST}`, '-c: not a number from 1 to 4294967295: abc'],
  [`-i -1 ${HOST}`, /^-i: not a time such as .*: -1$/],
  [`-d 65530 ${HOST}`, '-d: more than the 65495 octets that fit: 65530'],
  [`-E file.txt ${HOST}`, '-E needs -d: so many octets of the file go into a packet'],
  [`-E file.txt -e SIG ${HOST}`, '-E needs -d: so many octets of the file go into a packet'],
  [`-e abcdef -d 3 ${HOST}`, '-e: 6 octets do not fit into the 3 of -d'],
  [`-8 22,abc ${HOST}`, "-8: not a port, a range, 'all' or 'known', or one of these behind '!': abc"],
  [`-8 70000 ${HOST}`, '-8: not within the ports from 0 to 65535: 70000'],
  [`-8 0x16 ${HOST}`, /^-8: not a port, .*: 0x16$/],
  [`-8 ssh ${HOST}`, /^-8: not a port, .*: ssh$/],
  [`-C 15 ${HOST}`, /^-C: not 8 .*: 15$/],
]

/** What hping3 takes in silence, or makes something else of. */
const REFUSED_BY_US: readonly (readonly [line: string, words: string | RegExp])[] = [
  [`-p abc ${HOST}`, '-p: not a port from 0 to 65535, with + or ++ before it for one that rises: abc'],
  [`-p 65558 ${HOST}`, /^-p: not a port .*: 65558$/],
  [`-p -1 ${HOST}`, /^-p: not a port .*: -1$/],
  [`-p +++5 ${HOST}`, /^-p: not a port .*: \+\+\+5$/],
  [`-p ++ ${HOST}`, /^-p: not a port .*: \+\+$/],
  [`-p 80-90 ${HOST}`, /^-p: not a port .*: 80-90$/],
  [`-p 22x ${HOST}`, /^-p: not a port .*: 22x$/],
  [`-s 65536 ${HOST}`, '-s: not a number from 0 to 65535: 65536'],
  [`-w 65536 ${HOST}`, '-w: not a number from 0 to 65535: 65536'],
  [`-M 4294967296 ${HOST}`, '-M: not a number from 0 to 4294967295: 4294967296'],
  [`-L -5 ${HOST}`, '-L: not a number from 0 to 4294967295: -5'],
  [`-t 256 ${HOST}`, '-t: not a number from 0 to 255: 256'],
  [`-N 65536 ${HOST}`, '-N: not a number from 0 to 65535: 65536'],
  [`-o zz ${HOST}`, "-o: not a hexadecimal number from 0 to ff, or 'help': zz"],
  [`-o 100 ${HOST}`, /^-o: not a hexadecimal .*: 100$/],
  [`--tcp-mss 70000 ${HOST}`, '--tcp-mss: not a number from 0 to 65535: 70000'],
  [`-i uabc ${HOST}`, /^-i: not u and a number of microseconds .*: uabc$/],
  [`-i u ${HOST}`, /^-i: not u and .*: u$/],
  [`-i 1abc ${HOST}`, /^-i: not a time .*: 1abc$/],
  [`-i 25h ${HOST}`, '-i: longer than 24h: 25h'],
  [`-i u90000000000 ${HOST}`, /^-i: not u and .*, 24 hours at most: /],
  [`--max-rate 0 ${HOST}`, '--max-rate: not a number from 1 to 1000000: 0'],
  [`--max-rate 1000001 ${HOST}`, '--max-rate: not a number from 1 to 1000000: 1000001'],
  [`--timeout 0 ${HOST}`, '--timeout: not a time above 0: 0'],
  [`-8 22 --retries 21 ${HOST}`, '--retries: not a number from 0 to 20: 21'],
  [`-m 30 ${HOST}`, '-m: not a multiple of 8 from 8 to 65528: 30'],
  [`-m 0 ${HOST}`, '-m: not a multiple of 8 from 8 to 65528: 0'],
  [`-g 5 ${HOST}`, '-g: not a multiple of 8 from 0 to 65528: 5'],
  [`-g 65536 ${HOST}`, /^-g: not a multiple of 8 .*: 65536$/],
  [`-g 65512 -d 100 ${HOST}`, '-g: no packet is so long that it could have this fragment'],
  [`-8 65530-65540 ${HOST}`, '-8: not within the ports from 0 to 65535: 65530-65540'],
  [`-8 22- ${HOST}`, /^-8: not a port, .*: 22-$/],
  [`-8 -22 ${HOST}`, /^-8: not a port, .*: -22$/],
  [`-8 22,,23 ${HOST}`, /^-8: not a port, .*: ''$/],
  [`-8 !!22 ${HOST}`, /^-8: not a port, .*: !!22$/],
  [`-8 !22 ${HOST}`, '-8: no port is left: !22'],
  [`-8 ${'all,'.repeat(17)}1 ${HOST}`, /^-8: the list is too long: 'all,all/],
  [`-8 all,!all ${HOST}`, '-8: no port is left: all,!all'],
  [`-C 0 ${HOST}`, '-C: not 8 (echo) or 13 (timestamp): other ICMP messages are not sent from here: 0'],
  [`-C 3 -K 3 ${HOST}`, /^-C: not 8 .*: 3$/],
  [`-C 5 ${HOST}`, /^-C: not 8 .*: 5$/],
  [`-C 8 -K 3 ${HOST}`, '-K: not 0, the only code of echo and timestamp requests: 3'],
  [`-1 -2 ${HOST}`, 'only one of -1 and -2 can be done at a time'],
  [`-2 --icmp-ts ${HOST}`, 'only one of -2 and --icmp-ts can be done at a time'],
  [`-8 22 -1 ${HOST}`, '-8: there are no ports in ICMP mode: scan by TCP, or by UDP with -2'],
  [`-8 22 -p 5 ${HOST}`, '-8 and -p do not go together'],
  [`-8 22 -c 1 ${HOST}`, '-8 and -c do not go together'],
  [`-8 22 -T ${HOST}`, '-8 and -T do not go together'],
  [`-8 22 --tcpexitcode ${HOST}`, '--tcpexitcode and -8 do not go together'],
  [`--retries 1 ${HOST}`, '--retries goes with -8 only'],
  [`--tr-stop ${HOST}`, '--tr-stop goes with -T only'],
  [`--tr-keep-ttl ${HOST}`, '--tr-keep-ttl goes with -T only'],
  [`--tr-no-rtt ${HOST}`, '--tr-no-rtt goes with -T only'],
  [`-z -Z ${HOST}`, '-z and -Z do not go together'],
  [`--json -D ${HOST}`, '--json and -D do not go together'],
  [`--json -j ${HOST}`, '--json and -j do not go together'],
  [`--json -J ${HOST}`, '--json and -J do not go together'],
  [`--json -Q ${HOST}`, '--json and -Q do not go together'],
  [`--json --beep ${HOST}`, '--json and --beep do not go together'],
  [`--tcpexitcode --exit-code hping ${HOST}`, '--tcpexitcode and --exit-code do not go together'],
  [`-2 --tcpexitcode ${HOST}`, '--tcpexitcode goes with TCP only'],
  [`-x -f ${HOST}`, '-f and -m cut packets, -x and -g make a single fragment: not both'],
  [`-g 8 -m 16 ${HOST}`, '-f and -m cut packets, -x and -g make a single fragment: not both'],
  [`-d 0 -e AB ${HOST}`, '-e: 2 octets do not fit into the 0 of -d'],
  [`-d 3 -e SIG -E file.txt ${HOST}`, '-E: -d leaves no room for octets of the file'],
  [`-d 0 -E file.txt ${HOST}`, '-E: -d leaves no room for octets of the file'],
  [`--tcp-mss 5 --tcp-timestamp -d 65480 ${HOST}`, '-d: more than the 65479 octets that fit: 65480'],
  [`-1 -C 13 -d 65496 ${HOST}`, '-d: more than the 65495 octets that fit: 65496'],
  [`-2 -G -d 65507 ${HOST}`, '-d: more than the 65467 octets that fit: 65507'],
  ['-d 65515 a.lan', '-d: more than the 65495 octets that fit: 65515'],
  [`-e ${'x'.repeat(65_496)} ${HOST}`, '-e: more than the 65495 octets that fit: 65496'],
  [`-6 ${HOST}`, '-6 and an IPv4 address do not go together: 10.77.0.2'],
  ['-4 fd00::2', '-4 and an IPv6 address do not go together: fd00::2'],
  ['-x -2 -d 65520 fd00::2', '-d: more than the 65519 octets that fit: 65520'],
  ['-a 10.0.0.1 fd00::2', '-a: not an IPv6 address: 10.0.0.1'],
  ['-G fd00::2', '-G: IPv6 does not record routes'],
  ['-y fd00::2', '-y: IPv6 has no such flag, routers never cut its packets'],
  ['-N 5 fd00::2', '-N: only fragments have an identification in IPv6'],
  ['--icmp-ts fd00::2', 'timestamp requests have no IPv6'],
  ['-6 -G a.lan', '-G: IPv6 does not record routes'],
  [`--read a --write b ${HOST}`, '--read and --write do not go together'],
  [`--write - ${HOST}`, '--write needs the name of a file: standard output has the report'],
  ['10.77.0', /^IPv4 address invalid: /],
  ['a/b', /^host name invalid: /],
  ['fd00::x', /^IPv6 address invalid: /],
]

describe('a command line that makes no sense', () => {
  it.each([...REFUSED_BY_BOTH, ...REFUSED_BY_US])('is refused in one line: %s', async (line, words) => {
    const said = await complaintAbout(...line.split(' '))
    if (typeof words === 'string') expect(said).toBe(words)
    else expect(said).toMatch(words)
  })

  it.each([
    ['-I', '-I: must not be empty'],
    ['-a', '-a: must not be empty'],
    ['-e', '-e: must not be empty'],
    ['-8', '-8: must not be empty'],
    ['--write', '--write: must not be empty'],
  ])('is refused for an empty value of %s', async (option, words) => {
    expect(await complaintAbout(option, '', HOST)).toBe(words)
  })

  it('is refused for a host without a name', async () => {
    expect(await complaintAbout('-S', '')).toMatch(/^host name invalid: ''/)
  })

  it('shows no control characters of what was typed', async () => {
    expect(await complaintAbout('-8', '22,\u001b[31m\n', HOST)).not.toMatch(/\p{Cc}/u)
  })
})

describe('what IPv6 does not have', () => {
  it('is refused for names that turn out to be IPv6 hosts', async () => {
    const refused = await settingsOf('-G', 'a.lan')
    expect(() => refuseIpv6(refused)).toThrow('-G: IPv6 does not record routes')
    refuseIpv6(await settingsOf('-S', 'a.lan'))
    refuseIpv6(await settingsOf('-x', '-N', '5', 'a.lan'))
  })
})

describe('any command line', () => {
  const names = Object.keys(TABLE)
  const letters = Object.values(TABLE).flatMap(({ short }) => (short === undefined ? [] : [short]))
  const value = fc.oneof(
    fc.constantFrom('0', '1', '8', '16', '22', '65535', '65536', '++5', 'u1', '0x7', 'all', '1-9,!3', 'help'),
    fc.string({ maxLength: 6 }),
  )
  const word = fc.oneof(
    fc.constantFrom(...names).map((name) => `--${name}`),
    fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `--${name}=${text}`),
    fc
      .tuple(fc.array(fc.constantFrom(...letters), { maxLength: 4 }), value)
      .map(([c, text]) => `-${c.join('')}${text}`),
    fc.constantFrom('10.0.0.1', '::1', 'a.lan', '-S', '-p', '-e', '-'),
    value,
  )

  it('is read or refused in one line, and nothing breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const { settings, status, stdout, stderr } = await run(...argv)
        expect(stderr).not.toContain('internal error')
        if (settings !== undefined)
          expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
        else if (stderr !== '') {
          expect([2, 3]).toContain(status)
          expect(stderr).toMatch(/^hping-ts: [^\n]+\n('hping-ts --help' [^\n]+\n)?$/)
        } else expect(stdout).not.toBe('')
      }),
      { numRuns: 250 },
    )
  })

  it('that is read sends no faster than allowed and nothing that is too long', async () => {
    const options = fc.record({
      rate: fc.integer({ min: 1, max: 1_000_000 }),
      us: fc.integer({ min: 0, max: 2_000_000 }),
      length: fc.integer({ min: 0, max: 65_600 }),
      offset: fc.integer({ min: 0, max: 8191 }),
      mode: fc.constantFrom('-S', '-1', '-2', '--icmp-ts'),
    })
    await fc.assert(
      fc.asyncProperty(options, async ({ rate, us, length, offset, mode }) => {
        const words = [mode, `-iu${us}`, '--max-rate', `${rate}`, `-d${length}`, `-g${offset * 8}`, HOST]
        const { settings } = await run(...words)
        const fits = 20 + 8 + offset * 8 + length <= 65_535
        if (!fits) expect(settings).toBeUndefined()
        if (settings === undefined) return
        expect(settings.intervalNs).toBeGreaterThanOrEqual(1e9 / rate)
        expect(settings.isCapped).toBe(us * 1000 < 1e9 / rate)
        if (!settings.isCapped) expect(settings.intervalNs).toBe(us * 1000)
      }),
      { numRuns: 100 },
    )
  })

  it('that lists ports gives each port once, ascending, as if one item was read after the other', async () => {
    const item = fc.tuple(fc.boolean(), fc.nat(65_535), fc.nat(300))
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), async (items) => {
        const list = items
          .map(([not, a, more]) => `${not ? '!' : ''}${a}-${Math.min(65_535, a + more)}`)
          .join(',')
        const wanted = new Set<number>()
        for (const [not, a, more] of items) {
          for (let port = a; port <= Math.min(65_535, a + more); port += 1) {
            if (not) wanted.delete(port)
            else wanted.add(port)
          }
        }
        const { settings, stderr } = await run('-S', '-8', list, HOST)
        if (wanted.size === 0) expect(stderr).toContain('no port is left')
        else expect(settings?.scan?.ports).toEqual([...wanted].sort((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })
})
