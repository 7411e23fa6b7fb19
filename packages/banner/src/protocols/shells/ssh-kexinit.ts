import type { Reader } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import type { Details } from '../../model/service.ts'

/** Algorithms, the best first (RFC 4253 section 7.1). Those from client to server are left out of what is told. */
export interface KexLists {
  readonly keyExchange: readonly string[]
  readonly hostKeys: readonly string[]
  readonly ciphersToServer: readonly string[]
  readonly ciphers: readonly string[]
  readonly macsToServer: readonly string[]
  readonly macs: readonly string[]
  readonly compressionToServer: readonly string[]
  readonly compression: readonly string[]
}

export interface KexInit {
  readonly lists: KexLists
  /** The whole message: it is part of what is signed. */
  readonly payload: Uint8Array
}

export const MESSAGE = {
  disconnect: 1,
  ignore: 2,
  debug: 4,
  kexInit: 20,
  kexInitial: 30,
  kexReply: 31,
} as const

/** RFC 4253 section 6.1: octets of a packet that everybody has to take. */
const MOST_PACKET = 35_000

/** An unencrypted packet's payload (RFC 4253 section 6): uint32 length, octet padding length, payload, padding. */
const packet: Reader<Uint8Array> = (octets) => {
  if (octets.length < 5) return 'more'
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const length = view.getUint32(0)
  const padding = view.getUint8(4)
  if (length > MOST_PACKET || length < padding + 2) return undefined
  if (octets.length < 4 + length) return 'more'
  return { value: octets.slice(5, 4 + length - padding), length: 4 + length }
}

/** Packets of other kinds that may come before the one that is waited for. */
const MOST_BEFORE = 5

/** The payload of the first packet with that message; those to be ignored are passed over (RFC 4253 section 11). */
export function message(number: number, mostBefore = MOST_BEFORE): Reader<Uint8Array> {
  return (octets, ended) => {
    const taken = packet(octets, ended)
    if (taken === undefined || taken === 'more') return taken
    const [kind] = taken.value
    if (kind === number) return taken
    if (mostBefore === 0 || (kind !== MESSAGE.ignore && kind !== MESSAGE.debug)) return undefined
    const next = message(number, mostBefore - 1)(octets.subarray(taken.length), ended)
    return next === undefined || next === 'more' ? next : { ...next, length: taken.length + next.length }
  }
}

/** A server's KEXINIT. */
export const kexInit: Reader<KexInit> = (octets, ended) => {
  const taken = message(MESSAGE.kexInit)(octets, ended)
  if (taken === undefined || taken === 'more') return taken
  const lists = listsIn(taken.value)
  return lists && { value: { lists, payload: taken.value }, length: taken.length }
}

/** Behind the message's number and the cookie. */
const LISTS_AT = 17
const MOST_NAMES = 100

function listsIn(payload: Uint8Array): KexLists | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const lists: (readonly string[])[] = []
  let at = LISTS_AT
  while (lists.length < 10) {
    if (at + 4 > payload.length) return undefined
    const length = view.getUint32(at)
    if (at + 4 + length > payload.length) return undefined
    lists.push(namesIn(payload.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  const [keyExchange = [], hostKeys = [], ciphersToServer = [], ciphers = [], macsToServer = []] = lists
  const [macs = [], compressionToServer = [], compression = []] = lists.slice(5)
  return {
    keyExchange,
    hostKeys,
    ciphersToServer,
    ciphers,
    macsToServer,
    macs,
    compressionToServer,
    compression,
  }
}

const namesIn = (octets: Uint8Array): readonly string[] =>
  latin1(octets)
    .split(',', MOST_NAMES)
    .filter((name) => name !== '')
    .map((name) => clip(name, 80))

/** The lists as details of a service. */
export function listed(lists: KexLists): Details {
  return {
    'host key algorithms': lists.hostKeys,
    'key exchange': lists.keyExchange,
    ciphers: lists.ciphers,
    macs: lists.macs,
    compression: lists.compression,
  }
}
