import { type KeyObject, X509Certificate } from 'node:crypto'
import { certificateTime } from '@portkit/core'
import { clip } from '../model/clip.ts'
import { alternativeNames } from './alternative-names.ts'
import type { CertificateFacts } from './tls-facts.ts'

const DAY_MS = 86_400_000
/** Names of one certificate that are told at most, and characters of a subject. */
const MOST_NAMES = 100
const MOST_SUBJECT = 500

/** What a certificate in DER says (RFC 5280), at `nowMs` milliseconds since 1970; undefined for what is none. Never throws. */
export function certificateFacts(der: Uint8Array, nowMs: number): CertificateFacts | undefined {
  const certificate = attempt(() => new X509Certificate(der))
  if (certificate === undefined) return undefined
  const validToMs = certificateTime(certificate.validTo)
  const names = alternativeNames(attempt(() => certificate.subjectAltName) ?? '')
  return {
    subject: distinguishedName(attempt(() => certificate.subject)),
    issuer: distinguishedName(attempt(() => certificate.issuer)),
    names: names.slice(0, MOST_NAMES).map((name) => clip(name)),
    ...(names.length > MOST_NAMES && { namesLeft: names.length - MOST_NAMES }),
    validFromMs: certificateTime(certificate.validFrom),
    validToMs,
    daysLeft: validToMs === undefined ? undefined : Math.floor((validToMs - nowMs) / DAY_MS),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serial: clip(certificate.serialNumber.toLowerCase()),
    ...keyOf(certificate),
  }
}

/** OpenSSL gives a line each, the least specific first, with RFC 4514's escapes. */
function distinguishedName(lines: string | undefined): string {
  return clip((lines ?? '').split('\n').reverse().join(', '), MOST_SUBJECT)
}

type KeyFacts = Pick<CertificateFacts, 'keyType' | 'keyBits' | 'curve'>

const KEY_TYPES: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  dsa: 'DSA',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
}

/** OpenSSL does not know every kind of key that a certificate may have. */
function keyOf(certificate: X509Certificate): KeyFacts {
  const key = attempt(() => certificate.publicKey)
  const type = key?.asymmetricKeyType
  if (key === undefined || type === undefined) return { keyType: 'unknown', keyBits: undefined }
  const keyType = KEY_TYPES[type] ?? type.toUpperCase()
  return type === 'ec' ? { keyType, ...curveOf(certificate, key) } : { keyType, keyBits: bitsOf(key) }
}

function bitsOf(key: KeyObject): number | undefined {
  return attempt(() => key.asymmetricKeyDetails)?.modulusLength
}

/** The size is only in the older form of a certificate. */
function curveOf(certificate: X509Certificate, key: KeyObject): Pick<KeyFacts, 'keyBits' | 'curve'> {
  const curve = attempt(() => key.asymmetricKeyDetails)?.namedCurve
  const keyBits = attempt(() => (certificate.toLegacyObject() as { readonly bits?: number }).bits)
  return { keyBits, ...(curve !== undefined && { curve }) }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
