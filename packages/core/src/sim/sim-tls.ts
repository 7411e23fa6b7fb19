import type { Clock } from '../io/io.ts'
import { type ByteStream, type SecureStream, StreamFault, type TlsSettings } from '../io/streams.ts'
import { formatName } from './sim-names.ts'
import type { PeerScript } from './sim-peer.ts'
import type { PeerPlayer } from './sim-players.ts'
import { streamPair } from './sim-stream.ts'

/** How a simulated peer speaks TLS: what is agreed on, or why it fails, after 1 ms if no time is given. */
export type TlsScript =
  | {
      readonly protocol: string
      readonly cipher: string
      readonly alpn?: string
      /** Why its certificate does not verify. */
      readonly invalid?: string
      /** Its certificates in DER, its own first. */
      readonly chain?: readonly Uint8Array[]
      /** What speaks inside; the port's own peer goes on in there when none is given. */
      readonly peer?: PeerScript
      readonly afterMs?: number
    }
  | { readonly fails: string; readonly afterMs?: number }
  /** The handshake never ends. */
  | { readonly does: 'hang' }

/** What simulated handshakes need of their world. */
export interface TlsWorld {
  readonly clock: Clock
  readonly players: PeerPlayer
  readonly tls: Readonly<Record<string, TlsScript>>
}

const HANDSHAKE_MS = 1

/** The stream with the facts of a handshake that the world knows. Nothing is encrypted. */
export async function simSecure(
  stream: ByteStream,
  role: 'client' | 'server',
  settings: TlsSettings,
  world: TlsWorld,
  signal?: AbortSignal,
): Promise<SecureStream> {
  const name = formatName(role === 'client' ? stream.remote : stream.local)
  const script = world.tls[name]
  await duration(script, world.clock, signal).catch((reason: unknown) => {
    stream.close('rst')
    throw reason
  })
  const agreed = script !== undefined && 'protocol' in script ? script : undefined
  const fault = faultOf(script, role, settings)
  if (agreed === undefined || fault !== undefined) {
    stream.close('fin')
    throw new StreamFault(fault ?? 'WRONG_VERSION_NUMBER')
  }
  const { protocol, cipher, alpn, invalid, chain = [], peer } = agreed
  const inside = peer === undefined ? stream : insideOf(stream, name, peer, world)
  return {
    local: stream.local,
    remote: stream.remote,
    broken: inside.broken,
    read: (most) => inside.read(most),
    write: (octets) => inside.write(octets),
    endWrite: () => inside.endWrite(),
    close(how) {
      inside.close(how)
      stream.close(how)
    },
    protocol,
    cipher,
    alpn: alpn !== undefined && settings.alpn.includes(alpn) ? alpn : undefined,
    invalid,
    chain,
  }
}

/** Nothing sleeps for a handshake that never ends, so that an idle world is seen to be idle. */
function duration(script: TlsScript | undefined, clock: Clock, signal?: AbortSignal): Promise<void> {
  if (script === undefined || !('does' in script)) return clock.sleep(script?.afterMs ?? HANDSHAKE_MS, signal)
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Another connection, where the script for the inside plays. */
function insideOf(stream: ByteStream, name: string, peer: PeerScript, { clock, players }: TlsWorld) {
  const [near, far] = streamPair(clock, stream.local, stream.remote)
  players.play(name, peer, far)
  return near
}

const OUTDATED = ['TLSv1', 'TLSv1.1']

function faultOf(
  script: TlsScript | undefined,
  role: 'client' | 'server',
  { verify, weak = false }: TlsSettings,
): string | undefined {
  if (script === undefined || 'does' in script) return undefined
  if ('fails' in script) return script.fails
  if (!weak && OUTDATED.includes(script.protocol)) return 'ERR_SSL_UNSUPPORTED_PROTOCOL'
  return role === 'client' && verify ? script.invalid : undefined
}
