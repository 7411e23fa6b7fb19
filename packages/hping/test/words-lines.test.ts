import type { Route } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { autoFragmentLine, type Banner, bannerLine, usingLine } from '../src/words/banner.ts'
import { debugChannel, debugRoute, debugSent, debugStranger } from '../src/words/debug-text.ts'
import {
  errorText,
  hopPrefix,
  hopRttLine,
  LOOKING_UP,
  nameText,
  statusLine,
} from '../src/words/error-text.ts'
import { raised } from '../src/words/raised.ts'
import { hex, ip4, looked, seen } from './words-kit.ts'
import { icmpErrorFrom } from './words-retell.ts'

const BANNER: Banner = {
  host: 'target.lab',
  address: '10.77.0.2',
  family: 4,
  interfaceName: 'hraw-a',
  mode: 'tcp',
  flags: 0x02,
  dataLength: 0,
}

describe('the first lines', () => {
  it.each([
    [{}, 'HPING target.lab (hraw-a 10.77.0.2): S set, 40 headers + 0 data bytes\n'],
    [{ flags: 0 }, 'HPING target.lab (hraw-a 10.77.0.2): NO FLAGS are set, 40 headers + 0 data bytes\n'],
    [
      { flags: 0xff, dataLength: 5 },
      'HPING target.lab (hraw-a 10.77.0.2): RSAFPUXY set, 40 headers + 5 data bytes\n',
    ],
    [{ mode: 'udp' }, 'HPING target.lab (hraw-a 10.77.0.2): udp mode set, 28 headers + 0 data bytes\n'],
    [
      { mode: 'icmp', interfaceName: undefined },
      'HPING target.lab (10.77.0.2): icmp mode set, 28 headers + 0 data bytes\n',
    ],
    [
      { family: 6, address: 'fd77::2' },
      'HPING target.lab (hraw-a fd77::2): S set, 60 headers + 0 data bytes\n',
    ],
    [
      { family: 6, address: 'fd77::2', mode: 'icmp' },
      'HPING target.lab (hraw-a fd77::2): icmp mode set, 48 headers + 0 data bytes\n',
    ],
  ] satisfies [Partial<Banner>, string][])('say what is sent: %o', (more, text) => {
    expect(bannerLine({ ...BANNER, ...more })).toEqual({ to: 'out', text })
  })

  it.each([
    ['hraw-a', 1500, 'using hraw-a, addr: 10.77.0.1, MTU: 1500\n'],
    ['hraw-a', undefined, 'using hraw-a, addr: 10.77.0.1\n'],
    [undefined, undefined, 'using addr: 10.77.0.1\n'],
  ])('say by what: %s, %s', (interfaceName, mtu, text) => {
    expect(usingLine({ interfaceName, address: '10.77.0.1', mtu })).toEqual({ to: 'out', text })
  })

  it('say how long fragments are', () => {
    const text = 'auto-activate fragmentation, fragments size: 1480\n'
    expect(autoFragmentLine(1480)).toEqual({ to: 'out', text })
  })
})

