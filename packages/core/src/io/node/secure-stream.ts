import type { PeerCertificate, TLSSocket } from 'node:tls'
import { parseAddress } from '../../model/addresses.ts'
import { builtin } from '../builtin.ts'
import { type ByteStream, type SecureStream, StreamFault, type TlsSettings } from '../streams.ts'
import { duplexOver, streamFault } from './stream-duplex.ts'
import { tlsBytes } from './tls-bytes.ts'
import { chainOf } from './tls-chain.ts'
import { checkMaterial } from './tls-material.ts'
import { strengthOf } from './tls-strength.ts'

const EARLY_END = 'the connection ended during the TLS handshake'
const tls = () => builtin<typeof import('node:tls')>('node:tls')

/**
 * TLS over an open stream, which it takes over (RFC 8446, RFC 5246). A server with a CA wants a certificate of its
 * clients. The stream is closed whenever this rejects:
 * @throws StreamFault with OpenSSL's code (`CERT_HAS_EXPIRED`, `ERR_SSL_WRONG_VERSION_NUMBER`) or the errno's name;
 * `EPROTO` when the peer ends the connection early
 * @throws LocalFault when certificate, key or CA are missing or unreadable
 * @throws the signal's reason
 */
export async function secureStream(
  stream: ByteStream,
  role: 'client' | 'server',
  settings: TlsSettings,
  signal?: AbortSignal,
): Promise<SecureStream> {
  try {
    signal?.throwIfAborted()
    checkMaterial(settings, role)
    const socket = await handshake(stream, role, settings, signal)
    return {
      ...tlsBytes(socket, stream),
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().name,
      alpn: socket.alpnProtocol || undefined,
      invalid: invalidity(socket),
      chain: chainOf(socket),
    }
  } catch (error) {
    stream.close(signal?.aborted ? 'rst' : 'fin')
    throw error
  }
}

function handshake(
  stream: ByteStream,
  role: 'client' | 'server',
  settings: TlsSettings,
  signal: AbortSignal | undefined,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const duplex = duplexOver(stream)
    // What broke the stream is known here first, and node:tls may give it another name.
    let cause: unknown
    let settled = false
    const onAbort = (): void => {
      stream.close('rst')
      fail(signal?.reason)
    }
    const settle = (): void => {
      settled = true
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown): void => {
      settle()
      reject(error)
      duplex.destroy()
    }
    const failed = (error?: unknown): void => {
      if (settled) return
      const early = error === undefined || (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      fail(streamFault(cause ?? (early ? new StreamFault('EPROTO', EARLY_END) : error)))
    }
    duplex.on('error', (error) => {
      cause = error
      failed(error)
    })
    // A server of node:tls would wait on after the end; what came before it, and what node:tls says of it, goes first.
    for (const event of ['end', 'close']) duplex.once(event, () => setImmediate(failed))
    signal?.addEventListener('abort', onAbort, { once: true })
    const secured = (socket: TLSSocket): void => {
      settle()
      const refused = role === 'server' && settings.ca !== undefined ? invalidity(socket) : undefined
      if (refused === undefined) {
        resolve(socket)
      } else {
        fail(new StreamFault(refused, `the client's certificate is missing or not valid (${refused})`))
        socket.destroy()
      }
    }
    start(role === 'client' ? connecting : accepting, { duplex, settings, secured, failed })
  })
}

interface Start {
  readonly duplex: ReturnType<typeof duplexOver>
  readonly settings: TlsSettings
  readonly secured: (socket: TLSSocket) => void
  readonly failed: (error?: unknown) => void
}

function start(how: (start: Start) => void, it: Start): void {
  try {
    how(it)
  } catch (error) {
    it.failed(error)
  }
}

function connecting({ duplex, settings, secured, failed }: Start): void {
  const { serverName, verify } = settings
  const host = parseAddress(serverName)?.address.replace(/%.*/, '')
  const name = serverName.replace(/\.$/, '')
  const socket = tls().connect({
    ...common(settings),
    socket: duplex,
    rejectUnauthorized: verify,
    // RFC 6066 section 3: no addresses in SNI; the certificate is still compared with `host`.
    servername: host === undefined ? name : '',
    host: host ?? name,
    ...(serverName === '' && { checkServerIdentity: () => undefined }),
    ...(host !== undefined && {
      checkServerIdentity: (_, certificate) => addressMismatch(host, certificate),
    }),
  })
  socket.once('secureConnect', () => secured(socket))
  socket.on('error', failed)
  socket.once('close', () => failed())
}

/** By OpenSSL, since Node 22.23 itself finds no IPv6 address in a certificate. */
function addressMismatch(
  host: string,
  { raw, subjectaltname = 'nothing' }: PeerCertificate,
): Error | undefined {
  const { X509Certificate } = builtin<typeof import('node:crypto')>('node:crypto')
  // A cipher without certificates leaves nothing to compare, and a throw in here would end the process.
  if (raw !== undefined && new X509Certificate(raw).checkIP(host) !== undefined) return undefined
  const message = `the certificate is not for ${host} but for ${subjectaltname}`
  return Object.assign(new Error(message), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
}

function accepting({ duplex, settings, secured, failed }: Start): void {
  const server = tls().createServer({
    ...common(settings),
    requestCert: settings.ca !== undefined,
    // Judged by `secured`, which can say what is wrong.
    rejectUnauthorized: false,
  })
  server.once('secureConnection', (socket) => {
    socket.on('error', failed)
    secured(socket)
  })
  server.on('tlsClientError', failed)
  server.emit('connection', duplex)
}

function common(settings: TlsSettings) {
  const { ca, certificate, key, alpn } = settings
  return {
    ...strengthOf(settings),
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
  } as const
}

/** Node has a string here where its types say Error. */
function invalidity(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined
  const why = socket.authorizationError as Error | string | null | undefined
  if (!why) return undefined
  return typeof why === 'string' ? why : ((why as NodeJS.ErrnoException).code ?? why.message)
}
