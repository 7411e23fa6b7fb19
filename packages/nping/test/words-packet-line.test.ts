import { readFileSync } from 'node:fs'
import type { ShownPacket } from '@portkit/core'
import { LINK_TYPE } from '@portkit/core/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packetLine } from '../src/words/packet-line.ts'
import type { Detail } from '../src/words/packet-text.ts'

interface Printed {
  readonly detail: Detail
  readonly octets: string
  readonly text: string
}

/** Packets with what nping 0.7.93 printed of them (at its -v0 to -v3), seen in a lab of namespaces. */
const PRINTED = JSON.parse(
  readFileSync(new URL('./words-packets.json', import.meta.url), 'utf8'),
) as readonly Printed[]

function shown(octets: Uint8Array, linkType: number = LINK_TYPE.raw): ShownPacket {
  return { linkType, octets, from: 0, to: octets.length, length: octets.length }
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const line = (octets: string, detail: Detail = 0): string => packetLine(shown(hex(octets)), detail)

const IP4_TCP = '4500 0028 0001 0000 4006 0000 0a070002 0a070001'
const IP4_ICMP = '4500 0038 1234 0000 4001 0000 0a070002 0a070001'
const SYN_ACK = '0016 9c40 00000001 00000002'

/** A SYN-ACK with these options, which must fill whole words. */
function withOptions(options: string): string {
  const words = options.replaceAll(' ', '').length / 8
  const offset = (5 + words).toString(16)
  const total = (40 + 4 * words).toString(16).padStart(4, '0')
  return line(`4500 ${total} ${IP4_TCP.slice(10)} ${SYN_ACK} ${offset}012 0003 0000 0000 ${options}`)
}

describe('packetLine', () => {
  it.each(PRINTED.map((printed) => [printed.text.split('\n')[0], printed] as const))(
    'prints what nping prints: %s',
    (_, { detail, octets, text }) => {
      expect(packetLine(shown(hex(octets)), detail)).toBe(text)
    },
  )

  it.each([
    ['050a 00000001 00000002 0101', '<sack 1 {1:2},nop,nop>'],
    ['2204 6162', '<opt-34 0x6162>'],
    ['2202 0101', '<opt-34,nop,nop>'],
    ['0200 6162', '<malformed 0x02006162>'],
    ['0204 05b4 0904 6162', '<mss 1460,opt-9 0x6162>'],
  ])('reads the options that nping takes for others: %s', (options, text) => {
    expect(withOptions(options).split('win=3 ')[1]).toBe(text)
  })

  it('shows the flags and the options of an IPv6 segment behind the fields of its header', () => {
    const segment = '0016 9c40 00000001 00000002 6012 faf0 0000 0000 0204 05a0'
    const packet = `60000000 0018 06 40 fd07${'00'.repeat(13)}02 fd07${'00'.repeat(13)}01 ${segment}`
    expect(line(packet)).toBe(
      'TCP fd07::2:22 > fd07::1:40000 SA hopl=64 flow=0 payloadlen=24  seq=1 win=64240 <mss 1440>',
    )
    expect(line(packet, 1)).toBe(
      'TCP [fd07::2:22 > fd07::1:40000 SA seq=1 win=64240 csum=0x0000 <mss 1440>] IP [hopl=64 flow=0 nh=6 payloadlen=24 ]',
    )
    expect(line(packet, 2)).toBe(
      'TCP [fd07::2:22 > fd07::1:40000 SA seq=1 ack=2 off=6 res=0 win=64240 csum=0x0000 urp=0 <mss 1440>] ' +
        'IP [ver=6 tclass=0x00 flow=0 payloadlen=24 nh=6 hopl=64]',
    )
  })

  it('claims no field of a header that the backend had to rebuild', () => {
    const packet = `60000000 0008 11 00 fd07${'00'.repeat(13)}02 fd07${'00'.repeat(13)}01 0016 9c40 0008 0000`
    const rebuilt = { ...shown(hex(packet)), isHeaderRebuilt: true }
    expect(packetLine(rebuilt, 0)).toBe('UDP fd07::2:22 > fd07::1:40000 hopl=? flow=? payloadlen=8 ')
    expect(packetLine(rebuilt, 2)).toContain('IP [ver=6 tclass=? flow=? payloadlen=8 nh=17 hopl=?]')
  })

  it.each([
    ['80 00 0000 0007 0001', 'Echo request (type=128/code=0) id=7 seq=1'],
    ['81 00 0000 0007 0001', 'Echo reply (type=129/code=0) id=7 seq=1'],
    ['02 00 0000 00000500', 'Packet too big (type=2/code=0) MTU=1280'],
    ['01 01 0000 00000000', 'Communication administratively prohibited by filtering (type=1/code=1) '],
    ['03 00 0000 00000000', 'Hop limit=0 during transit (type=3/code=0) '],
    ['85 00 0000 00000000', 'Router solicitation (type=133/code=0) '],
  ])('names the ICMPv6 message %s', (message, text) => {
    const packet = `60000000 0008 3a 40 fd07${'00'.repeat(13)}02 fd07${'00'.repeat(13)}01 ${message}`
    expect(line(packet)).toBe(`ICMPv6 [fd07::2 > fd07::1 ${text}] IP [hopl=64 flow=0 payloadlen=8 ]`)
  })

  it.each([
    ['0a00 0000 00000000', 'Router solicitation (type=10/code=0) '],
    [
      '0910 0000 0102 001e',
      'Router advertisement (Mobile Agent Only) (type=9/code=16) addrs=1 addrlen=2 lifetime=30',
    ],
    ['0f00 0000 0001 0002', 'Information request (type=15/code=0) id=1 seq=2'],
    ['1000 0000 0001 0002', 'Information reply (type=16/code=0) id=1 seq=2'],
    ['1e00 0000 00000000', 'Traceroute (type=30/code=0) '],
    ['2500 0000 00000000', 'Domain name request (type=37/code=0) '],
    ['2600 0000 00000000', 'Domain name reply (type=38/code=0) '],
    ['2803 0000 00000000', 'Security failures (type=40/code=3) '],
    ['1300 0000 00000000', 'Unknown type (type=19/code=0) '],
    ['0800 0000 000a 0001', 'Echo request (type=8/code=0) id=10 seq=1'],
    [
      '0d00 0000 000a 0001 00000001 00000002 00000003',
      'Timestamp request (type=13/code=0) id=10 seq=1 orig=1 recv=2 trans=3',
    ],
    ['1200 0000 000a 0001 ffffff00', 'Address mask reply (type=18/code=0) id=10 seq=1 mask=255.255.255.0'],
    ['0503 0000 01020304', 'Host redirect for TOS (type=5/code=3) addr=1.2.3.4'],
  ])('names the ICMP message %s', (message, text) => {
    const packet = `${IP4_ICMP} ${message}`
    expect(line(packet)).toBe(`ICMP [10.7.0.2 > 10.7.0.1 ${text}] IP [ttl=64 id=4660 iplen=56 ]`)
  })

  it('says that the quoted packet is missing from -v1 on, as nping does', () => {
    expect(line(`${IP4_ICMP} 0301 0000 00000000`)).toBe(
      'ICMP 10.7.0.2 > 10.7.0.1 Destination unreachable (type=3/code=1) ttl=64 id=4660 iplen=56 ',
    )
    expect(line(`${IP4_ICMP} 0301 0000 00000000`, 2)).toMatch(
      /^ICMP 10\.7\.0\.2 > 10\.7\.0\.1 Destination unreachable \(original datagram missing\) \(type=3\/code=1\) ver=4 /,
    )
  })

  it.each([
    [1, '0a070001', '0a070002', 'ARP who has 10.7.0.2? Tell 10.7.0.1'],
    [2, '0a070002', '0a070001', 'ARP reply 10.7.0.2 is at 92:0C:32:32:86:81'],
    [3, '0a070001', '0a070002', 'RARP who is 7E:64:DE:FB:2E:32? Tell 92:0C:32:32:86:81'],
  ])('words ARP operation %i', (operation, sender, target, text) => {
    const arp = `0001 0800 06 04 000${operation} 920c32328681 ${sender} 7e64defb2e32 ${target}`
    const frame = hex(`ffffffffffff 7e64defb2e32 0806 ${arp}`)
    expect(packetLine(shown(frame, LINK_TYPE.ethernet), 2)).toBe(text)
    expect(packetLine(shown(frame, LINK_TYPE.ethernet), 3)).toContain(
      `${text}\n0000   00 01 08 00 06 04 00 0`,
    )
  })

  it('says of a later fragment and of a cut segment what is known', () => {
    const later = '4500 0024 1234 0001 4006 0000 0a070002 0a070001 0102030405060708'
    expect(line(later)).toBe('TCP [10.7.0.2 > 10.7.0.1 fragment] IP [ttl=64 id=4660 iplen=36 frag offset=8 ]')
    expect(line('4500 0018 1234 0000 4006 0000 0a070002 0a070001 0016 9c40')).toBe(
      'TCP 10.7.0.2:22 > 10.7.0.1:40000 ?? ttl=64 id=4660 iplen=24  (incomplete)',
    )
  })

  it('tells in a dump how much of the packet was not captured', () => {
    const octets = hex(`${IP4_TCP} ${SYN_ACK} 5012 0003 0000 0000`)
    expect(packetLine({ ...shown(octets), length: 1400 }, 3)).toMatch(
      /\n\(1360 more bytes were not captured\)$/,
    )
  })

  it('never throws and prints no control character, whatever the octets are', () => {
    const detail = fc.constantFrom<Detail>(0, 1, 2, 3)
    const linkType = fc.constantFrom(...Object.values(LINK_TYPE), 999)
    const start = fc.constantFrom(
      '',
      IP4_TCP,
      IP4_ICMP,
      '4f000060',
      '46000050123400004001',
      '6000000000403a40',
    )
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 120 }), linkType, detail, (head, tail, link, level) => {
        const text = packetLine(shown(Uint8Array.from([...hex(head), ...tail]), link), level)
        expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]+$/)
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws on the printed packets with any octet changed or any end cut off', () => {
    const index = fc.nat(PRINTED.length - 1)
    fc.assert(
      fc.property(index, fc.nat(), fc.nat(255), fc.nat(), (which, at, value, cut) => {
        const octets = hex(PRINTED[which]?.octets ?? '')
        octets[at % octets.length] = value
        const kept = octets.subarray(0, cut % (octets.length + 1))
        expect(packetLine({ ...shown(kept), length: octets.length }, 3)).toMatch(/^[\x20-\x7e\n]+$/)
      }),
    )
  })
})