describe('ICMP errors', () => {
  it.each([
    [3, 0, 'ICMP Network Unreachable from ip=10.77.0.1'],
    [3, 1, 'ICMP Host Unreachable from ip=10.77.0.1'],
    [3, 2, 'ICMP Protocol Unreachable from ip=10.77.0.1'],
    [3, 3, 'ICMP Port Unreachable from ip=10.77.0.1'],
    [3, 4, 'ICMP Fragmentation Needed/DF set from ip=10.77.0.1'],
    [3, 5, 'ICMP Source Route failed from ip=10.77.0.1'],
    [3, 6, 'ICMP Unreachable type=6 from ip=10.77.0.1'],
    [3, 9, 'ICMP Unreachable type=9 from ip=10.77.0.1'],
    [3, 10, 'ICMP Unreachable type=10 from ip=10.77.0.1'],
    [3, 13, 'ICMP Packet filtered from ip=10.77.0.1'],
    [3, 14, 'ICMP Precedence violation from ip=10.77.0.1'],
    [3, 15, 'ICMP precedence cut off from ip=10.77.0.1'],
    [3, 255, 'ICMP Unreachable type=255 from ip=10.77.0.1'],
    [11, 0, 'TTL 0 during transit from ip=10.77.0.1'],
    [11, 1, 'TTL 0 during reassembly from ip=10.77.0.1'],
    [11, 7, 'ICMP Time exceeded code=7 from ip=10.77.0.1'],
    [12, 0, 'ICMP Parameter problem code=0 from ip=10.77.0.1'],
  ])('of type %i and code %i are told in the words of hping3', (type, code, text) => {
    expect(errorText(seen('icmp-error', icmpErrorFrom('10.77.0.1', type, code)))).toBe(text)
  })

  it.each([
    [1, 0, 'ICMP Network Unreachable'],
    [1, 1, 'ICMP Packet filtered'],
    [1, 2, 'ICMP Unreachable type=2'],
    [1, 3, 'ICMP Host Unreachable'],
    [1, 4, 'ICMP Port Unreachable'],
    [1, 5, 'ICMP Packet filtered'],
    [1, 6, 'ICMP Unreachable type=6'],
    [2, 0, 'ICMP Fragmentation Needed/DF set'],
    [3, 0, 'TTL 0 during transit'],
    [3, 1, 'TTL 0 during reassembly'],
    [4, 1, 'ICMP Parameter problem code=1'],
    [100, 3, 'ICMP type=100 code=3'],
  ])('of ICMPv6, type %i and code %i, in the same words', (type, code, text) => {
    const [from, to] = ['2', '1'].map((last) => `${'fd77'.padEnd(31, '0')}${last}`)
    const probe = `6000000000080640 ${to} ${from} 04000016 00000001`
    const start = [type, code].map((octet) => octet.toString(16).padStart(2, '0')).join('')
    const octets = hex(`6000000000383a40 ${from} ${to} ${start} 0000 00000000 ${probe}`)
    expect(errorText(seen('icmp-error', octets))).toBe(`${text} from ip=fd77::2`)
  })

  it('wipe out the look-up and tell the name', () => {
    const wiped = `${'\b'.repeat(15)}${' '.repeat(15)}${'\b'.repeat(15)}`
    expect(LOOKING_UP).toBe(' get hostname...')
    expect(nameText('target.lab')).toBe(`${wiped}name=target.lab`)
    expect(nameText(undefined)).toBe(`${wiped}name=UNKNOWN`)
    expect(nameText('evil\x1b[2J\n')).toBe(`${wiped}name=evil\\x1b[2J\\x0a`)
    expect(nameText('x'.repeat(100_000)).length).toBeLessThan(400)
  })

  it('tell the status in UDP mode, and the hop in a traceroute', () => {
    expect(statusLine({ port: 2776, seq: 0 })).toBe('status=0 port=2776 seq=0\n')
    expect(statusLine({ port: 2776, seq: 3, isAgain: true })).toBe('status=1 port=2776 seq=3\n')
    expect(hopPrefix(1)).toBe('hop=1 ')
    expect(hopRttLine(1, 512_345)).toBe('hop=1 hoprtt=0.512 ms\n')
    expect(hopRttLine(1, undefined)).toBe('')
  })
})

it('steps back over what the terminal shows of Ctrl-Z', () => {
  expect(raised(22)).toEqual({ to: 'out', text: '\b\b\b\b\b\b\b\b\b22: ' })
})

describe('debugging lines', () => {
  const ROUTE: Route = {
    family: 4,
    source: '10.77.0.1',
    destination: '10.79.0.2',
    interfaceName: 'hraw-a',
    interfaceIndex: 2,
    gateway: '10.77.0.2',
    hardwareAddress: undefined,
    mtu: 1500,
  }

  it('tell what carries packets and by which way', () => {
    expect(debugChannel({ backend: 'kernel', clock: 'packet' })).toEqual({
      to: 'out',
      text: 'DEBUG: packets by kernel, times by the packet clock\n',
    })
    expect(debugRoute(ROUTE).text).toBe(
      'DEBUG: to 10.79.0.2 from 10.77.0.1 by hraw-a through 10.77.0.2, MTU 1500\n',
    )
    const unknown = { gateway: undefined, interfaceName: undefined, mtu: undefined }
    expect(debugRoute({ ...ROUTE, ...unknown }).text).toBe('DEBUG: to 10.79.0.2 from 10.77.0.1\n')
  })

  it('tell each packet that is sent as hping3 does', () => {
    expect(debugSent(hex('45000028 0d12')).text).toBe('45 00 00 28 0D 12 \n')
  })

  const TO = ' 10.77.0.2:22 > 10.77.0.1:1024 len='
  it.each([
    ['0016040000000000000000005012020000000000', 6, `TCP${TO}40 flags=SA`],
    ['0016040000000000000000005000020000000000', 6, `TCP${TO}40 flags=none`],
    ['0016040000080000', 17, `UDP${TO}28`],
    ['0000000000070001', 1, 'ICMP echo-reply 10.77.0.2 > 10.77.0.1 len=28 id=7 seq=1'],
    ['0500000000000000', 1, '28 octets'],
  ])('tell what is not ours: %s', (upper, protocol, text) => {
    const octets = ip4({ protocol }, hex(upper))
    expect(debugStranger(looked(octets), octets.length).text).toBe(`DEBUG: not ours: ${text}\n`)
  })

  it('tell whose errors are not ours', () => {
    const octets = icmpErrorFrom('10.77.0.9', 3, 13)
    expect(debugStranger(looked(octets), octets.length).text).toBe(
      'DEBUG: not ours: ICMP Packet filtered from ip=10.77.0.9 to 10.77.0.1 about a packet to 10.77.0.1\n',
    )
  })
})
