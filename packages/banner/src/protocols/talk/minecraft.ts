import { clipped } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details, Service } from '../../model/service.ts'
import { read16 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'
import { at, objectOf, textAt } from '../kit/json.ts'

/** The largest answer that is waited for: a picture of 64 times 64 dots may be in it. */
const LARGEST = 60_000
const LONGEST_HOST = 255

/** `§1` and two octets of zero, as UTF-16 with its high octets first: how old servers' answers begin. */
const LEGACY_START = [0x00, 0xa7, 0x00, 0x31, 0x00, 0x00]

/**
 * Minecraft's server list ping (its wiki's "Server List Ping"): handshake and status request; the answer
 * is JSON.
 */
export const minecraft: Protocol = {
  name: 'minecraft',
  ports: { tcp: [25_565] },
  probe({ port, wishes }) {
    const host = new TextEncoder().encode(wishes.host).subarray(0, LONGEST_HOST)
    // Packet 0 of a handshake: protocol -1 (we only ask), where to, next state 1 (status).
    const shake = [
      0,
      0xff,
      0xff,
      0xff,
      0xff,
      0x0f,
      ...varInt(host.length),
      ...host,
      port >> 8,
      port & 0xff,
      1,
    ]
    return Uint8Array.from([...varInt(shake.length), ...shake, 1, 0])
  },
  detect(octets, { ended }) {
    if (octets[0] === 0xff) return legacy(octets, ended)
    const packet = packetOf(octets)
    if (packet === undefined) return undefined
    if (packet === 'more') return ended ? undefined : 'more'
    const { start, end } = packet
    if (hasAt(octets, start, [0x7b]) === false) return undefined
    if (end <= LARGEST && octets.length < end) return ended ? undefined : 'more'
    return end > LARGEST ? undefined : statusOf(peerText(octets.subarray(start, end)))
  },
}

interface VarInt {
  readonly value: number
  readonly next: number
}

/** Seven bits an octet, the lowest first; here of three octets at most. */
function readVarInt(octets: Uint8Array, at: number): VarInt | 'more' | undefined {
  let value = 0
  for (let i = 0; i < 3; i += 1) {
    const octet = octets[at + i]
    if (octet === undefined) return 'more'
    value |= (octet & 0x7f) << (7 * i)
    if (octet < 0x80) return { value, next: at + i + 1 }
  }
  return undefined
}

function varInt(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varInt(value >>> 7)]
}

/** Where the text of a status response is: length, packet 0, the text's length, which must fit the first. */
function packetOf(octets: Uint8Array): { start: number; end: number } | 'more' | undefined {
  const whole = readVarInt(octets, 0)
  if (whole === undefined || whole === 'more') return whole
  const { value: length, next } = whole
  if (length < 4) return undefined
  if (octets[next] === undefined) return 'more'
  if (octets[next] !== 0) return undefined
  const text = readVarInt(octets, next + 1)
  if (text === undefined || text === 'more') return text
  return text.next + text.value === next + length ? { start: text.next, end: next + length } : undefined
}

function statusOf(text: string): Service | undefined {
  const status = objectOf(text)
  const name = clipped(textAt(status, 'version', 'name'))
  if (name === undefined) return undefined
  const numbers = {
    protocol: at(status, 'version', 'protocol'),
    players: at(status, 'players', 'online'),
    'most players': at(status, 'players', 'max'),
  }
  const words = textAt(status, 'description') ?? textAt(status, 'description', 'text')
  return told(name, { ...whole(numbers), ...description(words) })
}

/** `1.20.4` is a version; `Paper 1.20.4` names a server and the game's version, not that server's own. */
function told(name: string, details: Details): Service {
  const isVersion = /^\d[\w.+-]*$/.test(name)
  return {
    protocol: 'minecraft',
    product: 'Minecraft',
    ...(isVersion ? { version: name } : { info: name }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

function whole(numbers: Readonly<Record<string, unknown>>): Details {
  const found = Object.entries(numbers).flatMap(([name, value]) =>
    Number.isSafeInteger(value) ? [[name, Number(value)] as const] : [],
  )
  return Object.fromEntries(found)
}

function description(text: string | undefined): Details {
  const short = clipped(text)
  return short === undefined ? {} : { description: short }
}

/**
 * Before 1.7: a kick whose reason is `§1`, protocol, version, description, players and most players, with
 * zeros between.
 */
function legacy(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  if (hasAt(octets, 3, LEGACY_START) === false) return undefined
  const end = 3 + 2 * read16(octets, 1)
  if (octets.length >= 3 && (end < 11 || end > 1000)) return undefined
  if (octets.length < Math.max(end, 3 + LEGACY_START.length)) return ended ? undefined : 'more'
  const characters: number[] = []
  for (let at = 3; at < end; at += 2) characters.push(read16(octets, at))
  const [, , version, text, players, most] = String.fromCharCode(...characters).split('\0')
  const name = clipped(version)
  if (name === undefined) return undefined
  const numbers = whole({ players: numberOf(players), 'most players': numberOf(most) })
  return told(name, { ...numbers, ...description(text) })
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
