import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { TlsFact } from '../model/observation.ts'
import type { Clock, Connection, TlsOptions } from './io.ts'

/**
 * A TLS handshake (RFC 8446, RFC 5246) over a kept connection, which it ends. Certificates are judged, not enforced:
 * the port is open whatever its certificate says. Resolves to `tls-failed` when `signal` is aborted.
 */
export async function tlsHandshake(
  connection: Connection,
  { serverName }: TlsOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<TlsFact> {
  // Loading takes milliseconds that a run without --tls shall not pay.
  const { connect } = await import('node:tls')
  const startNs = clock.nowNs()
  const socket = connect({
    socket: connection.stream(),
    servername: serverName,
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
  })
  try {
    await secured(socket, signal)
    return fact(socket, clock.nowNs() - startNs)
  } catch (error) {
    return { kind: 'tls-failed', message: whyOf(error) }
  } finally {
    socket.on('error', () => {})
    socket.destroy()
    connection.close()
  }
}

function secured(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('no TLS answer in time'))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
    })
    socket.once('close', () => reject(new Error('connection closed during the TLS handshake')))
  })
}

function fact(socket: TLSSocket, handshakeNs: number): TlsFact {
  const certificate: Partial<DetailedPeerCertificate> = socket.getPeerCertificate(true)
  const invalid = socket.authorizationError as Error | string | undefined | null
  return {
    kind: 'tls',
    handshakeNs,
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    validToMs: certificate.valid_to === undefined ? undefined : Date.parse(certificate.valid_to),
    subject: one(certificate.subject?.CN),
    issuer: one(certificate.issuer?.CN),
    invalid: invalid ? (typeof invalid === 'string' ? invalid : codeOf(invalid)) : undefined,
  }
}

/** OpenSSL's reason alone; its whole message has addresses and source lines of OpenSSL in it. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message
}

function one(name: string | readonly string[] | undefined): string {
  return (Array.isArray(name) ? name[0] : (name as string | undefined)) ?? ''
}
