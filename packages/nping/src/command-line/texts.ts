import { REFUSED } from './refused.ts'

/** How nping-ts explains itself in help and man page. */
export const TEXTS = {
  summary: 'ping hosts and ports by TCP, UDP, ICMP and ARP, and say open, closed or stealth',
  usage: ['[option]... target...'],
  description: [
    'nping-ts sends probes round by round to every port of every target, shows each packet that goes and comes as ' +
      "nmap's nping does, and ends with statistics and a verdict for each port: open, closed, filtered or stealth, the " +
      'reason for it, who said so, and the round-trip time.',
    'Packets of our own making (--tcp, --udp, --icmp, --arp, --traceroute) need the capability CAP_NET_RAW, which root has. ' +
      'Without it the mode is --tcp-connect, and --udp uses ordinary sockets. With it and without a mode, ICMP echo ' +
      'requests are sent, or TCP packets when a port or IPv6 is asked for.',
    'Long options may be written with one dash, and abbreviated as long as that is clear. Numbers are decimal, ' +
      'hexadecimal (0x10) or octal (010), and most header fields take random in place of a number.',
  ],
  positionals: [
    [
      'target',
      'a name, an address, a network (10.0.0.0/24, db.lan/28, fd00::/120) or octet ranges (10.0.*.1-24,30)',
    ],
  ],
  examples: [
    ['nping-ts --tcp-connect -p 22,80 db.lan', 'five rounds of connections, without privileges'],
    ['nping-ts --tcp -p 443 -c 3 web.lan', 'SYN packets'],
    ['nping-ts --tcp -p 22 --flags ack web.lan', 'does a firewall keep track of connections?'],
    ['nping-ts --udp -p 53 --udp-payloads dns.lan', 'a question that a name server answers'],
    ['nping-ts --icmp --delay 20ms -c 50 -H 10.0.0.1-9', 'nine hosts, only their answers'],
    ['nping-ts --tcp --tr -p 443 web.lan', 'the way to a port'],
    ['nping-ts --tcp -p 1-1024 -c 1 --rate 5000 --json db.lan', 'for programs'],
    [
      'nping-ts --tcp -p 22 --write run.pcap db.lan; nping-ts --read run.pcap',
      'keep a run, and look at it again',
    ],
  ],
  exitStatus: [
    ['0', 'at least one port was open; where there are no ports: a target answered'],
    ['1', 'none was'],
    ['2', 'bad command line, unknown name, or this machine could not probe'],
    ['nping', 'with --exit-code nping: 0 for every run that reached its end, 1 for everything else'],
  ],
  sections: [
    [
      'Limits',
      'At most 1000000 packets are sent a second, whatever --delay or --rate say, and targets come to 65536 addresses ' +
        'at most unless --max-targets allows more. Source addresses other than our own are never used, so there are no ' +
        'floods from forged ones.',
    ],
    [
      'Refused on purpose',
      'These options of nping are known and refused, with the reason: ' +
        `${Object.keys(REFUSED)
          .map((name) => `--${name}`)
          .join(', ')}.`,
    ],
    ['Environment', 'PORTKIT_DEBUG, when set, adds a stack to the message about an internal error.'],
  ],
} as const
