import { type Refusals, UsageError } from '@portkit/core'

const SCRIPTS = 'there are no scripts here: give the XML of -oX to tools that go on from open ports'
const SYSTEMS = 'operating systems are not guessed'
const OTHERS_NAME = 'scans in the name of other hosts are not done from here'
const FRAGMENTS = 'packets are not cut up to get past firewalls'
const PAYLOAD = '--data-length gives packets a payload; its octets are not chosen'
const DATA_FILES = '--servicedb names the file with the services, which is the only one that is read'
const SERVERS = 'names are asked for at the name servers of this system'
const DELAYS = 'no delays grow by themselves here: see --scan-delay, --max-rate and --max-retries'

/** What nmap has and we refuse on purpose. */
export const REFUSED = {
  aggressive: ['flag', 'it stands for -O, -sC and traceroute, too, which are not done here: -sV is', 'A'],
  'os-detection': ['flag', SYSTEMS, 'O'],
  'osscan-limit': ['flag', SYSTEMS],
  'osscan-guess': ['flag', SYSTEMS],
  fuzzy: ['flag', SYSTEMS],
  'max-os-tries': ['value', SYSTEMS],
  script: ['value', SCRIPTS],
  'script-args': ['value', SCRIPTS],
  'script-args-file': ['value', SCRIPTS],
  'script-timeout': ['value', SCRIPTS],
  'script-trace': ['flag', SCRIPTS],
  'script-updatedb': ['flag', SCRIPTS],
  'script-help': ['value', SCRIPTS],
  iR: ['value', 'targets are named, not drawn: scans of strangers help nobody'],
  sI: ['value', OTHERS_NAME],
  bounce: ['value', OTHERS_NAME, 'b'],
  decoys: ['value', OTHERS_NAME, 'D'],
  'spoof-mac': ['value', OTHERS_NAME],
  proxies: ['value', 'through a proxy nobody can tell closed ports from stealth ones'],
  scanflags: ['value', 'answers to flags of any kind have no agreed meaning: -sA -sF -sN -sX -sM -sW have'],
  fragments: ['flag', FRAGMENTS, 'f'],
  mtu: ['value', FRAGMENTS],
  data: ['value', PAYLOAD],
  'data-string': ['value', PAYLOAD],
  'ip-options': ['value', 'IP options are not sent: routers drop such packets nearly everywhere'],
  adler32: ['flag', 'SCTP is not spoken here'],
  'send-eth': ['flag', 'Ethernet headers are left to the system, which knows the right addresses'],
  traceroute: ['flag', 'nping-ts --tcp --traceroute shows the way to a port'],
  'route-dst': ['value', 'the routes of this system are shown by ip route get'],
  iflist: ['flag', 'the interfaces and routes of this system are shown by ip address and ip route'],
  'dns-servers': ['value', SERVERS],
  'system-dns': ['flag', SERVERS],
  'port-ratio': ['value', 'our order of ports has no frequencies: --top-ports N takes the first N of it'],
  'max-scan-delay': ['value', DELAYS],
  'defeat-icmp-ratelimit': ['flag', 'where answers are limited, all are waited for, so that ports are right'],
  'discovery-ignore-rst': ['flag', 'a host that resets a connection is up'],
  unique: ['flag', 'what is named twice is scanned twice: name it once'],
  'version-trace': ['flag', 'banner --hex shows what was said to a service'],
  versiondb: ['value', DATA_FILES],
  datadir: ['value', DATA_FILES],
  'nsock-engine': ['value', 'there is no such engine here'],
  'release-memory': ['flag', 'it is for finding leaks of nmap'],
  oS: ['value', 'that format is a joke'],
  oH: ['value', '-oX with --webxml is for browsers'],
} as const satisfies Refusals

/** @param given long names in their order @throws UsageError for the first that is refused, by the name that nmap has for it */
export function refuseForeign(given: readonly string[]): void {
  const table: Refusals = REFUSED
  for (const name of given) {
    const refusal = Object.hasOwn(table, name) ? table[name] : undefined
    if (refusal !== undefined) throw new UsageError(`${foreignLabel(name)} is refused: ${refusal[1]}`)
  }
}

/** `-O`, `-sI`, `--script`. */
export function foreignLabel(name: string): string {
  const table: Refusals = REFUSED
  const letter = table[name]?.[2]
  if (letter !== undefined) return `-${letter}`
  return name.length === 2 ? `-${name}` : `--${name}`
}
