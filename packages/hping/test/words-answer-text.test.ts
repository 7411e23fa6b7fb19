import { encodeTcp, encodeUdp } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import { type Answer, createAnswerText, type Manner } from '../src/words/answer-text.ts'
import { hex, ip4, recordRoute, seen } from './words-kit.ts'
import { icmpErrorFrom } from './words-retell.ts'

const PLAIN: Manner = {
  verbose: false,
  beep: false,
  sequenceNumbers: false,
  dumpHex: false,
  dumpText: false,
  tcp: { timestamp: false },
  ip: { recordRoute: false },
}
const texts = (manner: Partial<Manner> = {}) => createAnswerText({ ...PLAIN, ...manner })
const shown = (sighting: Answer, more = {}) => ({
  sighting,
  seq: 0,
  rttNs: 48_000,
  isAgain: false,
  nowMs: 0,
  ...more,
})

const SYN_ACK = hex(
  '4500002c00004000400626300a4d00020a4d0001001608ea205d4ec833fc4e536012faf08e140000020405b4',
)

function tcp(seq: number, flags = 0x12) {
  const segment = new Uint8Array(20)
  const ports = { sourcePort: 22, destinationPort: 1024, ack: 0, reserved: 0, window: 512, urgent: 0 }
  encodeTcp({ ...ports, seq, flags, options: [] }, segment, 0, 0)
  return seen('tcp', ip4({ protocol: 6 }, segment))
}

