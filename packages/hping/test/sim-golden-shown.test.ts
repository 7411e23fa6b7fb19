import { describe, expect, it } from 'vitest'
import { OPEN, seen } from './sim-kit.ts'

describe('whole runs', () => {
  it('with more to see', async () => {
    expect(await seen('-S -V -p 22 -c 2 -i 10ms 10.0.0.2')).toMatchInlineSnapshot(`
      "using eth0, addr: 10.0.0.1, MTU: 1500
      HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 tos=0 iplen=44
      sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      seq=4051782527 ack=531144335 sum=89c9 urp=0

      len=44 ip=10.0.0.2 ttl=64 DF id=0 tos=0 iplen=44
      sport=22 flags=SA seq=1 win=64240 rtt=0.250 ms
      seq=2577659556 ack=3641326647 sum=df76 urp=0


      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-S -D -p 22 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "using eth0, addr: 10.0.0.1, MTU: 1500
      HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      DEBUG: packets by kernel, times by the packet clock
      DEBUG: to 10.0.0.2 from 10.0.0.1 by eth0, MTU 1500
      45 00 00 28 FC AF 00 00 40 06 6A 1E 0A 00 00 01 0A 00 00 02 04 0B 00 16 1F A8 9E 8E 00 00 00 00 50 02 02 00 D7 88 00 00 
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-S -j -J -p 22 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      <TAB><TAB>4500 002c 0000 4000 4006 26ca 0a00 0002 
      <TAB><TAB>0a00 0001 0016 040b f181 4b7f 1fa8 9e8f 
      <TAB><TAB>6012 faf0 89c9 0000 0204 05b4 

      <TAB><TAB>E..,..@.@.&...............K.....
      <TAB><TAB>\`...........


      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-S -Q -p 22 -c 3 -i 1ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      4051782527 +4051782527
      2577659556 +2820844325
      2977992069 +400332513

      ! --- 10.0.0.2 hping statistic ---
      ! 3 packets transmitted, 3 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 3 of 3 answered
      ? 0"
    `)
    expect(await seen('-S --beep -p 22 -c 2 -i 1ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      <BEL>len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      <BEL>len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=1 win=64240 rtt=0.250 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 2 of 2 answered
      ? 0"
    `)
    expect(await seen('-S --tcp-timestamp -p 22 -c 1 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=56 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=65160 rtt=0.250 ms
        TCP timestamp: tcpts=2577659556


      ! --- 10.0.0.2 hping statistic ---
      ! 1 packets transmitted, 1 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-1 -G -c 2 -i 1ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): icmp mode set, 28 headers + 0 data bytes
      len=68 ip=10.0.0.2 ttl=64 id=61825 icmp_seq=0 rtt=0.100 ms
      RR: <TAB>10.0.0.2
      <TAB>10.0.0.2
      len=68 ip=10.0.0.2 ttl=64 id=39331 icmp_seq=1 rtt=0.100 ms
      <TAB>(same route)

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.100/0.100/0.100 ms
      ! round-trip mdev = 0.000 ms
      ! 10.0.0.2: up (echo-reply), 2 of 2 answered
      ? 0"
    `)
  })

  it('with less to see', async () => {
    expect(await seen('-S -q -p 22 -c 3 -i 1ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes

      ! --- 10.0.0.2 hping statistic ---
      ! 3 packets transmitted, 3 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 3 of 3 answered
      ? 0"
    `)
  })

  it('of several ports', async () => {
    expect(await seen('-S -p ++22 -c 4 -i 10ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=1 win=0 rtt=0.300 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=25 flags=RA seq=3 win=0 rtt=0.100 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 4 packets transmitted, 3 packets received, 25% packet loss
      ! round-trip min/avg/max = 0.100/0.217/0.300 ms
      ! round-trip mdev = 0.085 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ! port 23: closed (reset), 1 of 1 answered
      ! port 24: filtered (no-response), 0 of 1 answered
      ! port 25: closed (reset), 1 of 1 answered
      ? 0"
    `)
    expect(await seen('-S -p +22 -c 4 -i 10ms 10.0.0.2')).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=1 win=0 rtt=0.300 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 4 packets transmitted, 2 packets received, 50% packet loss
      ! round-trip min/avg/max = 0.250/0.275/0.300 ms
      ! round-trip mdev = 0.025 ms
      ! port 22: open (syn-ack), 1 of 1 answered
      ! port 23: closed (reset), 1 of 1 answered
      ! port 24: filtered (no-response), 0 of 2 answered
      ? 0"
    `)
  })

  it('with everything that is counted apart', async () => {
    const link = { failures: [{ packet: 4, does: 'fault', code: 'EPERM' }] } as const
    const mischief = {
      '10.0.0.2:22': { againMs: [1], probes: [0] },
      '10.0.0.2:23': { lateMs: 130, probes: [0] },
    }
    expect(
      await seen('-S -p ++22 -c 5 -i 100ms --timeout 20ms 10.0.0.2', { link, mischief }),
    ).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      DUP! len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=1.250 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=23 flags=RA seq=1 win=0 rtt=130.300 ms
      len=40 ip=10.0.0.2 ttl=64 DF id=0 sport=25 flags=RA seq=3 win=0 rtt=0.100 ms
      ! hping-ts: send: not permitted by this machine (a local firewall forbids it, or a privilege is missing)

      ! --- 10.0.0.2 hping statistic ---
      ! 4 packets transmitted, 3 packets received, 25% packet loss
      ! round-trip min/avg/max = 0.100/43.550/130.300 ms
      ! round-trip mdev = 61.342 ms
      ! 1 duplicate answer
      ! 1 packet not sent
      ! port 22: open (syn-ack), 1 of 1 answered
      ! port 23: closed (reset), 1 of 1 answered
      ! port 24: filtered (no-response), 0 of 1 answered
      ! port 25: closed (reset), 1 of 1 answered
      ? 0"
    `)
  })

  it('of a traceroute with a silent router', async () => {
    const hops = { '10.0.9.9': [{ address: '10.0.0.254' }, {}] }
    const ports = { '10.0.9.9:443': OPEN }
    const names = { '10.0.0.254': 'gate.lan' }
    expect(
      await seen('-T -S -p 443 --tr-stop -i 100ms 10.0.9.9', { hops, ports, names }),
    ).toMatchInlineSnapshot(`
      "HPING 10.0.9.9 (eth0 10.0.9.9): S set, 40 headers + 0 data bytes
      hop=1 TTL 0 during transit from ip=10.0.0.254 get hostname...<BS 15>               <BS 15>name=gate.lan
      hop=1 hoprtt=0.200 ms
      len=44 ip=10.0.9.9 ttl=62 DF id=0 sport=443 flags=SA seq=4 win=64240 rtt=0.250 ms

      ! --- 10.0.9.9 hping statistic ---
      ! 5 packets transmitted, 2 packets received, 60% packet loss
      ! round-trip min/avg/max = 0.200/0.225/0.250 ms
      ! round-trip mdev = 0.025 ms
      ! port 443: open (syn-ack), 2 of 5 answered
      ? 0"
    `)
  })

  it('of a scan', async () => {
    const files = { '/etc/services': 'ssh 22/tcp\ntelnet 23/tcp\ndomain 53/udp\n' }
    expect(await seen('-8 22-25 -S db.lan', { files })).toMatchInlineSnapshot(`
      "! Scanning db.lan (10.0.0.2), port 22-25
      ! 4 ports to scan, use -V to see all the replies
      ! +----+-----------+---------+---+-----+-----+-----+
      ! |port| serv name |  flags  |ttl| id  | win | len |
      ! +----+-----------+---------+---+-----+-----+-----+
         22 ssh        : .S..A...  64     0 64240    44
      ! All replies received. Done.
      Not responding ports: (24 ) 

      PORT               STATE     REASON       RTT      RCVD/SENT
      22/tcp     ssh     open      syn-ack      0.250ms  1/1
      23/tcp     telnet  closed    reset        0.300ms  1/1
      24/tcp             filtered  no-response           0/3
      25/tcp             closed    reset        0.100ms  1/1
      ? 0"
    `)
    expect(await seen('-8 22-25 -S -V db.lan', { files })).toMatchInlineSnapshot(`
      "! Scanning db.lan (10.0.0.2), port 22-25
      ! 4 ports to scan, use -V to see all the replies
      ! +----+-----------+---------+---+-----+-----+-----+
      ! |port| serv name |  flags  |ttl| id  | win | len |
      ! +----+-----------+---------+---+-----+-----+-----+
      using eth0, addr: 10.0.0.1, MTU: 1500
         25            : ..R.A...  64     0     0    40
         22 ssh        : .S..A...  64     0 64240    44
         23 telnet     : ..R.A...  64     0     0    40
      ! All replies received. Done.
      Not responding ports: (24 ) 

      PORT               STATE     REASON       RTT      RCVD/SENT
      22/tcp     ssh     open      syn-ack      0.250ms  1/1
      23/tcp     telnet  closed    reset        0.300ms  1/1
      24/tcp             filtered  no-response           0/3
      25/tcp             closed    reset        0.100ms  1/1
      ? 0"
    `)
    expect(await seen('-8 53,69,70 -2 db.lan', { files })).toMatchInlineSnapshot(`
      "! Scanning db.lan (10.0.0.2), port 53,69,70
      ! 3 ports to scan, use -V to see all the replies
      ! +----+-----------+---------+---+-----+-----+-----+
      ! |port| serv name |  flags  |ttl| id  | win | len |
      ! +----+-----------+---------+---+-----+-----+-----+
         53 domain     :           64 61825          28
      ! All replies received. Done.
      Not responding ports: (69 ) 

      PORT               STATE          REASON        RTT      RCVD/SENT
      53/udp     domain  open           udp-response  0.400ms  1/1
      69/udp             open|filtered  no-response            0/3
      70/udp             closed         port-unreach  0.100ms  1/1
      ? 0"
    `)
  })

  it('that Ctrl-C ended', async () => {
    expect(await seen('-S -p 22 -i 100ms 10.0.0.2', {}, { interruptMs: 150 })).toMatchInlineSnapshot(`
      "HPING 10.0.0.2 (eth0 10.0.0.2): S set, 40 headers + 0 data bytes
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=0 win=64240 rtt=0.250 ms
      len=44 ip=10.0.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=1 win=64240 rtt=0.250 ms

      ! --- 10.0.0.2 hping statistic ---
      ! 2 packets transmitted, 2 packets received, 0% packet loss
      ! round-trip min/avg/max = 0.250/0.250/0.250 ms
      ! round-trip mdev = 0.000 ms
      ! port 22: open (syn-ack), 2 of 2 answered
      ? 0"
    `)
  })
})
