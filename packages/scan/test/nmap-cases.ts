/**
 * Command lines that are run by nmap and by portscan in the world of scanners, to hold what they say against each other.
 * Ports that depend on how popular they are (`-F`, `--top-ports`, none named) are not among them: our order is another.
 */
export interface NmapCase {
  readonly name: string
  /** Words without blanks. */
  readonly args: string
  /** Files that are there before, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** Run without any right. */
  readonly asNobody?: true
}

const FULL = '10.77.0.2'
const FULL6 = 'fd77::2'
const STEALTH = '10.77.1.2'
const DROPPED = '10.77.1.3'
const ABSENT = '10.77.0.99'
const NETWORK = '10.78.0'
const FAR = '10.79.0.2'

/** One port of each kind. */
const EACH = '8,9,22,80,111,137,10000,20000,30000,65535'

const NAMES = { 'list.txt': `${NETWORK}.1 ${NETWORK}.2\n# a remark\n${NETWORK}.3\t${NETWORK}.8-9\n` }

/** How ports are named, and how the table looks. */
const PORTS: readonly NmapCase[] = [
  { name: 'three ports', args: `-n -p 22,111,137 ${FULL}` },
  { name: 'a range', args: `-n -p 20-30 ${FULL}` },
  { name: 'an open beginning', args: `-n -p -25 ${FULL}` },
  { name: 'an open end', args: `-n -p 65530- ${FULL}` },
  { name: 'names', args: `-n -p ssh,http,mysql ${FULL}` },
  { name: 'a mask of names', args: `-n -p http* ${FULL}` },
  { name: 'an unknown name', args: `-n -p nosuchname ${FULL}` },
  { name: 'only ports with a service', args: `-n -p [1-30] ${FULL}` },
  { name: 'a port twice', args: `-n -p 22,22,20-23 ${FULL}` },
  { name: 'TCP and UDP', args: `-n -sS -sU -p T:22,111,U:53,137,161 ${FULL}` },
  { name: 'UDP ports without a UDP scan', args: `-n -p T:22,U:53 ${FULL}` },
  { name: 'a port zero', args: `-n -p 0,22 ${FULL}` },
  { name: 'a range from zero', args: `-n -p 0-3 ${FULL}` },
  { name: 'without some ports', args: `-n -p 20-25 --exclude-ports 21,23-24 ${FULL}` },
  { name: 'a port that is too large', args: `-n -p 70000 ${FULL}` },
  { name: 'a range backwards', args: `-n -p 30-20 ${FULL}` },
  { name: 'a mask that fits nothing', args: `-n -p abc- ${FULL}` },
  { name: 'an empty place in the list', args: `-n -p 22,,80 ${FULL}` },
  { name: 'all ports', args: `-n -p- ${FULL}` },
  { name: '25 ports of a state', args: `-n -p 1000-1024 ${FULL}` },
  { name: '26 ports of a state', args: `-n -p 1000-1025 ${FULL}` },
  { name: '51 ports of a state, with -v', args: `-n -v -p 1000-1050 ${FULL}` },
  { name: '50 ports of a state, with -v', args: `-n -v -p 1000-1049 ${FULL}` },
  { name: 'all ports in one state', args: `-n -p 10000-10100 ${FULL}` },
  { name: 'all ports in two states', args: `-n -p 10000-10100,100-110,112-136,140-160 ${FULL}` },
  { name: 'several reasons of a state', args: `-n -p 8-9,10000-10040,20000-20009,22 ${FULL}` },
]

