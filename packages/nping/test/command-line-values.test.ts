import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaintAbout, settingsOf } from './command-line-kit.ts'

const HOST = '10.77.0.2'

/** Recorded mistakes (nping-007 to nping-045) and their like, which nping refuses as well. */
const REFUSED_BY_BOTH: readonly (readonly [line: string, words: string | RegExp])[] = [
  ['--tcp', 'no target: whom to ping?'],
  [`--tcp --udp ${HOST}`, 'only one of --tcp and --udp can be done at a time'],
  [`--echo-request --tcp ${HOST}`, 'only one of --echo-request and --tcp can be done at a time'],
  [`--icmp -p 22 ${HOST}`, '-p: there are no ports in ICMP mode: use it with --tcp or --udp'],
  [`--arp -p 22 ${HOST}`, '-p: there are no ports in ARP mode: use it with --tcp or --udp'],
  [`--tcp -p 70000 ${HOST}`, '-p: not a port from 0 to 65535: 70000'],
  [`--tcp -p abc ${HOST}`, '-p: no port and no tcp service: abc'],
  [`--tcp -p 0x10 ${HOST}`, '-p: no port and no tcp service: 0x10'],
  [`--tcp -p 22,,111 ${HOST}`, '-p: a port is missing: 22,,111'],
  [`--tcp -p , ${HOST}`, '-p: a port is missing: ,'],
  [`--tcp -p 23-20 ${HOST}`, '-p: the range 23-20 is backwards: write 20-23'],
  [`-c abc ${HOST}`, '-c: not a number from 0 to 4294967295: abc'],
  [`-c -1 ${HOST}`, '-c: not a number from 0 to 4294967295: -1'],
  [`--delay 10000 ${HOST}`, '--delay: 10000 seconds or milliseconds? Write 10000s or 10000ms'],
  [`--delay 10 ${HOST}`, '--delay: 10 seconds or milliseconds? Write 10s or 10ms'],
  [`--delay -1 ${HOST}`, /^--delay: not a time such as .*: -1$/],
  [`--delay 5x ${HOST}`, /^--delay: not a time such as .*: 5x$/],
  [`--delay 100ns ${HOST}`, '--delay: shorter than 1us, which is 1000000 packets a second: 100ns'],
  [`--rate 0 ${HOST}`, '--rate: not a number of packets a second above 0: 0'],
  [`--rate -3 ${HOST}`, '--rate: not a number of packets a second above 0: -3'],
  [`--rate 0.00001 ${HOST}`, '--rate: less than one packet in 24h: 0.00001'],
  [`--flags xyz ${HOST}`, /^--flags: not TCP flags .*: xyz$/],
  [`--flags syn,foo ${HOST}`, /^--flags: not TCP flags .*: syn,foo$/],
  [`--flags syn,ac ${HOST}`, /^--flags: not TCP flags .*: syn,ac$/],
  [`--flags syn,, ${HOST}`, /^--flags: not TCP flags .*: syn,,$/],
  [`--flags 0x100 ${HOST}`, /^--flags: not TCP flags .*: 0x100$/],
  [`--flags null ${HOST}`, /^--flags: not TCP flags .*: null$/],
  [`--ttl 300 ${HOST}`, "--ttl: not a number from 0 to 255, or 'random': 300"],
  [`--ttl -1 ${HOST}`, "--ttl: not a number from 0 to 255, or 'random': -1"],
  [`--seq 4294967296 ${HOST}`, "--seq: not a number from 0 to 4294967295, or 'random': 4294967296"],
  [`-v9 ${HOST}`, '-v: not a level from -4 to 4: 9'],
  [`-vv2 ${HOST}`, '-v: not a level from -4 to 4: v2'],
  [`-q9 ${HOST}`, '-q: not a level from 0 to 4: 9'],
  [`-d10 ${HOST}`, '-d: not a level from 0 to 9: 10'],
  [`-g 1000 -g 1001 ${HOST}`, '-g: there is only one source port'],
  [`-g 70000 ${HOST}`, "-g: not a number from 0 to 65535, or 'random': 70000"],
  [`-6 --tcp ${HOST}`, '-6 and an IPv4 address do not go together: 10.77.0.2'],
  ['-4 --tcp fd77::2', '-4 and an IPv6 address do not go together: fd77::2'],
  [`--udp --data zz ${HOST}`, '--data: not octets in hexadecimal such as 0xcafe01: zz'],
  [`--udp --data abc ${HOST}`, '--data: not octets in hexadecimal such as 0xcafe01: abc'],
  [`--udp --data 0x ${HOST}`, '--data: not octets in hexadecimal such as 0xcafe01: 0x'],
  [`--udp --data 00 --data-length 7 ${HOST}`, 'one of --data, --data-string and --data-length is enough'],
  [`--udp --data-length 70000 ${HOST}`, '--data-length: not a number from 0 to 65400: 70000'],
  [`--udp --mtu 30 ${HOST}`, '--mtu: not a multiple of 8 from 8 to 65528: 30'],
  [`--udp --mtu 0 ${HOST}`, '--mtu: not a multiple of 8 from 8 to 65528: 0'],
  [`--icmp --icmp-type foo ${HOST}`, /^--icmp-type: not echo .*: foo$/],
  [`--tcp --icmp-id 5 ${HOST}`, '--icmp-id does not go with TCP mode'],
  [`--tcp --arp-type arp ${HOST}`, '--arp-type does not go with TCP mode'],
  [`--tcp -S nosuch.lab.invalid ${HOST}`, "-S: not one of this machine's own addresses: nosuch.lab.invalid"],
  [`-6 -S 10.0.0.1 fd77::2`, '-S: not an IPv6 address: 10.0.0.1'],
  ['--timestamp fd77::2', 'timestamp requests have no IPv6'],
  [`--tcp --unprivileged ${HOST}`, '--tcp needs packets of our own making, which --unprivileged rules out'],
  [`--udp --ttl 5 --unprivileged ${HOST}`, '--ttl needs packets of our own making (CAP_NET_RAW)'],
  [`--like-system --win 5 ${HOST}`, '--like-system sets the window: it does not go with --win'],
  [`--like-system --flags ack ${HOST}`, '--like-system is a SYN: it does not go with other --flags'],
  [`--read a --write b ${HOST}`, '--read and --write do not go together'],
  [`--udp-payloads --data 00 ${HOST}`, '--udp-payloads does not go with a payload'],
  [`--timeout 0 ${HOST}`, '--timeout: not a time above 0: 0'],
  ['10.0.0.0/8', '16777216 addresses are more than 65536: --max-targets allows more'],
  ['--max-targets 3 10.77.0.0/30', '4 addresses are more than 3: --max-targets allows more'],
  ['127.0.0.3-1', "range of an octet is backwards: '3-1' in '127.0.0.3-1'"],
  ['10.0.0.1-2/24', "either ranges of octets or a prefix, not both: '10.0.0.1-2/24'"],
]

