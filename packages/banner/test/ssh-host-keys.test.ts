import { createECDH, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../src/octets/octets.ts'
import { hostKeyIn, isSigned } from '../src/protocols/shells/ssh-host-key.ts'
import { fetchHostKeys } from '../src/protocols/shells/ssh-host-keys.ts'
import { mpint, octet, string, stringsIn, text } from '../src/protocols/shells/ssh-octets.ts'
import { octetsOf } from './detector-kit.ts'
import { type ScriptedDialogue, scriptedDialogue, type Turn } from './scripted-dialogue.ts'

const LINE = 'SSH-2.0-test_1.0'
const base64 = (value = ''): Uint8Array => Buffer.from(value, 'base64url')

interface Signer {
  readonly algorithm: string
  readonly blob: Uint8Array
  sign(data: Uint8Array): Uint8Array
}

function ed25519(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const blob = concat(text('ssh-ed25519'), string(base64(publicKey.export({ format: 'jwk' }).x)))
  return { algorithm: 'ssh-ed25519', blob, sign: (data) => sign(null, data, privateKey) }
}

function ecdsa(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const point = concat(octet(4), base64(x), base64(y))
  const algorithm = 'ecdsa-sha2-nistp256'
  const key = { key: privateKey as KeyObject, dsaEncoding: 'ieee-p1363' as const }
  return {
    algorithm,
    blob: concat(text(algorithm), text('nistp256'), string(point)),
    sign(data) {
      const pair = sign('sha256', data, key)
      return concat(mpint(pair.subarray(0, 32)), mpint(pair.subarray(32)))
    },
  }
}

function rsa(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const blob = concat(text('ssh-rsa'), mpint(base64(e)), mpint(base64(n)))
  return { algorithm: 'rsa-sha2-512', blob, sign: (data) => sign('sha512', data, privateKey) }
}

/** A packet with four to eleven octets of padding. */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8)
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, payload.length + padding + 1)
  return concat(head, octet(padding), payload, new Uint8Array(padding))
}

const payloadOf = (octets: Uint8Array): Uint8Array => {
  const view = new DataView(octets.buffer, octets.byteOffset)
  return octets.subarray(5, 4 + view.getUint32(0) - view.getUint8(4))
}

const LISTS = ['ecdh-sha2-nistp256', 'ssh-ed25519', 'aes', 'aes', 'hmac', 'hmac', 'none', 'none', '', '']
const OFFER = concat(octet(20), new Uint8Array(16), ...LISTS.map(text), new Uint8Array(5))

/** A server that does the exchange by ecdh-sha2-nistp256, and signs with that key, perhaps wrongly. */
function serverWith(signer: Signer, spoil: (hash: Uint8Array) => Uint8Array = (hash) => hash): Turn[] {
  const answer = (sent: Uint8Array): Uint8Array => {
    const ours = payloadOf(sent)
    const at = 4 + new DataView(sent.buffer, sent.byteOffset).getUint32(0)
    const [point = new Uint8Array()] = stringsIn(payloadOf(sent.subarray(at)).subarray(1)) ?? []
    const own = createECDH('prime256v1')
    const mine = own.generateKeys()
    const parts = [text('SSH-2.0-portkit'), text(LINE), string(ours), string(OFFER), string(signer.blob)]
    const secret = mpint(own.computeSecret(point))
    const hashed = concat(...parts, string(point), string(mine), secret)
    const hash = createHash('sha256').update(hashed).digest()
    const signature = concat(text(signer.algorithm), string(signer.sign(spoil(hash))))
    return packet(concat(octet(31), string(signer.blob), string(mine), string(signature)))
  }
  return [
    { says: `${LINE}\r\n` },
    { hears: 'SSH-2.0-portkit\r\n', says: packet(OFFER) },
    { hears: () => true, says: answer },
  ]
}

const withAgain = (...again: readonly (readonly Turn[])[]): ScriptedDialogue =>
  scriptedDialogue([], { again })

const fingerprint = ({ blob }: Signer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`

describe('host keys', () => {
  it('are fetched one kind a connection, the signatures being checked', async () => {
    const keys = [ed25519(), ecdsa(), rsa()]
    const dialogue = withAgain(...keys.map((key) => serverWith(key)))
    const algorithms = ['rsa-sha2-512', 'rsa-sha2-256', 'ecdsa-sha2-nistp256', 'ssh-ed25519', 'unheard-of']
    const [one, two, three] = keys.map(fingerprint)
    expect(await fetchHostKeys(dialogue, algorithms)).toEqual([
      `ssh-ed25519 ${one} (256 bits)`,
      `ecdsa-sha2-nistp256 ${two} (256 bits)`,
      `ssh-rsa ${three} (2048 bits)`,
    ])
  })

  it.each([
    ['ed25519', ed25519],
    ['ecdsa', ecdsa],
    ['rsa', rsa],
  ])('of %s are not told when the signature is over something else', async (_, make) => {
    const signer = make()
    const spoilt = serverWith(signer, (hash) => hash.map((value) => value ^ 1))
    expect(await fetchHostKeys(withAgain(spoilt), [signer.algorithm])).toEqual([])
    expect(await fetchHostKeys(withAgain(serverWith(signer)), [signer.algorithm])).toHaveLength(1)
  })

  it('are none where no connection is to be had, or nothing fits', async () => {
    expect(await fetchHostKeys(withAgain(), ['ssh-ed25519'])).toEqual([])
    expect(await fetchHostKeys(withAgain([]), [])).toEqual([])
    expect(
      await fetchHostKeys(withAgain([{ says: 'SSH-2.0-x\r\n' }, { hears: () => true }]), ['ssh-rsa']),
    ).toEqual([])
  })

  it('are read from any octets without a throw', () => {
    const seeds = [ed25519(), ecdsa(), rsa()].map(({ blob }) => blob)
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }),
        fc.uint8Array(),
        (seed, changes, signature) => {
          const blob = seed.slice()
          for (const [at, value] of changes) if (at < blob.length) blob[at] = value
          const key = hostKeyIn(blob)
          if (key !== undefined) expect(isSigned(octetsOf('x'), signature, key)).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('of RSA are not looked at when they are beyond all measure', () => {
    const huge = concat(
      text('ssh-rsa'),
      mpint(Uint8Array.of(1, 0, 1)),
      mpint(new Uint8Array(4000).fill(0xff)),
    )
    expect(hostKeyIn(huge)).toBeUndefined()
  })

  it('write numbers as RFC 4251 section 5 has them', () => {
    expect(mpint(Uint8Array.of(0, 0))).toEqual(Uint8Array.of(0, 0, 0, 0))
    expect(mpint(Uint8Array.of(0, 0x80))).toEqual(Uint8Array.of(0, 0, 0, 2, 0, 0x80))
    expect(mpint(Uint8Array.of(9, 0xa3))).toEqual(Uint8Array.of(0, 0, 0, 2, 9, 0xa3))
  })
})
