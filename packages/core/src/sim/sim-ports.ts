import type { TlsFact, UnreachableCode } from '../model/observation.ts'
import { type Endpoint, formatEndpoint } from '../model/target.ts'
import type { PeerScript } from './sim-peer.ts'
import type { Wire } from './sim-stream.ts'

/** What a simulated port does with one connection attempt. */
export type Behaviour =
  | {
      readonly does: 'accept'
      readonly afterMs: number
      /** So many SYNs are lost before one arrives; each is sent again after 1, 3, 7, … seconds. */
      readonly lost?: number
      readonly reset?: boolean
      readonly tls?: TlsFact
      /** What talks behind the port; without it, one that reads to the end and says nothing. */
      readonly peer?: PeerScript
      readonly wire?: Wire
    }
  | { readonly does: 'refuse'; readonly afterMs: number }
  | {
      readonly does: 'icmp'
      readonly afterMs: number
      readonly type: number
      readonly code: number
      readonly from: string
    }
  | { readonly does: 'unreachable'; readonly afterMs: number; readonly code: UnreachableCode }
  /** After so long, if ever, the system gives up (tcp(7), tcp_syn_retries). */
  | { readonly does: 'drop'; readonly givesUpAfterMs?: number }
  /** This machine itself fails. */
  | { readonly does: 'fault'; readonly code: string; readonly message: string; readonly about?: string }

/** The same for every attempt, one for each attempt (the last one for ever), or computed from its number (from 0). */
export type PortScript = Behaviour | readonly Behaviour[] | ((attempt: number) => Behaviour)

/** What a port does with this attempt. */
export type PortBehaviours = (port: Endpoint) => Behaviour

/** Tells what the port does this time: every call is one more attempt. */
export function portBehaviours(ports: Readonly<Record<string, PortScript>>): PortBehaviours {
  const seen = new Map<string, number>()
  return (port) => {
    const key = formatEndpoint(port)
    const attempt = seen.get(key) ?? 0
    seen.set(key, attempt + 1)
    const script = ports[key] ?? { does: 'refuse', afterMs: 0.1 }
    if (typeof script === 'function') return script(attempt)
    if (!Array.isArray(script)) return script as Behaviour
    return script[Math.min(attempt, script.length - 1)] ?? { does: 'drop' }
  }
}
