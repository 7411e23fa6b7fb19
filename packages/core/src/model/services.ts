import { IANA_SERVICES } from './services-table.ts'
import type { Transport } from './target.ts'

/** Text beyond this length is not looked at. */
const LONGEST_FILE = 2 ** 20
const LONGEST_LINE = 1024
/** So many lookups search the text; whoever asks more gets an index. */
const FEW = 8

/** Port <-> service name. Names are looked up without regard to case (RFC 6335 section 5.1). */
export interface Services {
  /** The port of a service's name or alias. */
  portOf(name: string, transport: Transport): number | undefined
  nameOf(port: number, transport: Transport): string | undefined
}

/** The text of /etc/services, or how to get it: asked at the first lookup; one that throws counts as empty. */
export type ServicesText = string | undefined | (() => string | undefined)

/**
 * Services as /etc/services has them (services(5)), completed by well-known names of the IANA registry.
 * Nothing is read before the first lookup. Lines that are no entry are skipped; of the file only the first
 * 1,048,576 characters count, and no line of more than 1024.
 */
export function createServices(etcServices?: ServicesText): Services {
  const file = createFileServices(() => textOf(etcServices).slice(0, LONGEST_FILE), regardlessOfCase)
  const table = createTableServices()
  return {
    portOf: (name, transport) => file.portOf(name, transport) ?? table.portOf(name, transport),
    nameOf: (port, transport) => file.nameOf(port, transport) ?? table.nameOf(port, transport),
  }
}

/**
 * Services as the system's own tools know them (getservbyname(3), getservbyport(3)): names are exact, and nothing
 * counts but the file. Only where that is missing, as in small images, do the names of the IANA registry stand in.
 */
export function createSystemServices(etcServices?: ServicesText): Services {
  let text: string | undefined
  const read = (): string => {
    text ??= textOf(etcServices).slice(0, LONGEST_FILE)
    return text
  }
  const file = createFileServices(read, asItIs)
  const table = createTableServices()
  const isLower = (name: string): boolean => name === name.toLowerCase()
  return {
    portOf(name, transport) {
      if (read() !== '') return file.portOf(name, transport)
      return isLower(name) ? table.portOf(name, transport) : undefined
    },
    nameOf: (port, transport) => (read() === '' ? table : file).nameOf(port, transport),
  }
}

/**
 * The ports that have a name in /etc/services, whatever the protocol, as getservbyport(3) without one finds them,
 * ascending; where that file is missing, those of the IANA registry's well-known names.
 */
export function knownPorts(etcServices?: ServicesText): readonly number[] {
  const text = textOf(etcServices).slice(0, LONGEST_FILE)
  const named = text === '' ? tablePorts() : filePorts(text)
  return [...new Set(named)].filter((port) => port >= 1 && port <= 65_535).sort((a, b) => a - b)
}

