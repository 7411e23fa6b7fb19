import { foreignLabel, REFUSED } from './command-line/refused.ts'

/** How portscan explains itself in help and man page. */
export const TEXTS = {
  summary: "find open, closed and stealth ports: nmap's report, quicker, with every port right",
  usage: [
    '[option]... target...',
    '[option]... -iL file',
    'diff [option]... before after',
    'merge [option]... result...',
  ],
  description: [
    'portscan asks the ports of hosts whether they are open, and reports as nmap does: the same options, the same table, ' +
      'the same XML. It first finds out which hosts are up, then asks their ports, popular ones first, then in random order, ' +
      'and asks again where no answer came, as often as losses on the way call for.',
    'open is a port with a service, closed one that answers that there is none. filtered is one that does not answer, or ' +
      'where something on the way says no. open|filtered is one whose silence may mean both; unfiltered is one that -sA ' +
      'reaches. With --reason every line says how that is known.',
    'Long options may be written with one dash, and abbreviated as long as that is clear. portscan diff compares two ' +
      'results, portscan merge joins the results of parts; each has its own --help. A host of such a name goes behind --.',
  ],
  positionals: [
    [
      'target',
      'a name, an address, a network (10.0.0.0/24, db.lan/28, fd00::/120) or octet ranges (10.0.*.1-24,30); IPv4 and IPv6 may be mixed',
    ],
  ],
  examples: [
    ['portscan db.lan', 'the 1000 most popular ports'],
    ['portscan -p 22,111,137 --reason db.lan', 'three ports, and why'],
    ['portscan -p- -T4 10.0.0.2', 'all of them'],
    ['portscan -sn 10.0.0.0/24', 'who is up?'],
    ['portscan -sV -F --open 10.0.0.1-20', 'what speaks at popular ports?'],
    ['portscan -sSU -p T:22,80,U:53,123 gate.lan', 'TCP and UDP'],
    ['portscan -Pn -p 443 --ndjson -iL hosts.txt', 'one record a port, as they are found'],
    ['portscan -p- -oA lan --checkpoint lan.state 10.0.0.0/24', 'a long scan, in files'],
    ['portscan --resume lan.state', 'and on with it'],
    [
      'seq 8 | parallel portscan --shard {}/8 --seed 7 -p- -oX part-{}.xml 10.0.0.0/16',
      'in eight parts, here or anywhere',
    ],
    ['portscan merge -oX all.xml part-*.xml', 'their report'],
    ['portscan diff monday.xml tuesday.xml', 'what changed'],
  ],
  exitStatus: [
    ['0', 'the scan went to its end, whatever it found, as with nmap'],
    ['1', 'bad values or contradictions in the command line, or this machine could not scan'],
    ['255', 'options that do not exist, or nothing at all on the command line'],
    ['129, 130, 143', 'ended by SIGHUP, by Ctrl-C, or by SIGTERM'],
    [
      'state',
      'with --exit-code state: 0 something is open (with -sn: up), 1 nothing is open, 2 no host is up, 3 the result is not ' +
        'whole (a name unknown, a host left, a signal), 4 error',
    ],
  ],
  sections: [
    [
      'Privileges',
      'Packets of our own making (-sS and all other kinds but -sT, and discovery by ARP and ICMP) need the capability ' +
        'CAP_NET_RAW, which root has. Without it ports are asked by connections, -sT, and hosts by connections, too. ' +
        'Whether packets may be sent is tried out, unless --privileged or --unprivileged says so.',
      'On Linux with the package koffi a connection learns which ICMP error it met, so that -sT says what -sS says. ' +
        'Elsewhere a port that a firewall refuses by port unreachable is closed to -sT, since the system tells no more.',
    ],
    [
      'Time',
      'Times are seconds, or have a unit: 100ms, 30s, 5m, 1h. The templates of -T stand for: 0 five minutes from probe to ' +
        'probe, 1 fifteen seconds, 2 400 ms, one after the other; 4 first answers are waited for 500 ms, at most 1.25 s; ' +
        '5 250 ms, at most 300 ms, and 15 minutes a host. How often silent ports are asked again depends on losses, not on ' +
        'the template. Single options go before the template, wherever they stand.',
      'A host that runs into --host-timeout or has more than --max-open open ports is left, and reported with what is known of it.',
    ],
    [
      'Reports',
      'The text goes to standard output, unless one of the reports goes to a file named -. Files are written as hosts are ' +
        'done, and are well-formed also after Ctrl-C. XML has no stylesheet unless one is asked for.',
      'With --json there is one document when all is done, with --ndjson (-oD) one record a line at once.',
      'On a terminal a line on standard error says how far the scan is; Enter, Ctrl-\\ (SIGQUIT) and SIGINFO have it told.',
    ],
    [
      'Versions of services',
      '-sV asks each open port what speaks there: first it listens for a greeting, then it asks what the port usually ' +
        'speaks, HTTP, TLS. A name with a question mark is no more than what usually has that port. With ' +
        '--version-light nothing is sent, only greetings are read.',
    ],
    [
      'More than one machine',
      'Runs with the same targets, ports, --seed and N of --shard I/N have disjoint parts of the scan, which together are all ' +
        'of it; they need not know of each other. Any tool that starts jobs spreads them: GNU parallel, an indexed Job of ' +
        'Kubernetes with --shard $((JOB_COMPLETION_INDEX + 1))/N, an array of Slurm. portscan merge joins their results.',
      'With --checkpoint the state of a run is kept in a file as it goes. After Ctrl-C, a crash or a loss of power, ' +
        '--resume goes on within each host.',
    ],
    [
      'Files',
      'Names of ports are read from the nmap-services that nmap installs, where it is there, or from the file that ' +
        "--servicedb names; else from /etc/services and the IANA's. Which ports are popular is portscan's own order always.",
    ],
    [
      'Refused on purpose',
      'These options of nmap are known and refused, with the reason: -sC, -sI, -sO, -sY, -sZ, -PO, -PY, ' +
        `${Object.keys(REFUSED)
          .filter((name) => name !== 'sI')
          .map(foreignLabel)
          .join(', ')}.`,
    ],
    [
      'Environment',
      'NO_COLOR, when set, turns colours off. PORTKIT_DEBUG, when set, adds a stack to the message about an internal error.',
    ],
  ],
} as const
