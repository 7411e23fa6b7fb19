import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN, run } from './sim-kit.ts'

/** What a user sees of a run: standard output, then each line of standard error behind an exclamation mark. */
async function seen(command: string, more: Partial<World> = {}, interruptMs?: number): Promise<string> {
  const { stdout, stderr, status } = await run(command, { ...PLAIN, ...more }, interruptMs)
  const undated = stdout.replace(/ at \d{4}-.*/, ' at DATE')
  return `${undated}${stderr.replace(/^(?=.)/gm, '! ')}? ${status}`
}

/** Checked by hand, line by line, against recorded runs of nping 0.7.93; the parts from the counts on are ours. */
describe('whole runs', () => {
  it('of SYN packets to an open, a closed and a silent port', async () => {
    expect(await seen('--tcp -p 22-24 -c 2 --delay 100ms db.lan')).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) TCP 10.0.0.1:4459 > 10.0.0.2:22 S ttl=64 id=64687 iplen=40  seq=531144334 win=1480 
      RCVD (0.0003s) TCP 10.0.0.2:22 > 10.0.0.1:4459 SA ttl=64 id=0 iplen=44  seq=4051782527 win=64240 <mss 1460>
      SENT (0.1000s) TCP 10.0.0.1:4459 > 10.0.0.2:23 S ttl=64 id=34921 iplen=40  seq=3641326646 win=1480 
      RCVD (0.1003s) TCP 10.0.0.2:23 > 10.0.0.1:4459 RA ttl=64 id=0 iplen=40  seq=0 win=0 
      SENT (0.2000s) TCP 10.0.0.1:4459 > 10.0.0.2:24 S ttl=64 id=21781 iplen=40  seq=1008584012 win=1480 
      SENT (0.3000s) TCP 10.0.0.1:4459 > 10.0.0.2:22 S ttl=64 id=36698 iplen=40  seq=4132129213 win=1480 
      RCVD (0.3003s) TCP 10.0.0.2:22 > 10.0.0.1:4459 SA ttl=64 id=0 iplen=44  seq=2577659556 win=64240 <mss 1460>
      SENT (0.4000s) TCP 10.0.0.1:4459 > 10.0.0.2:23 S ttl=64 id=16458 iplen=40  seq=3833253596 win=1480 
      RCVD (0.4003s) TCP 10.0.0.2:23 > 10.0.0.1:4459 RA ttl=64 id=0 iplen=40  seq=0 win=0 
      SENT (0.5000s) TCP 10.0.0.1:4459 > 10.0.0.2:24 S ttl=64 id=25998 iplen=40  seq=3317733224 win=1480 
       
      Max rtt: 0.300ms | Min rtt: 0.250ms | Avg rtt: 0.275ms
      Raw packets sent: 6 (240B) | Rcvd: 4 (168B) | Lost: 2 (33.33%)
      Nping done: 1 IP address pinged in 1.50 seconds

      TARGET             PORT    STATE     REASON       RTT      RCVD/SENT
      db.lan (10.0.0.2)  22/tcp  open      syn-ack      0.250ms  2/2
      db.lan (10.0.0.2)  23/tcp  closed    reset        0.300ms  2/2
      db.lan (10.0.0.2)  24/tcp  filtered  no-response           0/2
      ? 0"
    `)
  })

  it('of connections', async () => {
    expect(await seen('--tcp-connect -p 22-24 -c 1 --delay 100ms db.lan')).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) Starting TCP Handshake > db.lan:22 (10.0.0.2:22)
      RCVD (0.0003s) Handshake with db.lan:22 (10.0.0.2:22) completed
      SENT (0.1000s) Starting TCP Handshake > db.lan:23 (10.0.0.2:23)
      RCVD (0.1003s) Possible TCP RST received from 10.0.0.2:23 --> Connection refused
      SENT (0.2000s) Starting TCP Handshake > db.lan:24 (10.0.0.2:24)
       
      Max rtt: 0.250ms | Min rtt: 0.250ms | Avg rtt: 0.250ms
      TCP connection attempts: 3 | Successful connections: 1 | Failed: 2 (66.67%)
      Nping done: 1 IP address pinged in 1.18 seconds

      TARGET             PORT    STATE     REASON       RTT
      db.lan (10.0.0.2)  22/tcp  open      syn-ack      0.250ms
      db.lan (10.0.0.2)  23/tcp  closed    reset
      db.lan (10.0.0.2)  24/tcp  filtered  no-response
      ? 0"
    `)
  })

  it('of datagrams without privileges', async () => {
    expect(
      await seen('--udp -p 53,69,70 -c 1 --delay 100ms 10.0.0.2', { packetAccess: false }),
    ).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) UDP packet with 4 bytes to 10.0.0.2:53
      RCVD (0.0004s) UDP packet with 4 bytes from 10.0.0.2:53
      SENT (0.1000s) UDP packet with 4 bytes to 10.0.0.2:69
      SENT (0.2000s) UDP packet with 4 bytes to 10.0.0.2:70
       
      Max rtt: 0.400ms | Min rtt: 0.400ms | Avg rtt: 0.400ms
      UDP packets sent: 3 | Rcvd: 1 | Lost: 2 (66.67%)
      Nping done: 1 IP address pinged in 1.10 seconds

      TARGET    PORT    STATE          REASON        RTT
      10.0.0.2  53/udp  open           udp-response  0.400ms
      10.0.0.2  69/udp  open|filtered  no-response
      10.0.0.2  70/udp  closed         port-unreach
      ! ERR: (0.2002s) READ to 10.0.0.2:70 failed: Connection refused
      ? 0"
    `)
  })

  it('of echo requests to two hosts, one of which is not there, with all figures', async () => {
    const machines = { '10.0.0.7': { isAbsent: true } }
    expect(await seen('--icmp -c 2 --delay 100ms -v 10.0.0.2 10.0.0.7', { machines })).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) ICMP [10.0.0.1 > 10.0.0.2 Echo request (type=8/code=0) id=63851 seq=1] IP [ttl=64 id=40511 proto=1 csum=0xc89f iplen=28 ]
      RCVD (0.0001s) ICMP [10.0.0.2 > 10.0.0.1 Echo reply (type=0/code=0) id=63851 seq=1] IP [ttl=64 id=61825 proto=1 csum=0x755d iplen=28 ]
      SENT (0.1000s) ICMP [10.0.0.1 > 10.0.0.7 Echo request (type=8/code=0) id=63851 seq=2] IP [ttl=64 id=44771 proto=1 csum=0xb7f6 iplen=28 ]
      SENT (0.2000s) ICMP [10.0.0.1 > 10.0.0.2 Echo request (type=8/code=0) id=63851 seq=3] IP [ttl=64 id=26151 proto=1 csum=0x00b8 iplen=28 ]
      RCVD (0.2001s) ICMP [10.0.0.2 > 10.0.0.1 Echo reply (type=0/code=0) id=63851 seq=3] IP [ttl=64 id=39331 proto=1 csum=0xcd3b iplen=28 ]
      SENT (0.3000s) ICMP [10.0.0.1 > 10.0.0.7 Echo request (type=8/code=0) id=63851 seq=4] IP [ttl=64 id=14765 proto=1 csum=0x2d2d iplen=28 ]
       
      Statistics for host 10.0.0.2:
       |  Probes Sent: 2 | Rcvd: 2 | Lost: 0  (0.00%)
       |_ Max rtt: 0.100ms | Min rtt: 0.100ms | Avg rtt: 0.100ms
      Statistics for host 10.0.0.7:
       |  Probes Sent: 2 | Rcvd: 0 | Lost: 2  (100.00%)
       |_ Max rtt: N/A | Min rtt: N/A | Avg rtt: N/A
      Raw packets sent: 4 (112B) | Rcvd: 2 (56B) | Lost: 2 (50.00%)
      Tx time: 0.30000s | Tx bytes/s: 373.33 | Tx pkts/s: 13.33
      Rx time: 1.30000s | Rx bytes/s: 43.08 | Rx pkts/s: 1.54
      Nping done: 2 IP addresses pinged in 1.30 seconds

      TARGET    STATE      REASON       RTT      RCVD/SENT
      10.0.0.2  up         echo-reply   0.100ms  2/2
      10.0.0.7  no answer  no-response           0/2
      ? 0"
    `)
  })

  it('of a traceroute with a silent router', async () => {
    const hops = { '10.0.9.9': [{ address: '10.0.0.254' }, {}] }
    const ports = { '10.0.9.9:443': OPEN }
    expect(await seen('--tcp --tr -p 443 --delay 100ms 10.0.9.9', { hops, ports })).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) TCP 10.0.0.1:4459 > 10.0.9.9:443 S ttl=1 id=64687 iplen=40  seq=531144334 win=1480 
      RCVD (0.0002s) ICMP [10.0.0.254 > 10.0.0.1 TTL=0 during transit (type=11/code=0) ] IP [ttl=64 id=61825 iplen=68 ]
      SENT (0.1000s) TCP 10.0.0.1:4459 > 10.0.9.9:443 S ttl=2 id=34921 iplen=40  seq=3641326646 win=1480 
      SENT (0.2000s) TCP 10.0.0.1:4459 > 10.0.9.9:443 S ttl=3 id=21781 iplen=40  seq=1008584012 win=1480 
      RCVD (0.2003s) TCP 10.0.9.9:443 > 10.0.0.1:4459 SA ttl=62 id=0 iplen=44  seq=2577659556 win=64240 <mss 1460>
       
      Max rtt: 0.250ms | Min rtt: 0.200ms | Avg rtt: 0.225ms
      Raw packets sent: 3 (120B) | Rcvd: 2 (112B) | Lost: 1 (33.33%)
      Nping done: 1 IP address pinged in 1.10 seconds

      HOP  ADDRESS         RTT
        1  10.0.0.254  0.200ms
        2  *                 *
        3  10.0.9.9    0.250ms

      TARGET    PORT     STATE  REASON   RTT      RCVD/SENT
      10.0.9.9  443/tcp  open   syn-ack  0.250ms  2/3
      ? 0"
    `)
  })

  it('with everything that is not counted', async () => {
    const link = { failures: [{ packet: 3, does: 'fault', code: 'EPERM' }] } as const
    const mischief = { '10.0.0.2': { probes: [0], againMs: [1] }, '10.0.0.2:23': { lateMs: 60, probes: [0] } }
    expect(
      await seen('--tcp -p 22,23 -c 2 --delay 100ms --timeout 50ms --rtt 10.0.0.2', { link, mischief }),
    ).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) TCP 10.0.0.1:4459 > 10.0.0.2:22 S ttl=64 id=64687 iplen=40  seq=531144334 win=1480 
      RCVD (0.0003s) TCP 10.0.0.2:22 > 10.0.0.1:4459 SA ttl=64 id=0 iplen=44  seq=4051782527 win=64240 <mss 1460> rtt=0.250ms
      RCVD (0.0013s) TCP 10.0.0.2:22 > 10.0.0.1:4459 SA ttl=64 id=0 iplen=44  seq=4051782527 win=64240 <mss 1460> rtt=1.250ms
      SENT (0.1000s) TCP 10.0.0.1:4459 > 10.0.0.2:23 S ttl=64 id=34921 iplen=40  seq=3641326646 win=1480 
      RCVD (0.1603s) TCP 10.0.0.2:23 > 10.0.0.1:4459 RA ttl=64 id=0 iplen=40  seq=0 win=0 rtt=60.300ms
      SENT (0.2000s) TCP 10.0.0.1:4459 > 10.0.0.2:22 S ttl=64 id=21781 iplen=40  seq=1008584012 win=1480 
      RCVD (0.2003s) TCP 10.0.0.2:22 > 10.0.0.1:4459 SA ttl=64 id=0 iplen=44  seq=2577659556 win=64240 <mss 1460> rtt=0.250ms
       
      Max rtt: 0.250ms | Min rtt: 0.250ms | Avg rtt: 0.250ms
      Raw packets sent: 3 (120B) | Rcvd: 2 (88B) | Lost: 1 (33.33%)
      Nping done: 1 IP address pinged in 0.30 seconds

      Not counted: 1 repeated answer, 1 answer too late, 1 probe not sent

      TARGET    PORT    STATE   REASON   RTT      RCVD/SENT
      10.0.0.2  22/tcp  open    syn-ack  0.250ms  2/2
      10.0.0.2  23/tcp  closed  reset             0/1
      ! ERR: (0.3000s) SEND to 10.0.0.2:23 failed: send: not permitted by this machine (a local firewall forbids it, or a privilege is missing)
      ? 0"
    `)
  })

  it('that Ctrl-C ended', async () => {
    expect(await seen('--arp -c 0 --delay 100ms 10.0.0.2', {}, 150)).toMatchInlineSnapshot(`
      "
      Starting nping-ts 1.2.3 at DATE
      SENT (0.0000s) ARP who has 10.0.0.2? Tell 10.0.0.1
      RCVD (0.0001s) ARP reply 10.0.0.2 is at 02:00:0A:00:00:02
      SENT (0.1000s) ARP who has 10.0.0.2? Tell 10.0.0.1
      RCVD (0.1001s) ARP reply 10.0.0.2 is at 02:00:0A:00:00:02
       
      Max rtt: 0.100ms | Min rtt: 0.100ms | Avg rtt: 0.100ms
      Raw packets sent: 2 (84B) | Rcvd: 2 (56B) | Lost: 0 (0.00%)
      Nping done: 1 IP address pinged in 0.15 seconds

      TARGET    STATE  REASON        RTT      RCVD/SENT
      10.0.0.2  up     arp-response  0.100ms  2/2
      ? 0"
    `)
  })
})
