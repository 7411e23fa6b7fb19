import { type Transport, UsageError } from '@portkit/core'
import type { PortNames } from './service-names.ts'

/** The ports that a specification names. */
export interface NamedPorts {
  /** 1 at each port that is named. */
  readonly tcp: Uint8Array
  readonly udp: Uint8Array
  /** Was a port named twice? */
  readonly hasDuplicates: boolean
}

/** Whom the ports that follow are for; the last two of nmap's are understood and left out. */
type Side = Transport | 'sctp' | 'ip'

const SIDES = { T: 'tcp', U: 'udp', S: 'sctp', P: 'ip' } as const satisfies Record<string, Side>

const PORTS = 65_536
const HIGHEST_PROTOCOL = 255
/** nmap 7.93 takes no mask of this length. */
const TOO_LONG_MASK = 127
/** How many ports a specification may name, repetitions included, and what a mask costs: 64 times all ports. */
const MOST_NAMED = 2 ** 22
const MASK_COST = 2 ** 12

const FORM = 'Example of proper form: "-100,200-1024,T:3000-4000,U:60000-"'

interface Reading {
  readonly text: string
  readonly names: PortNames
  at: number
  sides: readonly Side[]
  /** Inside of brackets: the sides that hold outside. */
  outside: readonly Side[] | undefined
  readonly flags: Readonly<Record<Side, Uint8Array>>
  readonly known: Map<Transport, ReadonlySet<number>>
  named: number
  hasDuplicates: boolean
}

/**
 * Reads what -p takes, as nmap 7.93 does (seen, case by case): items with commas between, each a port, a range, a mask
 * of service names, or brackets around items of which only ports with an entry in the services file are meant; `T:` and
 * the like in front of an item change whom the rest is for. White space in front of an item is skipped.
 * @throws UsageError with nmap's sentence
 */
export function readPortItems(text: string, wanted: readonly Transport[], names: PortNames): NamedPorts {
  const flagsOf = () => new Uint8Array(PORTS)
  const flags = { tcp: flagsOf(), udp: flagsOf(), sctp: flagsOf(), ip: flagsOf() }
  const reading: Reading = {
    text,
    names,
    at: 0,
    sides: wanted,
    outside: undefined,
    flags,
    known: new Map(),
    named: 0,
    hasDuplicates: false,
  }
  do readItem(reading)
  while (reading.at < text.length)
  if (!Object.values(flags).some((side) => side.includes(1))) {
    throw new UsageError("No ports specified -- If you really don't want to scan any ports use ping scan...")
  }
  return { tcp: flags.tcp, udp: flags.udp, hasDuplicates: reading.hasDuplicates }
}

const illegal = (code: number): UsageError =>
  new UsageError(`Error #${code}: Your port specifications are illegal.  ${FORM}`)

function readItem(reading: Reading): void {
  skipSpace(reading)
  const { text, at } = reading
  const first = text.charAt(at)
  if (first === ']' && reading.outside !== undefined) closeBrackets(reading)
  else if (first !== '' && text.charAt(at + 1) === ':') changeSides(reading, first)
  else if (first === '[') openBrackets(reading)
  else if (first === ']') throw new UsageError('Unexpected ] character in port/protocol specification')
  else if (/[a-z*?]/.test(first)) readMask(reading)
  else if (/[\d-]/.test(first)) readRange(reading)
  else throw illegal(485)
}

function skipSpace(reading: Reading): void {
  while (/\s/.test(reading.text.charAt(reading.at))) reading.at += 1
}

function skipComma(reading: Reading): void {
  if (reading.text.charAt(reading.at) === ',') reading.at += 1
}

function changeSides(reading: Reading, letter: string): void {
  if (!isSide(letter)) {
    throw new UsageError(`Error parsing port list: Unknown protocol specifier '${letter}'.`)
  }
  reading.sides = [SIDES[letter]]
  reading.at += 2
}

export function isSide(letter: string): letter is keyof typeof SIDES {
  return Object.hasOwn(SIDES, letter)
}

function openBrackets(reading: Reading): void {
  if (reading.outside !== undefined) {
    throw new UsageError("Can't nest [] brackets in port/protocol specification")
  }
  reading.outside = reading.sides
  reading.at += 1
  // Something has to follow the bracket.
  if (reading.at === reading.text.length) throw illegal(485)
}

