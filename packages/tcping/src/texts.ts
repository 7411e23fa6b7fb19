/** How tcping explains itself in help and man page. */
export const TEXTS = {
  name: 'tcping',
  summary: 'ping TCP ports: open, closed or stealth, and how fast they answer',
  usage: ['[option]... host port...', '[option]... host:port...', '[option]... [ipv6]:port...'],
  description: [
    'tcping opens a TCP connection again and again, says what came of it, and closes it. open: the handshake was ' +
      'completed. closed: the target refused with a RST. stealth: nothing came back in time, as when a firewall drops ' +
      'the packets. unreachable: an ICMP error came back instead; the line says which one and from whom.',
    "Round-trip times of open ports are the kernel's own (TCP_INFO) on Linux, else this process's. One probe is one " +
      'SYN as long as the time-out is not above one second (which is cut to 975 ms for that). A name is looked up before the measurement; of its ' +
      'addresses the first one is probed, and the first line says which.',
    "--syn makes no connection: it sends a SYN with the options of the system's own and takes what comes back for the " +
      'answer. --clock packet connects, and takes the time between the stamps of the SYN and of its answer. Both take ' +
      'CAP_NET_RAW and, for the stamps, Linux with koffi; everything else needs no privilege.',
  ],
  positionals: [
    ['host', 'a name, an IPv4 or an IPv6 address, also with a zone (fe80::1%eth0)'],
    [
      'port',
      'numbers, ranges and service names: 22,80,8000-8010,ssh. Hosts without a port take the next one given',
    ],
  ],
  examples: [
    ['tcping db.lan 22', 'ping port 22 until Ctrl-C'],
    ['tcping -c 4 -i 0.2 db.lan ssh', 'four probes, five a second'],
    ['tcping web1 web2 web3 443', 'three hosts at once'],
    ['tcping --until open -w 60 db.lan 5432', 'wait a minute for a service to come up'],
    ["tcping --json db.lan 22 | jq '.rttMs'", 'for programs'],
    ['sudo tcping --syn gate.lan 22,111,137', 'SYNs only: no connection is made'],
    ['tcping --graph web1:443 web2:443', 'for people who would rather look'],
  ],
  exitStatus: [
    ['0', 'at least one probe found a port open; with --until and --require: as wanted'],
    ['1', 'no probe did; not as wanted'],
    ['2', 'bad command line, unknown name, or this machine could not probe'],
    ['130', 'ended by a second Ctrl-C; the first one prints the summary and ends with 0 or 1'],
    [
      'state',
      'with --exit-code state: 0 open, 1 closed, 2 stealth or unreachable, 255 error; the newest probe counts, of several targets the worst',
    ],
  ],
  sections: [
    [
      'Statistics',
      "received counts answers of the target, open and closed: packet loss is loss. mdev is ping's standard deviation. " +
        'Percentiles are nearest ranks, exact up to 10,000 round trips, then within 0.5 %. jitter is the mean difference ' +
        'of consecutive round trips. A probe whose SYN was sent again has no round-trip time.',
    ],
    [
      'While it runs',
      'Ctrl-\\ (and Ctrl-T where there is one) prints one line of statistics, Enter the whole summary. Ctrl-C ends ' +
        'with the summary, a second Ctrl-C at once.',
    ],
  ],
} as const
