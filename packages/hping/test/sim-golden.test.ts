import { describe, expect, it } from 'vitest'
import { OPEN, seen } from './sim-kit.ts'

describe('whole runs of one packet after the other', () => {
  it('of SYN packets to an open, a closed and a silent port', async () => {
    expect(await seen('-S -p 22 -c 2 -i 100ms db.lan')).toMatchInlineSnapshot(`
      "HPING db.lan (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=1 win=64240 rtt=0.250 ms

      ! --- db.lan hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-S -p 23 -c 2 -i 100ms db.lan')).toMatchInlineSnapshot(`
      "HPING db.lan (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=0 win=0 rtt=0.300 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=1 win=0 rtt=0.300 ms

      ! --- db.lan hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.300/0.300/0.300 ms
      ! round-trip mdev = 0.000 ms
      ! port 23: closed (reset), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-S -p 24 -c 2 -i 100ms db.lan')).toMatchInlineSnapshot(`
      "HPING db.lan (eth0 10.0.0.2): S set, 40 headers + 0 data bytes

      ! --- db.lan hping statistic ---
      ! 2 packets transmitted, 0 packets received, 100% packet loss
      ! round-trip min/avg/max = 0.0/0.0/0.0 ms
      ! port 24: filtered (no-response), 0 of 2 answered
      ? 1"
    `)
  })

  it('of other flags, or none', async () => {
    expect(await seen('-A -p 22 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): A set, 40 headers + 0 data bytes
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=R seq=0 win=0 rtt=0.250 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! port 22: unfiltered (reset), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-FPU -p 23 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): FPU set, 40 headers + 0 data bytes
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=0 win=0 rtt=0.300 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.300/0.300/0.300 ms
      ! port 23: closed (reset), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-p 23 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): NO FLAGS are set, 40 headers + 0 data bytes
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=0 win=0 rtt=0.300 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.300/0.300/0.300 ms
      ! port 23: closed (reset), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-SAFRPUXY -p 23 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): RSAFPUXY set, 40 headers + 0 data bytes

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 0 packets received, 100% packet loss
      ! round-trip min/avg/max = 0.0/0.0/0.0 ms
      ! port 23: unknown (no-response), 0 of 1 answered
      ? 1"
    `)
  })

  it.each([
    [3, 0, 'ICMP Network Unreachable', 'filtered (net-unreach'],
    [3, 1, 'ICMP Host Unreachable', 'filtered (host-unreach'],
    [3, 2, 'ICMP Protocol Unreachable', 'filtered (proto-unreach'],
    [3, 3, 'ICMP Port Unreachable', 'filtered (port-unreach'],
    [3, 4, 'ICMP Fragmentation Needed/DF set', 'filtered (dest-unreach'],
    [3, 5, 'ICMP Source Route failed', 'filtered (dest-unreach'],
    [3, 9, 'ICMP Unreachable type=9', 'filtered (net-prohibited'],
    [3, 10, 'ICMP Unreachable type=10', 'filtered (host-prohibited'],
    [3, 13, 'ICMP Packet filtered', 'filtered (admin-prohibited'],
    [3, 14, 'ICMP Precedence violation', 'filtered (dest-unreach'],
    [3, 15, 'ICMP precedence cut off', 'filtered (dest-unreach'],
    [11, 0, 'TTL 0 during transit', 'unknown (time-exceeded'],
    [11, 1, 'TTL 0 during reassembly', 'unknown (time-exceeded'],
    [12, 0, 'ICMP Parameter problem code=0', 'filtered (param-problem'],
  ])('that meet the ICMP error %i/%i', async (type, code, words, verdict) => {
    const ports = { '10.0.0.2:22': { does: 'icmp', type, code, from: '10.0.0.254', afterMs: 0.4 } } as const
    expect(await seen('-S -p 22 -c 1 -n 10.0.0.2', { ports })).toBe(
      'HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes\n' +
        `${words} from ip=10.0.0.254\n\n` +
        '! --- 10.0.0.2 hping statistic ---\n' +
        '! 1 packets transmitted, 1 packets received, 0% packet loss\n' +
        '! round-trip min/avg/max = 0.400/0.400/0.400 ms\n' +
        `! port 22: ${verdict} from 10.0.0.254), 1 of 1 answered\n? 0`,
    )
  })

  it('that meet an ICMP error, with names', async () => {
    const ports = {
      '10.0.0.2:22': { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 },
    } as const
    const names = { '10.0.0.254': 'gate.lan' }
    expect(await seen('-S -p 22 -c 2 -i 100ms 10.0.0.2', { ports, names })).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      ICMP Packet filtered from ip=10.0.0.254 get hostname...<BS 15>               <BS 15>name=gate.lan
      ICMP Packet filtered from ip=10.0.0.254 get hostname...<BS 15>               <BS 15>name=gate.lan

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.400/0.400/0.400 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: filtered (admin-prohibited from 10.0.0.254), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-S -p 22 -c 1 10.0.0.2', { ports })).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      ICMP Packet filtered from ip=10.0.0.254 get hostname...<BS 15>               <BS 15>name=UNKNOWN

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.400/0.400/0.400 ms
      ! port 22: filtered (admin-prohibited from 10.0.0.254), 1 of 1 answered
      ? 0"
    `)
  })

  it('of datagrams', async () => {
    expect(await seen('-2 -p 53 -c 2 -i 100ms -d 3 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): udp mode set, 28 headers + 3 data bytes
      len=31 ip=10.0.0.2 ttl=64 DF id=61825 seq=0 rtt=0.400 ms
      len=31 ip=10.0.0.2 ttl=64 DF id=45440 seq=1 rtt=0.400 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.400/0.400/0.400 ms
      ! round-trip mdev = 0.000 ms
      ! udp port 53: open (udp-response), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-2 -p 69 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): udp mode set, 28 headers + 0 data bytes

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 0 packets received, 100% packet loss
      ! round-trip min/avg/max = 0.0/0.0/0.0 ms
      ! udp port 69: open|filtered (no-response), 0 of 1 answered
      ? 1"
    `)
    expect(await seen('-2 -p 70 -c 2 -i 10ms -n 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): udp mode set, 28 headers + 0 data bytes
      ICMP Port Unreachable from ip=10.0.0.2
      status=0 port=1035 seq=0
      ICMP Port Unreachable from ip=10.0.0.2
      status=0 port=1036 seq=1

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! round-trip mdev = 0.000 ms
      ! udp port 70: closed (port-unreach), 2 of 2 answered
      ? 0"
    `)
  })

  it('of ICMP requests', async () => {
    expect(await seen('-1 -c 2 -i 100ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): icmp mode set, 28 headers + 0 data bytes
      len=28 ip=10.0.0.2 ttl=64 id=61825 icmp_seq=0 rtt=0.100 ms
      len=28 ip=10.0.0.2 ttl=64 id=39331 icmp_seq=1 rtt=0.100 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! round-trip mdev = 0.000 ms
      ! 10.0.0.2: up (echo-reply), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-1 -C 13 -c 2 -i 1234ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): icmp mode set, 28 headers + 0 data bytes
      len=40 ip=10.0.0.2 ttl=64 id=61825 icmp_seq=0 rtt=0.100 ms
      ICMP timestamp: Originate=0 Receive=0 Transmit=0
      ICMP timestamp RTT tsrtt=0

      len=40 ip=10.0.0.2 ttl=64 id=39331 icmp_seq=1 rtt=0.100 ms
      ICMP timestamp: Originate=1234 Receive=1234 Transmit=1234
      ICMP timestamp RTT tsrtt=0


      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! round-trip mdev = 0.000 ms
      ! 10.0.0.2: up (timestamp-reply), 2 of 2 answered
      ? 0"
    `)
    const machines = { '10.0.0.2': { echo: false } }
    expect(await seen('-1 -c 1 10.0.0.2', { machines })).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): icmp mode set, 28 headers + 0 data bytes

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 0 packets received, 100% packet loss
      ! round-trip min/avg/max = 0.0/0.0/0.0 ms
      ! 10.0.0.2: no answer (no-response), 0 of 1 answered
      ? 1"
    `)
  })

  it('by IPv6', async () => {
    const ports = { '[fd00::2]:22': OPEN }
    expect(await seen('-S -p 22 -c 1 fd00::2', { ports })).toMatchInlineSnapshot(`
      "HPING fd00::2 (eth0 fd00::2): S set, 60 headers + 0 data bytes
      len=64 ip=fd00::2 ttl=64 sport=22 flags=SA seq=0 win=64800 rtt=0.250 ms

      ! --- fd00::2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-S -p 23 -c 1 -V fd00::2', { ports })).toMatchInlineSnapshot(`
      "using eth0, addr: fd00::1, MTU: 1500
      HPING fd00::2 (eth0 fd00::2): S set, 60 headers + 0 data bytes
      len=60 ip=fd00::2 ttl=64 tos=0 iplen=60
      sport=23 flags=RA seq=0 win=0 rtt=0.100 ms
      seq=0 ack=531144335 sum=f372 urp=0


      ! --- fd00::2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! port 23: closed (reset), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-1 -c 1 fd00::2')).toMatchInlineSnapshot(`
      "HPING fd00::2 (eth0 fd00::2): icmp mode set, 48 headers + 0 data bytes
      len=48 ip=fd00::2 ttl=64 icmp_seq=0 rtt=0.100 ms

      ! --- fd00::2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! fd00::2: up (echo-reply), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-2 -p 53 -c 1 -n fd00::2')).toMatchInlineSnapshot(`
      "HPING fd00::2 (eth0 fd00::2): udp mode set, 48 headers + 0 data bytes
      ICMP Port Unreachable from ip=fd00::2
      status=0 port=1035 seq=0

      ! --- fd00::2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! udp port 53: closed (port-unreach), 1 of 1 answered
      ? 0"
    `)
  })
})
