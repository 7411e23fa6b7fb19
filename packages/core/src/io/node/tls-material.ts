import { LocalFault } from '../../model/errors.ts'
import { builtin } from '../builtin.ts'
import type { TlsSettings } from '../streams.ts'

/**
 * Looks at certificates and keys before a handshake is begun, since node:tls ignores some bad ones and is vague about
 * the rest. @throws LocalFault whose `about` is `ca`, `certificate` or `key`
 */
export function checkMaterial({ ca, certificate, key }: TlsSettings, role: 'client' | 'server'): void {
  const { X509Certificate, createPrivateKey } = builtin<typeof import('node:crypto')>('node:crypto')
  if (ca !== undefined) attempt('ca', 'CA certificates', () => new X509Certificate(ca))
  if (role === 'server' && certificate === undefined)
    throw missing('certificate', 'a TLS listener needs a certificate')
  if (certificate === undefined) {
    if (key !== undefined) throw missing('certificate', 'the key is of no use without its certificate')
    return
  }
  if (key === undefined) throw missing('key', 'the certificate is of no use without its key')
  const own = attempt('certificate', 'certificate', () => new X509Certificate(certificate))
  const secret = attempt('key', 'key', () => createPrivateKey(key))
  if (!own.checkPrivateKey(secret)) throw missing('key', 'the key does not belong to the certificate')
}

function attempt<T>(about: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { reason } = error as { reason?: string }
    throw missing(
      about,
      `cannot read the ${what}${reason === undefined ? '' : `: ${reason}`} (PEM is expected)`,
    )
  }
}

function missing(about: string, message: string): LocalFault {
  return new LocalFault('EINVAL', message, about)
}