describe('what is said of an answer', () => {
  it('has three decimals, for microseconds are known', () => {
    expect(texts().answer(shown(seen('tcp', SYN_ACK)))).toBe(
      'len=44 ip=10.77.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.048 ms\n',
    )
  })

  it('has no round trip when none is known', () => {
    const sighting = seen('tcp', SYN_ACK)
    expect(texts().answer(shown(sighting, { rttNs: undefined }))).toMatch(/ seq=0 win=64240\n$/)
    expect(texts({ verbose: true }).answer(shown(sighting, { rttNs: undefined }))).toContain(
      'seq=0 win=64240\nseq=542985928 ack=872173139 sum=8e14 urp=0\n\n',
    )
  })

  it('beeps before DUP!, once an answer', () => {
    const text = texts({ beep: true }).answer(shown(seen('tcp', SYN_ACK), { isAgain: true }))
    expect(text.startsWith('\x07DUP! len=44 ')).toBe(true)
  })

  it.each([
    [0x00, 'none'],
    [0x100, 'none'],
    [0x12, 'SA'],
    [0x14, 'RA'],
    [0x29, 'FPU'],
    [0xff, 'RSAFPUXY'],
  ])('calls flags %i %s', (flags, letters) => {
    expect(texts().answer(shown(tcp(0, flags)))).toContain(` flags=${letters} `)
  })

  it('tells by how much sequence numbers grew, also past their end, and nothing else with -Q', () => {
    const { answer } = texts({ sequenceNumbers: true, verbose: true, tcp: { timestamp: true } })
    expect(answer(shown(tcp(4_294_967_290)))).toBe('4294967290 +4294967290\n')
    expect(answer(shown(tcp(4), { isAgain: true }))).toBe('         4 +10\n')
    expect(answer(shown(tcp(4)))).toBe('         4 +0\n')
  })

  it('tells time stamps, dumps and the route in the order of hping3', () => {
    const octets =
      hex(`4f000060000040004006 60bc 0a4d0002 0a4d0001 072710010203040a4d00020a4d0002000000000000000000
      000000000000000000000000000000 00 00160a0dc6dde6132d93b6b99012fe88d91c0000 020405b40101080ac0e00e9f7f3a88a1`)
    const { answer } = texts({
      verbose: true,
      beep: true,
      dumpHex: true,
      dumpText: true,
      tcp: { timestamp: true },
      ip: { recordRoute: true },
    })
    const text = answer(shown(seen('tcp', octets), { rttNs: 1_000_000 }))
    expect(text).toBe(
      '\x07len=96 ip=10.77.0.2 ttl=64 DF id=0 tos=0 iplen=96\n' +
        'sport=22 flags=SA seq=0 win=65160 rtt=1.000 ms\n' +
        'seq=3336431123 ack=764655289 sum=d91c urp=0\n\n' +
        '  TCP timestamp: tcpts=3235909279\n\n' +
        '\t\t4f00 0060 0000 4000 4006 60bc 0a4d 0002 \n' +
        '\t\t0a4d 0001 0727 1001 0203 040a 4d00 020a \n' +
        '\t\t4d00 0200 0000 0000 0000 0000 0000 0000 \n' +
        '\t\t0000 0000 0000 0000 0000 0000 0016 0a0d \n' +
        '\t\tc6dd e613 2d93 b6b9 9012 fe88 d91c 0000 \n' +
        '\t\t0204 05b4 0101 080a c0e0 0e9f 7f3a 88a1 \n' +
        '\t\t\n\n' +
        "\t\tO..`..@.@.`..M...M...'......M...\n" +
        '\t\tM...............................\n' +
        '\t\t....-........................:..\n' +
        '\t\t\n\n' +
        'RR: \t1.2.3.4\n\t10.77.0.2\n\t10.77.0.2\n',
    )
    expect(answer(shown(seen('tcp', octets)))).toMatch(/\n\t\(same route\)\n$/)
  })

  it('says nothing of time stamps that the answer does not carry, or that nobody asked for', () => {
    const plain = texts().answer(shown(seen('tcp', SYN_ACK)))
    expect(texts({ tcp: { timestamp: true } }).answer(shown(seen('tcp', SYN_ACK)))).toBe(plain)
  })

  it('ends a dump of 32 octets with the line that hping3 begins behind it', () => {
    const octets = hex('45000020 8cc24000 4011996e 0a4d0002 0a4d0001 000706a2 000c33e0 58585858')
    const { answer } = texts({ dumpHex: true, dumpText: true })
    expect(answer(shown(seen('udp', octets), { seq: 3 }))).toBe(
      'len=32 ip=10.77.0.2 ttl=64 DF id=36034 seq=3 rtt=0.048 ms\n' +
        '\t\t4500 0020 8cc2 4000 4011 996e 0a4d 0002 \n' +
        '\t\t0a4d 0001 0007 06a2 000c 33e0 5858 5858 \n\t\t\n\n' +
        '\t\tE.. ..@.@..n.M...M........3.XXXX\n\t\t\n\n',
    )
  })

  it('says how much of a packet was not captured', () => {
    const octets = hex('45000200 8cc24000 4011996e 0a4d0002 0a4d0001 000706a2 01ec33e0 58')
    expect(texts({ dumpText: true }).answer(shown(seen('udp', octets)))).toBe(
      'len=512 ip=10.77.0.2 ttl=64 DF id=36034 seq=0 rtt=0.048 ms\n' +
        '\t\tE.....@.@..n.M...M........3.X\n\t\t(483 more octets were not captured)\n\n',
    )
  })

  it('calls a first fragment MF, and not DF', () => {
    const datagram = new Uint8Array(16)
    encodeUdp({ sourcePort: 7, destinationPort: 1024, length: 64 }, datagram, 0, 0)
    const octets = ip4({ protocol: 17, id: 9, moreFragments: true }, datagram)
    expect(texts().answer(shown(seen('udp', octets)))).toBe(
      'len=36 ip=10.77.0.2 ttl=64 MF id=9 seq=0 rtt=0.048 ms\n',
    )
  })

  it('has neither DF nor id over IPv6, and no hop limit nor traffic class where the header was rebuilt', () => {
    const [from, to] = ['2', '1'].map((last) => `${'fd77'.padEnd(31, '0')}${last}`)
    const octets = hex(`6140000000081140 ${from} ${to} 0007040000080000`)
    const { answer } = texts({ verbose: true })
    expect(texts().answer(shown(seen('udp', octets)))).toBe('len=48 ip=fd77::2 ttl=64 seq=0 rtt=0.048 ms\n')
    expect(answer(shown(seen('udp', octets)))).toBe(
      'len=48 ip=fd77::2 ttl=64 tos=14 iplen=48\nseq=0 rtt=0.048 ms\n',
    )
    expect(answer(shown(seen('udp', octets, { isHeaderRebuilt: true })))).toBe(
      'len=48 ip=fd77::2 iplen=48\nseq=0 rtt=0.048 ms\n',
    )
  })
})

