import {
  classify,
  type Endpoint,
  escapeControl,
  formatEndpoint,
  type Observation,
  type Target,
} from '@portkit/core'
import type { Run } from '../run.ts'

/** A client whom `--allow` and `--deny` keep out. */
export function denied(name: string, peer: Endpoint): string {
  return `${name}: connection from ${formatEndpoint(peer)} refused: the address is not allowed\n`
}

/** `--honest-udp` for a port that did not answer: what is known and what is not. */
export function honestVerdict({ settings, services }: Run, target: Target, observation: Observation): string {
  const { host, port } = target
  const service = settings.numeric ? '*' : (services.nameOf(port, 'udp') ?? '*')
  const { state, reason } = classify(observation, 'udp')
  const from =
    observation.kind === 'icmp-error' && observation.from !== undefined ? ` from ${observation.from}` : ''
  return `${settings.name}: ${escapeControl(host)} port ${port} [udp/${escapeControl(service)}] ${state}: ${reason}${from}\n`
}

/** What a TLS handshake agreed on, under `-v`. */
export function secureWith({
  protocol,
  cipher,
  alpn,
  invalid,
}: {
  protocol: string
  cipher: string
  alpn: string | undefined
  invalid: string | undefined
}): string {
  const parts = [protocol, cipher, ...(alpn === undefined ? [] : [`ALPN ${alpn}`])]
  const doubt = invalid === undefined ? '' : `, certificate not verified: ${invalid}`
  return `${escapeControl(parts.join(', ') + doubt)}\n`
}

export function tlsFailed(name: string, { host, port }: { host: string; port: number }, why: string): string {
  return `${name}: TLS with ${escapeControl(host)} port ${port} failed: ${escapeControl(why)}\n`
}
