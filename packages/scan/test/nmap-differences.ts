import type { NmapCase } from './nmap-cases.ts'

/** Something that portscan says otherwise than nmap 7.93, on purpose. */
export interface Difference {
  readonly why: string
  readonly where: 'report' | 'xml' | 'stderr'
  /** The cases in which it may show; all when not given. */
  readonly isIn?: (one: NmapCase) => boolean
  /** Whose words are replaced; nmap's are by what portscan has to say instead. */
  readonly side: 'nmap' | 'both'
  readonly pattern: RegExp
  readonly instead: string
}

const isConnect = ({ args, asNobody }: NmapCase): boolean => asNobody === true || args.includes('-sT')

/** nmap knows of an ICMP error what connect() says of it; we know which one it was. */
const ICMP = {
  why: 'a connect scan tells ICMP errors for what they are',
  isIn: isConnect,
  side: 'nmap',
} as const
const NAME = { why: 'the tool says who it is', side: 'both' } as const
const OPTIONS = {
  why: 'only options that there are can be recommended',
  side: 'both',
  where: 'stderr',
} as const

/**
 * All of them: what is not in this list, and neither a time nor an order by chance, has to be the same. Not among the cases
 * are hosts on the link and far ones together: nmap reports on each kind by itself, portscan in the order that was given.
 */
export const DIFFERENCES: readonly Difference[] = [
  {
    ...ICMP,
    where: 'report',
    pattern: /^(8\/tcp +)closed {3}(\S+ +)conn-refused$/gm,
    instead: '$1filtered $2port-unreach',
  },
  { ...ICMP, where: 'report', pattern: /^(8\/tcp +)closed {3}(\S+)$/gm, instead: '$1filtered $2' },
  { ...ICMP, where: 'report', pattern: /(\tPorts: 8\/)closed(\/tcp\/)/g, instead: '$1filtered$2' },
  {
    ...ICMP,
    where: 'report',
    pattern: /^(2000\d\/tcp +filtered +\S+ +)host-unreach$/gm,
    instead: '$1admin-prohibited',
  },
  {
    ...ICMP,
    where: 'xml',
    pattern: /(portid="8"><state state=")closed(" reason=")conn-refused"/g,
    instead: '$1filtered$2port-unreach"',
  },
  {
    ...ICMP,
    where: 'xml',
    pattern: /(portid="2000\d"><state state="filtered" reason=")host-unreach"/g,
    instead: '$1admin-prohibited"',
  },
  {
    why: 'packets come without the headers of their link, so that only ARP and neighbour discovery tell its addresses',
    where: 'report',
    isIn: ({ args }) => args.includes('--disable-arp-ping'),
    side: 'nmap',
    pattern: /^MAC Address: .*\n/gm,
    instead: '',
  },
  {
    why: 'a hint tells how the host was found, which nmap knows by then of hosts on the link only',
    where: 'xml',
    isIn: ({ args }) => args.endsWith(' 10.79.0.2'),
    side: 'nmap',
    pattern: /(<hosthint><status state="up" reason=")unknown-response" reason_ttl="0"/g,
    instead: '$1echo-reply" reason_ttl="63"',
  },
  { ...NAME, where: 'report', pattern: /^Starting \S+ \S+ \( \S+ \) at .*$/gm, instead: 'Starting SCANNER' },
  {
    ...NAME,
    where: 'report',
    pattern: /^# \S+ \S+ scan initiated .{24} as: \S+ /gm,
    instead: '# SCANNER scan initiated as: SCANNER ',
  },
  {
    ...NAME,
    where: 'xml',
    pattern: /^<!-- \S+ \S+ scan initiated .{24} as: \S+ (.*) -->$/gm,
    instead: '<!-- SCANNER $1 -->',
  },
  { ...NAME, where: 'xml', pattern: /(<nmaprun [^>]*args=")\S+ /g, instead: '$1SCANNER ' },
  {
    ...NAME,
    where: 'xml',
    pattern: /(<nmaprun [^>]*version=")[^"]*(" xmloutputversion)/g,
    instead: '$1V$2',
  },
  { ...NAME, where: 'stderr', pattern: /^(nmap|portscan): /gm, instead: 'SCANNER: ' },
  {
    ...NAME,
    where: 'stderr',
    pattern: /^See the output of \S+ -h/gm,
    instead: 'See the output of SCANNER -h',
  },
  {
    why: 'no data files are needed',
    where: 'report',
    side: 'both',
    pattern: /^Read data files from: .*\n/gm,
    instead: '',
  },
  {
    why: 'no stylesheet is there unless asked for: ours would point at a file that few have',
    where: 'xml',
    side: 'both',
    pattern: /^<\?xml-stylesheet .*\?>\n/gm,
    instead: '',
  },
  {
    why: 'each unknown name is asked for once, and told of on standard error only',
    where: 'report',
    side: 'both',
    pattern: /^Failed to resolve .*\n/gm,
    instead: '',
  },
  {
    why: 'each unknown name is asked for once, and told of once',
    where: 'stderr',
    side: 'nmap',
    pattern: /^(Failed to resolve .*\n)\1+/gm,
    instead: '$1',
  },
  {
    why: 'what comes behind says more than nmap does, or what else there is to do',
    where: 'stderr',
    side: 'both',
    pattern:
      /^(WARNING: Duplicate port number\(s\) specified\.|You specified more than one type of TCP scan\.|Failed to resolve "[^"]*"\.|Argument to --m(?:in|ax)-rate must be a positive floating-point number).*$/gm,
    instead: '$1',
  },
  { ...OPTIONS, pattern: / but see --top-ports and --port-ratio to /g, instead: ' but see --top-ports to ' },
]
