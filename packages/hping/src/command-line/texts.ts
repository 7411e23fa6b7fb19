import { REFUSED } from './refused.ts'

/** How hping-ts explains itself in help and man page. */
export const TEXTS = {
  summary: 'send TCP, UDP and ICMP packets, scan ports, and say open, closed or stealth',
  usage: ['[option]... host', '--scan ports [option]... host', '--read file [option]... [host]'],
  description: [
    'hping-ts sends one packet after the other to a host, shows the answers as hping3 does, and ends with statistics ' +
      'and a verdict with its reason: open, closed or filtered, which without any answer is stealth. Packets are TCP ' +
      'without flags unless options say otherwise, so most questions begin with -S. --scan asks many ports.',
    'This takes the capability CAP_NET_RAW, which root has.',
    'Letters may be joined (-SA, -FPU) and long options abbreviated as long as that is clear. Numbers are decimal, ' +
      'hexadecimal (0x10) or octal (010).',
    'While packets go out, Ctrl-Z raises the port by one, and lowers it when pressed twice; -z and -Z change that.',
  ],
  positionals: [['host', 'a name or an address, IPv4 or IPv6']],
  examples: [
    ['hping-ts -S -p 443 -c 3 web.lan', 'is the port open?'],
    ['hping-ts -S -V -p 22 -c 1 db.lan', 'with all fields of the answer'],
    ['hping-ts -A -p 22 -c 1 db.lan', 'does a firewall keep track of connections?'],
    ["hping-ts --scan '1-1024,!known' -S db.lan", 'which ports without a name are open?'],
    ['hping-ts --scan 53,123,161 --udp dns.lan', 'UDP ports'],
    ['hping-ts -T -S -p 443 --tr-stop web.lan', 'the way to a port'],
    ['hping-ts -2 -p 53 -d 64 -f -c 1 dns.lan', 'do fragments get through?'],
    ['hping-ts -1 -i 20ms -c 50 fd00::1', 'fifty echo requests by IPv6'],
    ['hping-ts -S -p 22 -c 3 --write run.pcap db.lan', 'keep the packets'],
    ['hping-ts --read run.pcap', 'look at them again'],
  ],
  exitStatus: [
    ['0', 'there was an answer, of whatever kind'],
    ['1', 'there was none'],
    ['2', 'bad command line, unknown name, or this machine could not probe'],
    [
      'state',
      'with --exit-code state: 0 open, 1 closed, 2 stealth or filtered, 3 for what is 2 above; of several ports the best one counts',
    ],
    ['flags', 'with --tcpexitcode: the flags of the last TCP answer as a number, 0 when there was none'],
  ],
  sections: [
    [
      'Limits',
      'Packets go out at most --max-rate times a second, 10000 unless more is asked for, whatever --interval and ' +
        '--faster say; a scan goes as fast as answers come. Source addresses other than our own are never used.',
    ],
    [
      'Refused on purpose',
      'These options of hping3 are known and refused, with the reason: ' +
        `${Object.keys(REFUSED)
          .map((name) => `--${name}`)
          .join(', ')}. There is no Tcl shell: a command line without a word shows the help.`,
    ],
    ['Environment', 'PORTKIT_DEBUG, when set, adds a stack to the message about an internal error.'],
  ],
} as const
