import type { Dialogue } from '../../dialogue/dialogue.ts'
import { concat } from '../../octets/octets.ts'
import { digest, type Exchange, methodOf } from './ssh-exchange.ts'
import { type HostKey, hostKeyIn, isSigned } from './ssh-host-key.ts'
import { identification, OUR_LINE, OURS } from './ssh-identification.ts'
import { type KexLists, kexInit, MESSAGE, message } from './ssh-kexinit.ts'
import { mpint, octet, string, stringsIn, text } from './ssh-octets.ts'

/** Kinds of keys, each with its algorithms, the best first. A server has at most one key of each kind. */
const KINDS: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
]

/**
 * The server's keys, each over a connection of its own, which is ended before anything is encrypted: `ssh-ed25519
 * SHA256:… (256 bits)`. Only keys that the server has proved to have, by a signature over our exchange.
 */
export async function fetchHostKeys(
  dialogue: Dialogue,
  algorithms: readonly string[],
): Promise<readonly string[]> {
  const keys: string[] = []
  let current: Dialogue | undefined = dialogue
  for (const kind of KINDS) {
    const algorithm = kind.find((name) => algorithms.includes(name))
    if (algorithm === undefined) continue
    current = await current.again()
    if (current === undefined) return keys
    const key = await hostKey(current, algorithm)
    if (key !== undefined) keys.push(`${key.type} ${key.fingerprint} (${key.bits} bits)`)
  }
  return keys
}

async function hostKey(dialogue: Dialogue, algorithm: string): Promise<HostKey | undefined> {
  const theirs = await dialogue.receive(identification)
  await dialogue.send(OURS)
  const offer = await dialogue.receive(kexInit)
  const method = offer && methodOf(offer.lists.keyExchange)
  if (theirs === undefined || offer === undefined || method === undefined) return undefined
  const exchange = method.begin()
  const ours = ourKexInit(dialogue, offer.lists, method.name, algorithm)
  const initial = concat(octet(MESSAGE.kexInitial), string(exchange.ours))
  await dialogue.send(concat(packed(ours), packed(initial)))
  const reply = await dialogue.receive(message(MESSAGE.kexReply))
  if (reply === undefined) return undefined
  const before = concat(text(OUR_LINE), latin1String(theirs.line), string(ours), string(offer.payload))
  return proved(reply, before, exchange)
}

const latin1String = (line: string): Uint8Array => string(Uint8Array.from(line, (c) => c.charCodeAt(0)))

/** RFC 5656 section 4: the key in the reply, if the signature over the exchange hash is by it. */
function proved(reply: Uint8Array, before: Uint8Array, exchange: Exchange): HostKey | undefined {
  const [blob, theirs, signature] = stringsIn(reply.subarray(1)) ?? []
  if (blob === undefined || theirs === undefined || signature === undefined) return undefined
  const key = hostKeyIn(blob)
  const secret = secretOf(exchange, theirs)
  if (key === undefined || secret === undefined) return undefined
  const hashed = concat(before, string(blob), string(exchange.ours), string(theirs), mpint(secret))
  return isSigned(digest(exchange.hash, hashed), signature, key) ? key : undefined
}

/** undefined where what was sent is no public key. */
function secretOf(exchange: Exchange, theirs: Uint8Array): Uint8Array | undefined {
  try {
    return exchange.secret(theirs)
  } catch {
    return undefined
  }
}

/**
 * RFC 4253 section 7.1. Of ciphers, MACs and compression the server's own lists are given back: all are agreed on, and
 * none will ever be used.
 */
function ourKexInit(dialogue: Dialogue, lists: KexLists, method: string, algorithm: string): Uint8Array {
  const cookie = new Uint8Array(16)
  const view = new DataView(cookie.buffer)
  for (let at = 0; at < 16; at += 4) view.setUint32(at, dialogue.random())
  const names = [
    [method],
    [algorithm],
    lists.ciphersToServer,
    lists.ciphers,
    lists.macsToServer,
    lists.macs,
    lists.compressionToServer,
    lists.compression,
    [],
    [],
  ].map((list) => text(list.join(',')))
  return concat(octet(MESSAGE.kexInit), cookie, ...names, octet(0), new Uint8Array(4))
}

/** RFC 4253 section 6: to a multiple of eight octets, with at least four of padding. */
function packed(payload: Uint8Array): Uint8Array {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8)
  const head = new Uint8Array(5)
  new DataView(head.buffer).setUint32(0, 1 + payload.length + padding)
  head[4] = padding
  return concat(head, payload, new Uint8Array(padding))
}
