import { type ByteStream, type SecureStream, StreamFault, type TlsSettings } from '../io/streams.ts'
import { formatName } from './sim-names.ts'

/** How a simulated peer speaks TLS: what is agreed on, or why it fails. */
export type TlsScript =
  | {
      readonly protocol: string
      readonly cipher: string
      readonly alpn?: string
      /** Why its certificate does not verify. */
      readonly invalid?: string
    }
  | { readonly fails: string }

/** The stream as it is, with the facts of a handshake that the world knows. Nothing is encrypted. */
export function simSecure(
  stream: ByteStream,
  role: 'client' | 'server',
  settings: TlsSettings,
  scripts: Readonly<Record<string, TlsScript>>,
): SecureStream {
  const script = scripts[formatName(role === 'client' ? stream.remote : stream.local)]
  const fault = faultOf(script, role === 'client' && settings.verify)
  if (script === undefined || 'fails' in script || fault !== undefined) {
    stream.close('fin')
    throw new StreamFault(fault ?? 'WRONG_VERSION_NUMBER')
  }
  const { protocol, cipher, alpn, invalid } = script
  return {
    local: stream.local,
    remote: stream.remote,
    broken: stream.broken,
    read: (most) => stream.read(most),
    write: (octets) => stream.write(octets),
    endWrite: () => stream.endWrite(),
    close: (how) => stream.close(how),
    protocol,
    cipher,
    alpn: alpn !== undefined && settings.alpn.includes(alpn) ? alpn : undefined,
    invalid,
  }
}

function faultOf(script: TlsScript | undefined, verify: boolean): string | undefined {
  if (script === undefined) return undefined
  if ('fails' in script) return script.fails
  return verify ? script.invalid : undefined
}