/** Kinds of scans, and what they say of each kind of port. */
const KINDS: readonly NmapCase[] = [
  { name: 'SYN', args: `-n -sS --reason -p ${EACH} ${FULL}` },
  { name: 'connect', args: `-n -sT --reason -p ${EACH} ${FULL}` },
  { name: 'SYN, -v', args: `-n -sS -v -p ${EACH} ${FULL}` },
  { name: 'connect, -v', args: `-n -sT -v -p ${EACH} ${FULL}` },
  { name: 'SYN, -vv', args: `-n -sS -vv -p ${EACH} ${FULL}` },
  { name: 'ACK', args: `-n -sA --reason -p ${EACH} ${FULL}` },
  { name: 'ACK of many', args: `-n -sA -p 1-100 ${FULL}` },
  { name: 'window', args: `-n -sW --reason -p ${EACH} ${FULL}` },
  { name: 'FIN', args: `-n -sF --reason -p ${EACH} ${FULL}` },
  { name: 'NULL', args: `-n -sN --reason -p ${EACH} ${FULL}` },
  { name: 'Xmas', args: `-n -sX --reason -p ${EACH} ${FULL}` },
  { name: 'Maimon', args: `-n -sM --reason -p ${EACH} ${FULL}` },
  { name: 'UDP', args: `-n -sU --reason -p 53,111,123,137,161,5353,20000 ${FULL}` },
  { name: 'two kinds of TCP scans', args: `-n -sS -sT -p 22 ${FULL}` },
  { name: 'who is up', args: `-n -sn --reason ${FULL}` },
  { name: 'who is up, by SYN', args: `-n -sn -PS22,111 --disable-arp-ping ${FULL}` },
  { name: 'a list of targets', args: `-n -sL ${FULL} ${NETWORK}.0/30` },
  { name: 'a stealth host', args: `-n -v --reason -p 20-30,443 ${STEALTH}` },
  { name: 'a stealth host by connect', args: `-n -Pn -sT -p 20-80,443 ${STEALTH}` },
  { name: 'a far host', args: `-n --reason -p ${EACH} ${FAR}` },
  { name: 'SYN by IPv6', args: `-6 -n -sS --reason -p ${EACH} ${FULL6}` },
  { name: 'connect by IPv6', args: `-6 -n -sT --reason -p ${EACH} ${FULL6}` },
  { name: 'UDP by IPv6', args: `-6 -n -sU --reason -p 53,111,137 ${FULL6}` },
  { name: 'UDP of many ports', args: `-n -sU -p 1-400,5000-6000 ${FULL}` },
  { name: 'FIN by IPv6', args: `-6 -n -sF --reason -p 22,111,137 ${FULL6}` },
  { name: 'a host that answers from elsewhere', args: `-n --reason -p 22,111 10.77.0.6` },
  { name: 'all ports of a host that says yes to all', args: `-n -p 1-30 10.77.0.5` },
]