/** What nping takes, and we do not. */
const REFUSED_BY_US: readonly (readonly [line: string, words: string | RegExp])[] = [
  [`--delay 25h ${HOST}`, '--delay: longer than 24h: 25h'],
  [`--rate 1000001 ${HOST}`, '--rate: more than 1000000 packets a second: 1000001'],
  [`--icmp --icmp-type 200 ${HOST}`, /^--icmp-type: not echo .*: 200$/],
  [`--icmp --icmp-type mask ${HOST}`, /^--icmp-type: not echo .*: mask$/],
  [`--icmp --icmp-code 3 ${HOST}`, /^--icmp-code: not 0, .*: 3$/],
  [`--arp --arp-type rarp ${HOST}`, /^--arp-type: not arp-request .*: rarp$/],
  [
    `--tcp-connect --tr ${HOST}`,
    '--traceroute needs --tcp, --udp or --icmp and the right to send such packets',
  ],
]

describe('a value that makes no sense', () => {
  it.each([...REFUSED_BY_BOTH, ...REFUSED_BY_US])('is refused in one line: %s', async (line, words) => {
    const said = (await complaintAbout(...line.split(' '))).replace(/^nping-ts: /, '')
    if (typeof words === 'string') expect(said).toBe(words)
    else expect(said).toMatch(words)
  })
})

describe('TCP flags', () => {
  it.each([
    ['syn', 2],
    ['ack', 16],
    ['fin', 1],
    ['rst', 4],
    ['psh', 8],
    ['urg', 32],
    ['ece', 64],
    ['ecn', 64],
    ['cwr', 128],
    ['syn,ack', 18],
    ['SYN,ack', 18],
    ['SA', 18],
    ['sa', 18],
    ['ss', 2],
    ['ec', 192],
    ['fin,psh,urg', 41],
    ['all', 255],
    ['ALL', 255],
    ['none', 0],
    ['nil', 0],
    ['', 0],
    ['0x12', 18],
    ['18', 18],
    ['022', 18],
    ['255', 255],
  ])('%j are the bits %i', async (text, flags) => {
    expect((await settingsOf('--tcp', '--flags', text, HOST)).tcp.flags).toBe(flags)
  })
})

describe('times', () => {
  it('of the delay come to the nanosecond in every unit', async () => {
    const units = { us: 1e3, ms: 1e6, s: 1e9 }
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80_000 }),
        fc.constantFrom<keyof typeof units>('us', 'ms', 's'),
        async (size, unit) => {
          const { intervalNs } = await settingsOf('--delay', `${size}${unit}`, HOST)
          expect(intervalNs).toBe(size * units[unit])
          const { intervalNs: tenth } = await settingsOf('--delay', `${size}.5${unit}`, HOST)
          expect(tenth).toBe((size + 0.5) * units[unit])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('of a rate is one second divided by it, not rounded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (rate) => {
        expect((await settingsOf('--rate', `${rate}`, HOST)).intervalNs).toBe(1e9 / rate)
      }),
      { numRuns: 40 },
    )
  })
})

describe('ports', () => {
  it('are the union of the ranges, ascending', async () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 0, max: 300 }))
      .map(([from, more]) => [from, Math.min(65_535, from + more)] as const)
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 5 }), async (ranges) => {
        const list = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
        const wanted = new Set<number>()
        for (const [from, to] of ranges) for (let port = from; port <= to; port += 1) wanted.add(port)
        const { ports } = await settingsOf(`-p${list}`, HOST)
        expect(ports).toEqual([...wanted].sort((a, b) => a - b))
      }),
      { numRuns: 40 },
    )
  })

  it('are looked up by the protocol that is asked', async () => {
    expect((await settingsOf('--udp', '-p', 'domain', HOST)).ports).toEqual([53])
    expect(await complaintAbout('--udp', '-p', 'nosuchservice', HOST)).toContain(
      'no udp service: nosuchservice',
    )
  })
})
