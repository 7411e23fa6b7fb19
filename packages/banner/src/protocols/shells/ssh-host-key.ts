import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { latin1 } from '../../dialogue/readers.ts'
import { magnitude, stringsIn } from './ssh-octets.ts'

/** A server's public key as it is sent. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  readonly type: string
  readonly bits: number
  readonly key: KeyObject
  /** As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string
}

const CURVES: Readonly<Record<string, { readonly crv: string; readonly bits: number }>> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', bits: 256 },
  'ecdsa-sha2-nistp384': { crv: 'P-384', bits: 384 },
  'ecdsa-sha2-nistp521': { crv: 'P-521', bits: 521 },
}

/** RSA keys are bounded, since checking takes time with their size. */
const MOST_RSA_OCTETS = 2048
const MOST_EXPONENT_OCTETS = 8

/** Reads a key (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4); undefined for what is none. */
export function hostKeyIn(blob: Uint8Array): HostKey | undefined {
  const [name, first, second] = stringsIn(blob) ?? []
  if (name === undefined || first === undefined) return undefined
  const type = latin1(name)
  const read = jwkOf(type, first, second)
  if (read === undefined) return undefined
  const hash = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  try {
    const key = createPublicKey({ key: read.jwk, format: 'jwk' })
    return { type, bits: read.bits, key, fingerprint: `SHA256:${hash}` }
  } catch {
    return undefined
  }
}

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')

function jwkOf(
  type: string,
  first: Uint8Array,
  second: Uint8Array | undefined,
): { readonly jwk: JsonWebKey; readonly bits: number } | undefined {
  if (type === 'ssh-ed25519') return { jwk: { kty: 'OKP', crv: 'Ed25519', x: base64url(first) }, bits: 256 }
  if (second === undefined) return undefined
  if (type === 'ssh-rsa') return rsa(magnitude(first), magnitude(second))
  const curve = CURVES[type]
  const length = curve === undefined ? 0 : Math.ceil(curve.bits / 8)
  // An uncompressed point: 4, x, y.
  if (curve === undefined || second.length !== 1 + 2 * length || second[0] !== 4) return undefined
  const x = base64url(second.subarray(1, 1 + length))
  const y = base64url(second.subarray(1 + length))
  return { jwk: { kty: 'EC', crv: curve.crv, x, y }, bits: curve.bits }
}

function rsa(e: Uint8Array, n: Uint8Array): { readonly jwk: JsonWebKey; readonly bits: number } | undefined {
  const [top = 0] = n
  if (top === 0 || n.length > MOST_RSA_OCTETS || e.length > MOST_EXPONENT_OCTETS) return undefined
  const bits = 8 * n.length - Math.clz32(top) + 24
  return { jwk: { kty: 'RSA', n: base64url(n), e: base64url(e) }, bits }
}

/** Hashes of the algorithms of signatures (RFC 8332, RFC 5656 section 6.2.1); Ed25519 has its own. */
const HASHES: Readonly<Record<string, string | null>> = {
  'ssh-ed25519': null,
  'rsa-sha2-512': 'sha512',
  'rsa-sha2-256': 'sha256',
  'ssh-rsa': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
}

/** Whether the signature, with its algorithm in front as it is sent, is this key's under that data. */
export function isSigned(data: Uint8Array, signature: Uint8Array, { type, bits, key }: HostKey): boolean {
  const [name, value] = stringsIn(signature) ?? []
  if (name === undefined || value === undefined) return false
  const algorithm = latin1(name)
  const hash = HASHES[algorithm]
  const fits = algorithm === type || (type === 'ssh-rsa' && algorithm.startsWith('rsa-sha2-'))
  if (hash === undefined || !fits) return false
  try {
    if (!type.startsWith('ecdsa-')) return verify(hash, data, key, value)
    const pair = twoNumbers(value, Math.ceil(bits / 8))
    return pair !== undefined && verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, pair)
  } catch {
    return false
  }
}

/** r and s of the same length, one behind the other. */
function twoNumbers(value: Uint8Array, length: number): Uint8Array | undefined {
  const numbers = stringsIn(value)?.map(magnitude) ?? []
  const [r, s] = numbers
  if (r === undefined || s === undefined || r.length > length || s.length > length) return undefined
  const out = new Uint8Array(2 * length)
  out.set(r, length - r.length)
  out.set(s, 2 * length - s.length)
  return out
}
