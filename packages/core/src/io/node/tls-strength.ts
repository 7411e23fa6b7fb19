import type { ConnectionOptions } from 'node:tls'
import { builtin } from '../builtin.ts'
import type { TlsSettings } from '../streams.ts'

/** RFC 8996: older ones are not to carry data any more. */
const OLDEST = 'TLSv1.2'

/** TLS 1.3's have to be named; the sound ones come first, so that a server that follows its client takes one of them. */
const ALL_CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ALL:+aNULL',
  '@SECLEVEL=0',
].join(':')

type Strength = Pick<ConnectionOptions, 'minVersion' | 'ciphers' | 'secureOptions' | 'minDHSize'>

/** How old and how weak what is agreed on may be, as node:tls wants it said. */
export function strengthOf({ weak = false }: TlsSettings): Strength {
  if (!weak) return { minVersion: OLDEST }
  const { constants } = builtin<typeof import('node:crypto')>('node:crypto')
  return {
    minVersion: 'TLSv1',
    ciphers: ALL_CIPHERS,
    minDHSize: 1,
    // Servers older than RFC 5746 are let in; none may have the handshake done again and again.
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT | constants.SSL_OP_NO_RENEGOTIATION,
  }
}
