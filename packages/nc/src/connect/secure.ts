import {
  type ByteStream,
  err,
  type Io,
  type SecureStream,
  StreamFault,
  type TlsSettings,
} from '@portkit/core'
import { NcFault } from '../fault.ts'
import type { Run } from '../run.ts'
import type { TlsChoice } from '../settings.ts'
import { secureWith, tlsFailed } from '../words/own-words.ts'
import { numericHost } from './numeric-host.ts'

/** A client that never says anything may not hold up the next one for longer. */
const HANDSHAKE_MS = 30_000

/** TLS over the connection; undefined, after a line that says why, when the handshake fails. @throws NcFault */
export async function secureClient(
  run: Run,
  stream: ByteStream,
  choice: TlsChoice,
  host: string,
  port: number,
): Promise<SecureStream | undefined> {
  const serverName = choice.sni ?? numericHost(host)?.address ?? host
  const settings = { ...readTlsFiles(run.io, choice), serverName }
  const limitMs = run.settings.session.timeoutMs || HANDSHAKE_MS
  return shakeHands(run, stream, 'client', settings, limitMs, { host, port })
}

/** The server's side for a client that has come; undefined when the handshake fails. @throws NcFault */
export async function secureServer(
  run: Run,
  stream: ByteStream,
  choice: TlsChoice,
): Promise<SecureStream | undefined> {
  const { address, port } = stream.remote
  const settings = { ...readTlsFiles(run.io, choice), serverName: '' }
  return shakeHands(run, stream, 'server', settings, HANDSHAKE_MS, { host: address, port })
}

async function shakeHands(
  run: Run,
  stream: ByteStream,
  role: 'client' | 'server',
  settings: TlsSettings,
  limitMs: number,
  peer: { readonly host: string; readonly port: number },
): Promise<SecureStream | undefined> {
  const { io, settings: own, say } = run
  const tooLate = new AbortController()
  const done = new AbortController()
  const limit = io.clock.sleep(limitMs, done.signal).then(
    () => tooLate.abort(new StreamFault('no TLS answer in time')),
    () => {},
  )
  try {
    const secure = await io.sockets.secure(stream, role, settings, tooLate.signal)
    if (own.verbose) await say(err(secureWith(secure)))
    return secure
  } catch (fault) {
    if (!(fault instanceof StreamFault)) throw fault
    stream.close('fin')
    await say(err(tlsFailed(own.name, peer, fault.message)))
    return undefined
  } finally {
    done.abort()
    await limit
  }
}

type Files = Pick<TlsSettings, 'verify' | 'alpn' | 'ca' | 'certificate' | 'key'>

const filesRead = new WeakMap<TlsChoice, Files>()

/** Reads the files once: before anything happens, so that a listener does not learn by its first client. @throws NcFault, LocalFault */
export function readTlsFiles(io: Io, choice: TlsChoice): Files {
  const known = filesRead.get(choice)
  if (known !== undefined) return known
  const { verify, alpn, ca, certificate, key } = choice
  const files = { verify, alpn, ca: pem(io, ca), certificate: pem(io, certificate), key: pem(io, key) }
  filesRead.set(choice, files)
  return files
}

/** The text of a file in PEM (RFC 7468). */
function pem({ system }: Io, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const text = system.readText(path)
  if (text === undefined) throw new NcFault(`cannot read ${path}: no such file`)
  if (!text.includes('-----BEGIN ')) throw new NcFault(`cannot read ${path}: PEM is expected`)
  return text
}
