import { simIo, type World } from '@portkit/core/sim'
import { expect, it } from 'vitest'
import { tlsFactsOf } from '../src/tls/facts.ts'
import { verificationOf } from '../src/tls/verification.ts'
import { certificate, hasOpenssl } from './tls-kit.ts'

const LOOK = { serverName: '', verify: false, weak: true, alpn: ['h2', 'http/1.1'] } as const

async function secured(tls: NonNullable<World['tls']>[string]) {
  const io = simIo({
    ports: { '10.0.0.2:443': { does: 'accept', afterMs: 1 } },
    tls: { '10.0.0.2:443': tls },
  })
  const request = { address: '10.0.0.2', family: 4, port: 443, close: 'rst', keep: 'bytes' } as const
  const { connection } = await io.net.connect(request).answer
  if (connection === undefined) throw new Error('not connected')
  return io.sockets.secure(connection.bytes(), 'client', LOOK)
}

it.each([
  [undefined, 'verified'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknown issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown issuer'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown issuer'],
  ['CERT_UNTRUSTED', 'unknown issuer'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'not yet valid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'name mismatch'],
  ['HOSTNAME_MISMATCH', 'name mismatch'],
  ['IP_ADDRESS_MISMATCH', 'name mismatch'],
  ['CERT_SIGNATURE_FAILURE', 'not verified'],
  ['CERT_REVOKED', 'not verified'],
  ['UNSPECIFIED', 'not verified'],
  ['constructor', 'not verified'],
  ['', 'not verified'],
] as const)('says of %s: %s', (code, words) => {
  expect(verificationOf(code, true)).toEqual({ words, code })
  expect(verificationOf(code, false)).toEqual({ words: 'no certificate', code })
})

const AGREED = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const

it('tells a handshake without a certificate', async () => {
  const stream = await secured({ ...AGREED, alpn: 'h2', invalid: 'UNSPECIFIED' })
  expect(tlsFactsOf(stream, 0, 'smtp')).toEqual({
    ...AGREED,
    alpn: 'h2',
    chain: [],
    verification: { words: 'no certificate', code: 'UNSPECIFIED' },
    after: 'smtp',
  })
})

it.skipIf(!hasOpenssl)('tells ten certificates of a chain at most, in its order', async () => {
  const [own, other] = [certificate({ subject: '/CN=own' }), certificate({ subject: '/CN=other' })]
  const stream = await secured({ ...AGREED, chain: [own, ...new Array(20).fill(other)] })
  const { chain, alpn, after, verification } = tlsFactsOf(stream, Date.now(), undefined)
  expect(chain.map(({ subject }) => subject)).toEqual(['CN=own', ...new Array(9).fill('CN=other')])
  expect([alpn, after, verification.words]).toEqual([undefined, undefined, 'verified'])
})

it.skipIf(!hasOpenssl)('takes no issuer for the server when its own certificate cannot be read', async () => {
  const stream = await secured({ ...AGREED, chain: [Uint8Array.of(1, 2), certificate({})] })
  expect(tlsFactsOf(stream, 0, undefined)).toMatchObject({ chain: [], verification: { words: 'verified' } })
})
