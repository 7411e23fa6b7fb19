import type { Wishes } from '../../model/wishes.ts'
import type { Place } from './http-service.ts'

/** Whom a request is for. */
export interface Asker extends Place {
  readonly wishes: Wishes
}

/** `db.lan:8080`, `[::1]` (RFC 9110 section 7.2). */
export function authority({ wishes, port, secure }: Asker): string {
  const host = hostOf(wishes)
  return port === (secure ? 443 : 80) ? host : `${host}:${port}`
}

/** The name, or an address without its zone, which means nothing to others (RFC 6874), as URLs have it. */
export function hostOf({ serverName, host }: Wishes): string {
  const name = (serverName === '' ? host : serverName).replace(/%.*$/s, '').replace(/[^\x21-\x7e]/g, '')
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
}

/** The fields that every request has. Nothing is asked to be compressed. */
export const FIELDS = { 'User-Agent': 'portkit-banner', Accept: '*/*' } as const

/** HTTP/1.0: the answer comes in one piece, and the server ends the connection behind it. */
export function request(path: string, asker: Asker): Uint8Array {
  const fields = Object.entries({ Host: authority(asker), ...FIELDS, Connection: 'close' })
  const lines = [`GET ${path} HTTP/1.0`, ...fields.map(([name, value]) => `${name}: ${value}`), '', '']
  return new TextEncoder().encode(lines.join('\r\n'))
}
