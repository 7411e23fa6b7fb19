import { err, escapeControl, type Line, out, type Sighting } from '@portkit/core'
import { errorText } from './error-text.ts'

/** hping3's table begins with these three lines. */
const RULE = '+----+-----------+---------+---+-----+-----+-----+'
const TITLES = '|port| serv name |  flags  |ttl| id  | win | len |'

const NAME_WIDTH = 11
/** The columns of hping3, which writes a Y for URG, too: where a letter stands tells which flag it is. */
const COLUMNS = [
  [0x01, 'F'],
  [0x02, 'S'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, 'A'],
  [0x20, 'Y'],
  [0x40, 'X'],
  [0x80, 'Y'],
] as const

/** A port and its service's name; undefined when it has none. */
export interface NamedPort {
  readonly port: number
  readonly service: string | undefined
}

/** Who is scanned; `host` and `ports` as the user typed them, `count` of the ports that they are. */
export interface Scan {
  readonly host: string
  readonly address: string
  readonly ports: string
  readonly count: number
}

/** The five lines before the rows. */
export function scanHeader({ host, address, ports, count }: Scan): Line {
  return err(
    `Scanning ${escapeControl(host)} (${escapeControl(address)}), port ${escapeControl(ports)}\n` +
      `${count} ports to scan, use -V to see all the replies\n` +
      `${RULE}\n${TITLES}\n${RULE}\n`,
  )
}

/**
 * `   22 ssh        : .S..A...  64     0 64240    44`, of an answer or an ICMP error. Columns that the answer does not
 * have, as flags and window over UDP, or the id over IPv6, are blank.
 */
export function scanRow(named: NamedPort, sighting: Sighting): Line {
  const { port, service } = named
  const name = nameOf(service).padEnd(NAME_WIDTH)
  return out(`${String(port).padStart(5)} ${name}: ${foundText(sighting)}\n`)
}

function nameOf(service: string | undefined): string {
  return escapeControl(service ?? '').slice(0, NAME_WIDTH)
}

function foundText(sighting: Sighting): string {
  if (sighting.kind === 'icmp-error') return errorText(sighting)
  const { ttl, id } = 'ttl' in sighting ? sighting : { ttl: undefined, id: undefined }
  const { flags, window } = sighting.kind === 'tcp' ? sighting : { flags: undefined, window: undefined }
  const numbers = [column(ttl, 3), column(id, 5), column(window, 5), column(sighting.length, 5)]
  return [flagColumns(flags), ...numbers].join(' ')
}

function flagColumns(flags: number | undefined): string {
  if (flags === undefined) return ' '.repeat(COLUMNS.length)
  return COLUMNS.map(([bit, letter]) => ((flags & bit) === 0 ? '.' : letter)).join('')
}

function column(value: number | undefined, width: number): string {
  return String(value ?? '').padStart(width)
}

/** hping3 says so also when there were ports that did not reply: those come next. */
export function scanDone(): Line {
  return err('All replies received. Done.\n')
}

/** `Not responding ports: (137 netbios-ns) (138 ) ` with its blank at the end. */
export function notResponding(ports: Iterable<NamedPort>): Line {
  const parts = Array.from(ports, ({ port, service }) => `(${port} ${nameOf(service)}) `)
  return out(`Not responding ports: ${parts.join('')}\n`)
}