/** Where the report goes, and in which format. */
const OUTPUTS: readonly NmapCase[] = [
  { name: '-oA', args: `-n -sS -p 20-25,137 -oA basic ${FULL}` },
  { name: '-oN -', args: `-n -sS -p 22,111 -oN - ${FULL}` },
  { name: '-oG -', args: `-n -sS -p 22,111,137 -oG - ${FULL} ${STEALTH}` },
  { name: '-oG - with a state that is not shown', args: `-n -p 1000-1100,22 -oG - ${FULL}` },
  { name: '-oG - with two', args: `-n -p 10000-10100,1000-1100,22 -oG - ${FULL}` },
  { name: '-oG - with all', args: `-n -p 1000-1100 -oG - ${FULL}` },
  { name: '-oX -', args: `-n -sS -p 22,111,137 -oX - ${FULL}` },
  { name: '-oX to a folder that is not there', args: `-n -sS -p 22 -oX no/such/folder.xml ${FULL}` },
  { name: 'all ports in files', args: `-n -sS -p- -oX all.xml -oG all.gnmap ${FULL}` },
  { name: 'connect in files', args: `-n -sT -p ${EACH} -oA connect ${FULL}` },
  {
    name: 'nearly all ports by connect in files',
    args: `-n -sT -p- --exclude-ports 8,20000-20009 -oX all.xml -oG all.gnmap ${FULL}`,
  },
  { name: 'a stealth host in files', args: `-n -p 1-100,443 -oA stealth ${STEALTH}` },
  { name: 'several hosts', args: `-n -p 22,80,111 -oA multi ${FULL} ${STEALTH} ${ABSENT} ${NETWORK}.5` },
  { name: 'one of two hosts down, -v', args: `-n -v -p 22,80,111 -oA multi ${FULL} ${ABSENT}` },
  { name: '--open', args: `-n -p 20-25 --open -oA open ${FULL}` },
  {
    name: '--open by connect of several hosts',
    args: `-n -sT -p 22,80,111 --open ${FULL} ${STEALTH} ${NETWORK}.7`,
  },
  { name: '--open, -v', args: `-n -v -p 20-25,111 --open -oA open ${FULL} ${NETWORK}.7` },
  { name: '--open where nothing is', args: `-n -p 111 --open -oA none ${FULL} ${NETWORK}.7` },
  { name: 'TCP and UDP in files', args: `-n -sS -sU -p T:22,111,U:53,137,111 -oA both ${FULL}` },
  { name: '-v in files', args: `-n -v -p 22,80,111,137 -oA verbose ${FULL}` },
  { name: '-vv in files', args: `-n -vv -p 1-60,80,137 -oA verbose ${FULL}` },
  { name: '-v of several hosts', args: `-n -v -p 22,111 ${FULL} ${NETWORK}.3 ${NETWORK}.8` },
  { name: '-v of a far host in files', args: `-n -v -p 22,111 -oA far ${FAR}` },
  { name: '-v of UDP and TCP', args: `-n -v -sS -sU -p T:22,111,U:53,111 -oA both ${FULL}` },
  { name: 'IPv6 by connect in files', args: `-6 -n -sT -v -p 22,111,137 -oA six ${FULL6} fd77::12` },
  { name: 'IPv6 of a stealth host in files', args: `-6 -n -p 1-100,443 -oA six fd77::12` },
  { name: 'IPv6 of an absent host, -v', args: `-6 -n -v -p 22 -oA six fd77::99 ${FULL6}` },
  { name: 'IPv6 in files', args: `-6 -n -p 8,22,111,137,20000 --reason -oA six ${FULL6}` },
  { name: 'a network in files', args: `-n -p 22 -oA net ${NETWORK}.0/28` },
  { name: 'an unknown host in files', args: `-n -p 22 -oA unknown ${FULL} no.such.host.invalid` },
  { name: 'a named host in files', args: '-n -p 22 -oA named full.lab' },
  { name: 'who is up, in files', args: `-n -sn -oA up ${NETWORK}.0/30 ${ABSENT}` },
  { name: 'a list in files', args: `-n -sL -oA list ${NETWORK}.0/30` },
  { name: 'a UDP service in files', args: `-n -sU -p 53,137,1000-1030 -oA udp ${FULL}` },
  {
    name: 'added to a file',
    args: `-n -p 22 -oN old.txt --append-output ${FULL}`,
    files: { 'old.txt': 'kept\n' },
  },
  {
    name: 'added to all kinds of files',
    args: `-n -p 22 -oA old --append-output ${FULL}`,
    files: { 'old.nmap': 'kept\n', 'old.gnmap': 'kept\n', 'old.xml': 'kept\n' },
  },
  {
    name: 'put in the place of what was there',
    args: `-n -p 22 -oA old ${FULL}`,
    files: { 'old.nmap': 'gone\n', 'old.gnmap': 'gone\n', 'old.xml': 'gone\n' },
  },
]