function filePorts(text: string): readonly number[] {
  return [...text.matchAll(/^[^\S\n]*[^\s#]{1,64}[^\S\n]+(\d{1,5})[/,][a-z]/gim)].map(([, port]) =>
    Number(port),
  )
}

function tablePorts(): readonly number[] {
  const { tcp, udp, both } = IANA_SERVICES
  return [...`${tcp} ${udp} ${both}`.matchAll(/ (\d+):/g)].map(([, port]) => Number(port))
}

function textOf(source: ServicesText): string {
  if (typeof source !== 'function') return source ?? ''
  try {
    return source() ?? ''
  } catch {
    // Names are a courtesy: a file that cannot be read must not stop a probe.
    return ''
  }
}

/** How names are compared. */
type Fold = (name: string) => string
const asItIs: Fold = (name) => name
const regardlessOfCase: Fold = (name) => name.toLowerCase()

/** The first mention of a port or a name holds, as in getservbyname(3). */
function createFileServices(read: () => string, fold: Fold): Services {
  let content: string | undefined
  let index: Index | undefined
  let searches = 0
  const text = (): string => {
    content ??= read()
    return content
  }
  const indexed = (): Index => {
    index ??= indexOf(text(), fold)
    return index
  }

  return {
    portOf: (name, transport) => indexed().ports.get(`${fold(name)}/${transport}`),
    nameOf(port, transport) {
      searches += 1
      // One name is what most runs need, and the index would cost more than a millisecond at start.
      if (index === undefined && searches <= FEW) return search(text(), port, transport)
      return indexed().names.get(`${port}/${transport}`)
    },
  }
}

interface Entry {
  readonly port: number
  readonly transport: Transport
  readonly name: string
  readonly aliases: readonly string[]
}

function search(text: string, port: number, transport: Transport): string | undefined {
  const digits = String(port)
  for (let at = text.indexOf(digits); at !== -1; ) {
    const line = lineAt(text, at)
    const entry = parseLine(line.text)
    if (entry?.port === port && entry.transport === transport) return entry.name
    at = text.indexOf(digits, line.end)
  }
  return undefined
}

interface Index {
  readonly ports: ReadonlyMap<string, number>
  readonly names: ReadonlyMap<string, string>
}

function indexOf(text: string, fold: Fold): Index {
  const ports = new Map<string, number>()
  const names = new Map<string, string>()
  for (let at = 0; at < text.length; ) {
    const line = lineAt(text, at)
    const entry = parseLine(line.text)
    if (entry !== undefined) {
      const { port, transport, name, aliases } = entry
      putOnce(names, `${port}/${transport}`, name)
      for (const one of [name, ...aliases]) putOnce(ports, `${fold(one)}/${transport}`, port)
    }
    at = line.end
  }
  return { ports, names }
}

function putOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value)
}

/** The line around a place, and where the next one starts. */
function lineAt(text: string, at: number): { readonly text: string; readonly end: number } {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
  const newline = text.indexOf('\n', at)
  const end = newline === -1 ? text.length : newline
  return { text: end - start > LONGEST_LINE ? '' : text.slice(start, end), end: end + 1 }
}

/**
 * `name  port/protocol  [alias …]  [# comment]` (services(5)). A name is printable ASCII with a letter:
 * RFC 6335 allows less, but files hold `whois++` and `z39.50`.
 */
function parseLine(line: string): Entry | undefined {
  const [, name, digits, transport, rest = ''] = LINE.exec(line) ?? []
  const port = Number(digits)
  if (name === undefined || !NAME.test(name) || port < 1 || port > 65_535) return undefined
  return {
    port,
    transport: transport?.toLowerCase() === 'udp' ? 'udp' : 'tcp',
    name,
    aliases: rest.split(/\s+/).filter((alias) => NAME.test(alias)),
  }
}

const LINE = /^\s*([^\s#]{1,64})\s+(\d{1,5})[/,](tcp|udp)(?:\s+([^#]*)|#|$)/i
const NAME = /^(?=.*[a-z])[!-~]{1,64}$/i

/** Searches the table as it is: that takes some microseconds, and an index would have to be built first. */
function createTableServices(): Services {
  const { both } = IANA_SERVICES
  return {
    portOf: (name, transport) => portIn(IANA_SERVICES[transport], name) ?? portIn(both, name),
    nameOf: (port, transport) => nameIn(IANA_SERVICES[transport], port) ?? nameIn(both, port),
  }
}

function nameIn(table: string, port: number): string | undefined {
  const key = ` ${port}:`
  const at = table.indexOf(key)
  return at === -1 ? undefined : /^[^/\s]+/.exec(table.slice(at + key.length, at + key.length + 64))?.[0]
}

function portIn(table: string, name: string): number | undefined {
  const key = name.toLowerCase()
  if (!/^[^\s:/]+$/.test(key)) return undefined
  for (let at = table.indexOf(key); at !== -1; at = table.indexOf(key, at + 1)) {
    const isWhole = /[:/]/.test(table.charAt(at - 1)) && /[\s/]/.test(table.charAt(at + key.length))
    if (isWhole) return Number.parseInt(table.slice(table.lastIndexOf(' ', at) + 1), 10)
  }
  return undefined
}
