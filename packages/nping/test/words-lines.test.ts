import { LINK_TYPE } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import {
  datagramReceived,
  datagramSent,
  handshakeDone,
  handshakeFailed,
  handshakeStarts,
  readFailed,
  sendFailed,
  startLine,
} from '../src/words/lines.ts'
import { detailOf, receivedPacket, sentPacket } from '../src/words/packet-lines.ts'

const ADDRESS = { address: '10.77.0.2', port: 22 }
const NAMED = { ...ADDRESS, name: 'target.lab' }
const AT = { atNs: 6_500_000 }
const RTT = { ...AT, rttNs: 123_456 }
const octets = Uint8Array.from(
  Buffer.from('450000280ab9000040065b7b0a4d00010a4d00029913001696428a1200000000500205c8dbff0000', 'hex'),
)
const PACKET = { linkType: LINK_TYPE.raw, octets, from: 0, to: 40, length: 40 }

describe('the lines of a run', () => {
  it.each([
    [handshakeStarts(ADDRESS, AT), 'out', 'SENT (0.0065s) Starting TCP Handshake > 10.77.0.2:22\n'],
    [
      handshakeStarts(NAMED, AT),
      'out',
      'SENT (0.0065s) Starting TCP Handshake > target.lab:22 (10.77.0.2:22)\n',
    ],
    [handshakeDone(ADDRESS, AT), 'out', 'RCVD (0.0065s) Handshake with 10.77.0.2:22 completed\n'],
    [
      handshakeDone(NAMED, AT),
      'out',
      'RCVD (0.0065s) Handshake with target.lab:22 (10.77.0.2:22) completed\n',
    ],
    [
      handshakeFailed(NAMED, 'Connection refused', AT),
      'out',
      'RCVD (0.0065s) Possible TCP RST received from 10.77.0.2:22 --> Connection refused\n',
    ],
    [datagramSent(NAMED, 4, AT), 'out', 'SENT (0.0065s) UDP packet with 4 bytes to 10.77.0.2:22\n'],
    [datagramReceived(NAMED, 4, AT), 'out', 'RCVD (0.0065s) UDP packet with 4 bytes from 10.77.0.2:22\n'],
    [
      readFailed(NAMED, 'Connection refused', AT),
      'err',
      'ERR: (0.0065s) READ to 10.77.0.2:22 failed: Connection refused\n',
    ],
    [
      sendFailed({ address: '10.83.0.1', port: undefined }, 'Permission denied', AT),
      'err',
      'ERR: (0.0065s) SEND to 10.83.0.1 failed: Permission denied\n',
    ],
    [
      handshakeDone(ADDRESS, RTT),
      'out',
      'RCVD (0.0065s) Handshake with 10.77.0.2:22 completed rtt=0.123ms\n',
    ],
    [
      startLine('1.0.0', '2026-11-20 15:04 UTC'),
      'out',
      '\nStarting nping-ts 1.0.0 at 2026-11-20 15:04 UTC\n',
    ],
  ] as const)('prints %o', (line, to, text) => {
    expect(line).toEqual({ to, text })
  })

  it('puts the round trip behind the blank that ends a line, and before the dump', () => {
    expect(sentPacket(PACKET, AT, 0).text).toMatch(/^SENT \(0\.0065s\) TCP .* win=1480 \n$/)
    expect(receivedPacket(PACKET, RTT, 0).text).toMatch(/^RCVD \(0\.0065s\) TCP .* win=1480 rtt=0\.123ms\n$/)
    expect(receivedPacket(PACKET, RTT, 3).text).toMatch(
      /\] rtt=0\.123ms\n0000 {3}45 00 .*\n0010.*\n0020.*\n$/,
    )
  })

  it('shows more of a packet with every -v up to three', () => {
    expect([-4, -1, 0, 1, 2, 3, 4].map(detailOf)).toEqual([0, 0, 0, 1, 2, 3, 3])
  })

  it('escapes what would act upon a terminal', () => {
    const evil = { name: 'a\u{1b}[31mb', address: '10.0.0.1', port: 1 }
    expect(handshakeStarts(evil, AT).text).toContain('a\\x1b[31mb:1 (10.0.0.1:1)')
  })
})
