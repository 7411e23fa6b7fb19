import { createHash, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alternativeNames } from '../src/tls/alternative-names.ts'
import { certificateFacts } from '../src/tls/certificate.ts'
import type { CertificateFacts } from '../src/tls/tls-facts.ts'
import { certificate, hasOpenssl, type Wanted } from './tls-kit.ts'

const DAY_MS = 86_400_000

function factsOf(wanted: Wanted, afterDays = 0): CertificateFacts {
  const facts = certificateFacts(certificate(wanted), Date.now() + afterDays * DAY_MS)
  if (facts === undefined) throw new Error('not read')
  return facts
}

describe.skipIf(!hasOpenssl)('a certificate', () => {
  it('tells its names, the most specific part first, its validity and its fingerprint', () => {
    const der = certificate({ subject: '/C=AT/O=Example/CN=db.lan' })
    const nowMs = Date.now()
    const facts = certificateFacts(der, nowMs)
    expect(facts).toMatchObject({
      subject: 'CN=db.lan, O=Example, C=AT',
      issuer: 'CN=db.lan, O=Example, C=AT',
      names: [],
      daysLeft: 29,
      sha256: createHash('sha256').update(der).digest('hex'),
      serial: new X509Certificate(der).serialNumber.toLowerCase(),
    })
    expect(Math.abs((facts?.validFromMs ?? 0) - nowMs)).toBeLessThan(DAY_MS)
    expect((facts?.validToMs ?? 0) - (facts?.validFromMs ?? 0)).toBe(30 * DAY_MS)
  })

  it.each([
    [29, 0],
    [31, -2],
    [-5, 34],
  ])('after %i days has %i days left', (days, left) => {
    expect(factsOf({}, days).daysLeft).toBe(left)
  })

  it.each([
    [['rsa:2048'], { keyType: 'RSA', keyBits: 2048 }],
    [['rsa:1024'], { keyType: 'RSA', keyBits: 1024 }],
    [
      ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      { keyType: 'EC', keyBits: 256, curve: 'prime256v1' },
    ],
    [['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'], { keyType: 'EC', keyBits: 384, curve: 'secp384r1' }],
    [['ed25519'], { keyType: 'Ed25519', keyBits: undefined }],
    [['ed448'], { keyType: 'Ed448', keyBits: undefined }],
  ])('with the key %j', (key, expected) => {
    expect(factsOf({ key })).toMatchObject(expected)
  })

  it('with an elliptic curve of its own making has no name for it', () => {
    const key = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-pkeyopt', 'ec_param_enc:explicit']
    expect(factsOf({ key }).keyType).toBe('EC')
  })

  it('with a key that nobody knows is read all the same', () => {
    const der = certificate({})
    const oid = Buffer.from('06072a8648ce3d0201', 'hex')
    der[Buffer.from(der).indexOf(oid) + oid.length - 1] = 0x7f
    expect(certificateFacts(der, 0)).toMatchObject({ subject: 'CN=db.lan', keyType: 'unknown' })
  })

  it('tells alternative names of all kinds', () => {
    const kinds =
      'DNS:db.lan,DNS:*.db.lan,IP:10.0.0.2,IP:fd00::2,email:a@db.lan,URI:https://db.lan/,RID:1.2.3'
    const extensions = `subjectAltName=${kinds},otherName:1.2.3.4;UTF8:x,dirName:person`
    const { names } = factsOf({ extensions, sections: '[person]\nCN=Some One' })
    expect(names.slice(0, 6)).toEqual([
      'DNS:db.lan',
      'DNS:*.db.lan',
      'IP Address:10.0.0.2',
      'IP Address:fd00::2',
      'email:a@db.lan',
      'URI:https://db.lan/',
    ])
    expect(names.at(-1)).toMatch(/^DirName:CN ?= ?Some One$/)
  })

  it('tells a hundred names of a thousand, and how many there are besides', () => {
    const all = Array.from({ length: 1000 }, (_, i) => `DNS:${i}.lan`)
    const facts = factsOf({ extensions: `subjectAltName=${all.join(',')}` })
    expect(facts.names).toEqual(all.slice(0, 100))
    expect(facts.namesLeft).toBe(900)
  })

  it('does not take one name for two', () => {
    const name = 'a.lan, DNS:b.lan'
    const der = Buffer.from([0x82, name.length, ...Buffer.from(name)])
    const octets = Buffer.from([0x30, der.length, ...der])
    const { names } = factsOf({ extensions: `subjectAltName=DER:${octets.toString('hex')}` })
    expect(names).toEqual(['DNS:a.lan, DNS:b.lan'])
  })

  it.each([
    ['00', 'a NUL'],
    ['0a', 'a newline'],
    ['1b', 'an escape'],
    ['22', 'a quote'],
    ['ff', 'no text'],
  ])('keeps a name with the octet %s (%s) one bounded name', (octet) => {
    const name = Buffer.from(`6120${octet}62`, 'hex')
    const der = Buffer.from([0x30, 2 + name.length, 0x82, name.length, ...name])
    const { names } = factsOf({ extensions: `subjectAltName=DER:${der.toString('hex')}` })
    expect(names).toHaveLength(1)
    expect(names[0]).toMatch(/^DNS:a /)
  })

  it('keeps what a hostile subject says within its part of it', () => {
    expect(factsOf({ subject: '/O=x\nCN=bank.example/CN=a, O=b\u202e\\+"' }).subject).toBe(
      'CN=a\\, O=b\u202e\\+\\", O=x\\0ACN=bank.example',
    )
    expect(factsOf({ subject: '/CN=Wien Zürich 東京' }).subject).toBe('CN=Wien Zürich 東京')
    expect(factsOf({ subject: '/CN=a+OU=b' }).subject).toMatch(/^CN=a ?\+ ?OU=b$|^OU=b ?\+ ?CN=a$/)
    expect(factsOf({ subject: '/' }).subject).toBe('')
  })

  it('tells no more than some hundred characters of a long subject', () => {
    const subject = Array.from({ length: 40 }, (_, i) => `/OU=${'x'.repeat(60)}${i}`).join('')
    expect(factsOf({ subject }).subject).toHaveLength(500)
  })

  it('that is damaged gives nothing, or facts of bounded size, and never throws', () => {
    const whole = certificate({ extensions: 'subjectAltName=DNS:db.lan,URI:https://db.lan/' })
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, flip, cut) => {
          const der = cut ? whole.slice(0, at) : whole.slice()
          if (!cut) der[at] = (der[at] ?? 0) ^ flip
          expect(JSON.stringify(certificateFacts(der, 0) ?? '').length).toBeLessThan(5000)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('what is no certificate', () => {
  it('gives nothing', () =>
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(certificateFacts(octets, 0)).toBeUndefined()
      }),
    ))

  it('gives nothing in PEM without a certificate', () => {
    const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n')
    expect(certificateFacts(new Uint8Array(pem), 0)).toBeUndefined()
  })
})

describe('alternative names', () => {
  it.each([
    ['', []],
    ['DNS:a', ['DNS:a']],
    ['DNS:"a\\u002c b", DNS:c', ['DNS:a, b', 'DNS:c']],
    ['DNS:"unended, DNS:c', ['DNS:"unended, DNS:c']],
    ['DNS:"bad \\x escape", DNS:c', ['DNS:"bad \\x escape"', 'DNS:c']],
    ['DNS:"a\\", DNS:b"', ['DNS:a", DNS:b']],
  ])('in %j are %j', (text, names) => expect(alternativeNames(text)).toEqual(names))

  it('take time that grows as their length does', () => {
    for (const piece of ['"', '\\', ',', ', ', 'DNS:"', '",', 'a:']) {
      expect(alternativeNames(piece.repeat(100_000)).length).toBeLessThan(200_001)
    }
  }, 5000)
})