/** How targets are named, and hosts that are not there. */
const HOSTS: readonly NmapCase[] = [
  { name: 'two hosts', args: `-n -p 22,80 ${FULL} ${STEALTH}` },
  { name: 'a host that is down', args: `-n -p 22 ${ABSENT}` },
  { name: 'a host that is down, -v', args: `-n -v -p 22 ${ABSENT}` },
  { name: 'a host that is down, -Pn', args: `-n -Pn -p 22,80 ${ABSENT}` },
  { name: 'a host that seems down', args: `-n --disable-arp-ping -p 22 ${DROPPED}` },
  { name: 'a host that drops all, -Pn', args: `-n -Pn -p 22,80 ${DROPPED}` },
  { name: 'an unknown host', args: '-n -p 22 no.such.host.invalid' },
  { name: 'an unknown host and another one', args: `-n -p 22 no.such.host.invalid ${FULL}` },
  { name: 'no address', args: '-n -p 22 10.77.0.256' },
  { name: 'a netmask that is too long', args: `-n -p 22 ${FULL}/33` },
  { name: 'no target', args: '-n -p 22' },
  { name: 'ranges of octets', args: `-n -p 22 ${NETWORK}.1-3,7` },
  { name: 'a star', args: `-n -sL ${NETWORK}.* --exclude ${NETWORK}.4-255` },
  { name: 'a network', args: `-n -p 22 ${NETWORK}.0/30` },
  { name: 'a network without one host', args: `-n -p 22 ${NETWORK}.0/30 --exclude ${NETWORK}.1` },
  { name: '-iL', args: '-n -p 22 -iL list.txt', files: NAMES },
  { name: '-iL of a file that is not there', args: '-n -p 22 -iL nofile' },
  { name: '--excludefile', args: `-n -p 22 ${NETWORK}.0/30 --excludefile list.txt`, files: NAMES },
  { name: 'a host twice', args: `-n -p 22 ${FULL} ${FULL}` },
  { name: 'a name', args: '-n -p 22,111 full.lab' },
  { name: 'this host', args: '-n -p 22 localhost' },
  { name: 'this host by connect, -v', args: '-n -sT -v -p 22,80 127.0.0.1' },
  { name: 'a network without a way, -Pn -sT', args: '-n -Pn -sT -p 22 192.0.2.1' },
  { name: 'a network of 256 hosts', args: `-n -p 22 --open ${NETWORK}.0/24` },
]

/** Without any right. */
const NOBODY: readonly NmapCase[] = [
  { name: 'each kind of port', args: `-n -p ${EACH} ${FULL}` },
  { name: 'each kind of port with reasons, -v', args: `-n -sT --reason -v -p ${EACH} ${FULL}` },
  { name: 'SYN', args: `-n -sS -p 22 ${FULL}` },
  { name: 'UDP', args: `-n -sU -p 53 ${FULL}` },
  { name: 'FIN', args: `-n -sF -p 53 ${FULL}` },
  { name: 'a stealth host', args: `-n -p 22,111 ${STEALTH}` },
  { name: 'who is up', args: `-n -sn --reason ${FULL}` },
].map((one) => ({ ...one, name: `as nobody: ${one.name}`, asNobody: true }))

/** Command lines that are wrong. */
const MISTAKES: readonly NmapCase[] = [
  { name: 'an unknown option', args: `--foo ${FULL}` },
  { name: 'an option without its value', args: '-p' },
  { name: 'an unknown template', args: `-T9 ${FULL}` },
  { name: 'a rate that is no number', args: `--min-rate abc ${FULL}` },
  { name: 'a least rate above the most', args: `--min-rate 100 --max-rate 10 -p22 ${FULL}` },
  { name: '-F with -p', args: `-n -F -p 22 ${FULL}` },
  { name: '-p twice', args: `-n -p 22 -p 80 ${FULL}` },
  { name: '-sn with -p', args: `-n -sn -p 22 ${FULL}` },
  { name: 'no popular ports', args: `-n --top-ports 0 ${FULL}` },
]

/** By group. */
export const NMAP_CASES = {
  ports: PORTS,
  kinds: KINDS,
  outputs: OUTPUTS,
  hosts: HOSTS,
  nobody: NOBODY,
  mistakes: MISTAKES,
} as const satisfies Readonly<Record<string, readonly NmapCase[]>>
