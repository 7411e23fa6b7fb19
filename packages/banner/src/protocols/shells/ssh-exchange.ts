import { createECDH, createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'

/** Our half of a key exchange: what is sent, and what comes of the server's half. */
export interface Exchange {
  /** Our ephemeral public key. */
  readonly ours: Uint8Array
  readonly hash: string
  /** The shared secret, the most significant octet first. @throws where the server's key is none */
  secret(theirs: Uint8Array): Uint8Array
}

/** RFC 8731: keys of X25519. */
function x25519(): Exchange {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return {
    ours: Buffer.from(x, 'base64url'),
    hash: 'sha256',
    secret(theirs) {
      const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirs).toString('base64url') }
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) })
    },
  }
}

/** RFC 5656: points of NIST's curves, uncompressed. */
function ecdh(curve: string, hash: string): Exchange {
  const own = createECDH(curve)
  return { ours: own.generateKeys(), hash, secret: (theirs) => own.computeSecret(theirs) }
}

/** The methods in the order in which they are tried. */
const METHODS: readonly (readonly [string, () => Exchange])[] = [
  ['curve25519-sha256', x25519],
  ['curve25519-sha256@libssh.org', x25519],
  ['ecdh-sha2-nistp256', () => ecdh('prime256v1', 'sha256')],
  ['ecdh-sha2-nistp384', () => ecdh('secp384r1', 'sha384')],
  ['ecdh-sha2-nistp521', () => ecdh('secp521r1', 'sha512')],
]

/** The first method that the server has as well. */
export function methodOf(offered: readonly string[]): { name: string; begin: () => Exchange } | undefined {
  const found = METHODS.find(([name]) => offered.includes(name))
  return found && { name: found[0], begin: found[1] }
}

export function digest(hash: string, octets: Uint8Array): Uint8Array {
  return createHash(hash).update(octets).digest()
}
