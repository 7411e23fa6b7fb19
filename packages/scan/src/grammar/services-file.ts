import type { Transport } from '@portkit/core'

/** What a services file says: nmap's own, or services(5). Ports as numbers from 1. */
export interface ServicesFile {
  nameOf(port: number, protocol: Transport): string | undefined
  /** Ports with an entry, ascending. */
  ports(protocol: Transport): readonly number[]
}

const PORTS = 65_536
/** Text beyond this length is not looked at. */
const LONGEST_FILE = 2 ** 24
const LONGEST_NAME = 64
const BLANK = 32
const NEWLINE = 10
const HASH = 35
const ZERO = 48

/** Ports that are looked for one by one. */
const FEW = 16

/**
 * Reads `name port/protocol …` a line, as in nmap's services file and in services(5). The text is kept, and names are cut
 * out of it when they are asked for. nmap's has a megabyte, and most scans name few ports: only the lines that these are
 * in are read, until there are many. The first entry of a port holds, as with nmap; lines that are no entry of TCP or UDP
 * are skipped.
 */
export function parseServicesFile(whole: string): ServicesFile {
  const text = whole.slice(0, LONGEST_FILE)
  // Where the name of each port begins in the text, counted from 1; 0 is none.
  const places = { tcp: new Uint32Array(PORTS), udp: new Uint32Array(PORTS) }
  let looks = 0
  const readAll = (): void => {
    if (looks > FEW) return
    looks = FEW + 1
    readLines(text, '', (port, protocol, place) => {
      if (places[protocol][port] === 0) places[protocol][port] = place
      return false
    })
  }
  const ask = (wanted: number, transport: Transport): void => {
    if (looks >= FEW) {
      readAll()
      return
    }
    looks += 1
    readLines(text, `${wanted}/${transport}`, (port, protocol, place) => {
      // A name or a comment may have the word in it, too.
      if (port !== wanted || protocol !== transport) return false
      places[protocol][port] = place
      return true
    })
  }
  return {
    nameOf(port, protocol) {
      if (places[protocol][port] === 0) ask(port, protocol)
      const place = places[protocol][port] ?? 0
      return place === 0 ? undefined : text.slice(place - 1, wordEnd(text, place - 1))
    },
    ports(protocol) {
      readAll()
      const ports: number[] = []
      const own = places[protocol]
      for (let port = 1; port < PORTS; port += 1) if (own[port] !== 0) ports.push(port)
      return ports
    },
  }
}

/** An entry, and where its name begins in the text, counted from 1. True when no other one is wanted. */
type Take = (port: number, protocol: Transport, place: number) => boolean

/** Reads the lines that have that word in them, in their order. */
function readLines(text: string, word: string, take: Take): void {
  for (let at = text.indexOf(word); at >= 0 && at < text.length; ) {
    const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    if (text.charCodeAt(start) !== HASH && readLine(text, start, end, take)) return
    at = text.indexOf(word, end + 1)
  }
}

function readLine(text: string, start: number, end: number, take: Take): boolean {
  const name = skipBlanks(text, start)
  const nameEnd = wordEnd(text, name)
  if (nameEnd === name || nameEnd - name > LONGEST_NAME || text.charCodeAt(name) === HASH) return false
  let at = skipBlanks(text, nameEnd)
  let port = 0
  for (let digit = digitAt(text, at); digit >= 0 && port < PORTS; digit = digitAt(text, at)) {
    port = port * 10 + digit
    at += 1
  }
  const protocol = at + 4 <= end ? protocolAt(text, at) : undefined
  return protocol !== undefined && port >= 1 && port < PORTS && take(port, protocol, name + 1)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code <= BLANK && code !== NEWLINE; code = text.charCodeAt(at)) at += 1
  return at
}

/** Behind the last character that is printable ASCII. */
function wordEnd(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code > BLANK && code < 127; code = text.charCodeAt(at)) at += 1
  return at
}

/** -1 where there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO
  return digit >= 0 && digit <= 9 ? digit : -1
}

function protocolAt(text: string, at: number): Transport | undefined {
  if (wordEnd(text, at) !== at + 4) return undefined
  if (text.startsWith('/tcp', at)) return 'tcp'
  return text.startsWith('/udp', at) ? 'udp' : undefined
}