describe('time stamps of ICMP', () => {
  const reply = (times: string) => seen('icmp', ip4({ protocol: 1 }, hex(`0e00000000010000 ${times}`)))

  it('are told with what has passed since the first one', () => {
    expect(texts().answer(shown(reply('0340980203409802034098 03'), { seq: 1, nowMs: 54_564_867.9 }))).toBe(
      'len=40 ip=10.77.0.2 ttl=64 id=0 icmp_seq=1 rtt=0.048 ms\n' +
        'ICMP timestamp: Originate=54564866 Receive=54564866 Transmit=54564867\n' +
        'ICMP timestamp RTT tsrtt=1\n\n',
    )
  })

  it('may be of yesterday', () => {
    expect(texts().answer(shown(reply('05265bff 00000000 00000000'), { nowMs: 2 }))).toContain(
      'Originate=86399999 Receive=0 Transmit=0\nICMP timestamp RTT tsrtt=3\n\n',
    )
  })

  it('have no difference to a time that no day has', () => {
    const text = texts().answer(shown(reply('80000000 00000001 00000002')))
    expect(text).toContain('Originate=2147483648 Receive=1 Transmit=2\n\n')
    expect(text).not.toContain('tsrtt')
  })
})

describe('recorded routes', () => {
  const answered = (addresses: readonly string[]) =>
    seen('icmp', ip4({ protocol: 1, options: recordRoute(addresses) }, hex('0000000000010000')))
  const routeOf = (text: string): string => text.slice(text.indexOf('\n') + 1)

  it('are told again only when they change, be it in an answer or behind an error', () => {
    const { answer, behindError } = texts({ ip: { recordRoute: true } })
    const first = answered(['10.77.0.2', '10.77.0.1'])
    expect(routeOf(answer(shown(first)))).toBe('RR: \t10.77.0.2\n\t10.77.0.1\n')
    expect(behindError(first)).toBe('\t(same route)\n')
    expect(behindError(answered(['10.77.0.2']))).toBe('RR: \t10.77.0.2\n')
    expect(routeOf(answer(shown(first)))).toBe('RR: \t10.77.0.2\n\t10.77.0.1\n')
  })

  it('are not told when nobody entered himself, nor unasked', () => {
    expect(routeOf(texts({ ip: { recordRoute: true } }).answer(shown(answered([]))))).toBe('')
    expect(routeOf(texts().answer(shown(answered(['10.77.0.2']))))).toBe('')
  })

  it.each([0, 3, 255])('end where the option does, whatever its pointer says: %i', (pointer) => {
    const options = recordRoute(['1.1.1.1', '2.2.2.2'])
    options[2] = pointer
    const packet = seen('icmp', ip4({ protocol: 1, options }, hex('0000000000010000')))
    const lines =
      texts({ ip: { recordRoute: true } })
        .behindError(packet)
        .split('\n').length - 1
    expect(lines).toBe(pointer === 255 ? 9 : 0)
  })
})

it('dumps an ICMP error as it dumps an answer', () => {
  const error = seen('icmp-error', icmpErrorFrom('10.77.0.2', 3, 13))
  expect(texts({ dumpHex: true }).behindError(error)).toMatch(
    /^\t\t45c0 0038 0000 0000 4001 .*\n(\t\t.*\n)+\n$/,
  )
  expect(texts().behindError(error)).toBe('')
})