function closeBrackets(reading: Reading): void {
  reading.sides = reading.outside ?? reading.sides
  reading.outside = undefined
  reading.at += 1
  skipComma(reading)
}

function readMask(reading: Reading): void {
  const { text, at, names, sides } = reading
  const [mask = ''] = /^[^\s,\]]*/.exec(text.slice(at, at + TOO_LONG_MASK)) ?? []
  if (mask.length >= TOO_LONG_MASK) {
    throw new UsageError('A service mask in the port/protocol specification is either malformed or too long')
  }
  reading.at += mask.length
  count(reading, MASK_COST)
  let found = 0
  for (const side of sides) {
    if (side === 'sctp' || side === 'ip') {
      // There are no names for these: the mask is taken for good, since what it means is left out anyway.
      reading.flags[side][0] = 1
      found += 1
    } else {
      const ports = names.portsNamed(mask, side)
      for (const port of ports) mark(reading, side, port)
      found += ports.length
    }
  }
  if (found === 0) {
    throw new UsageError(`Found no matches for the service mask '${mask}' and your specified protocols`)
  }
  skipComma(reading)
}

function readRange(reading: Reading): void {
  const isOpen = reading.text.charAt(reading.at) === '-'
  const from = isOpen ? lowest(reading) : readNumber(reading)
  skipSpace(reading)
  const isRange = reading.text.charAt(reading.at) === '-'
  const to = isRange ? readEnd(reading) : from
  if (to < from) {
    const what = isOfProtocols(reading) ? 'protocol' : 'port'
    throw new UsageError(`Your ${what} range ${from}-${to} is backwards. Did you mean ${to}-${from}?`)
  }
  markRange(reading, from, to)
  skipSpace(reading)
  if (!isItemEnd(reading)) throw illegal(isRange ? 488 : 487)
  skipComma(reading)
}

function readEnd(reading: Reading): number {
  reading.at += 1
  if (isItemEnd(reading)) return highest(reading)
  if (/\d/.test(reading.text.charAt(reading.at))) return readNumber(reading)
  throw illegal(486)
}

function isItemEnd({ text, at }: Reading): boolean {
  return at === text.length || text.charAt(at) === ',' || text.charAt(at) === ']'
}

const isOfProtocols = ({ sides }: Reading): boolean => sides.includes('ip')
const lowest = (reading: Reading): number => (isOfProtocols(reading) ? 0 : 1)
const highest = (reading: Reading): number => (isOfProtocols(reading) ? HIGHEST_PROTOCOL : PORTS - 1)

function readNumber(reading: Reading): number {
  let value = 0
  for (; /\d/.test(reading.text.charAt(reading.at)); reading.at += 1) {
    value = Math.min(value * 10 + Number(reading.text.charAt(reading.at)), PORTS)
  }
  if (value <= highest(reading)) return value
  const what = isOfProtocols(reading) ? 'Protocols' : 'Ports'
  throw new UsageError(`${what} specified must be between 0 and ${highest(reading)} inclusive`)
}

function markRange(reading: Reading, from: number, to: number): void {
  const markSide = reading.outside === undefined ? markAll : markKnown
  for (const side of reading.sides) {
    count(reading, to - from + 1)
    markSide(reading, side, from, to)
  }
}

function markAll(reading: Reading, side: Side, from: number, to: number): void {
  const flags = reading.flags[side].subarray(from, to + 1)
  if (flags.includes(1)) reading.hasDuplicates = true
  flags.fill(1)
}

function markKnown(reading: Reading, side: Side, from: number, to: number): void {
  for (let port = from; port <= to; port += 1) if (isKnown(reading, side, port)) mark(reading, side, port)
}

/** In brackets only ports count that the services file has. */
function isKnown({ known, names }: Reading, side: Side, port: number): boolean {
  if (side === 'sctp' || side === 'ip') return true
  const ports = known.get(side) ?? new Set(names.known(side))
  known.set(side, ports)
  return ports.has(port)
}

function mark(reading: Reading, side: Side, port: number): void {
  const flags = reading.flags[side]
  if (flags[port] === 1) reading.hasDuplicates = true
  flags[port] = 1
}

function count(reading: Reading, more: number): void {
  reading.named += more
  if (reading.named > MOST_NAMED) throw new UsageError('Your port specification names too many ports')
}
