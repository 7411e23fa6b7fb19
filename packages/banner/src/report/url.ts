import { parseAddress } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import { MATCHED } from '../model/service.ts'

/** Schemes that protocols have of their own inside TLS (IANA's registry of URI schemes, or common use). */
const SECURE: ReadonlyMap<string, string> = new Map([
  ['amqp', 'amqps'],
  ['ftp', 'ftps'],
  ['http', 'https'],
  ['imap', 'imaps'],
  ['ipp', 'ipps'],
  ['irc', 'ircs'],
  ['ldap', 'ldaps'],
  ['mqtt', 'mqtts'],
  ['nntp', 'nntps'],
  ['pop3', 'pop3s'],
  ['redis', 'rediss'],
  ['rtsp', 'rtsps'],
  ['sip', 'sips'],
  ['smtp', 'smtps'],
  ['stun', 'stuns'],
  ['telnet', 'telnets'],
  ['turn', 'turns'],
])
/** Whose one scheme is for both. */
const BOTH: ReadonlySet<string> = new Set(['tls', 'mysql', 'postgresql', 'mongodb'])

/** RFC 3986 section 3.1. */
const SCHEME = /^[a-z][a-z0-9+.-]*$/
/** RFC 3986 section 2.3. */
const UNRESERVED = /^[A-Za-z0-9._~-]$/

/** `ssh://db.lan:22`, `https://[fe80::1%25eth0]:443/`: always with the port (RFC 3986, zones as RFC 6874 has them). */
export function urlOf(finding: Pick<Finding, 'target' | 'service' | 'tls'>): string {
  const { host, port } = finding.target
  const scheme = schemeOf(finding)
  const path = scheme === 'http' || scheme === 'https' ? '/' : ''
  return `${scheme}://${hostOf(host)}:${port}${path}`
}

function schemeOf({ target, service, tls }: Pick<Finding, 'target' | 'service' | 'tls'>): string {
  const isInside = tls !== undefined && tls.after === undefined
  const protocol = service?.protocol
  if (protocol === undefined || protocol === MATCHED || !SCHEME.test(protocol))
    return isInside ? 'tls' : target.transport
  if (!isInside || BOTH.has(protocol)) return protocol
  return SECURE.get(protocol) ?? `${protocol}+tls`
}

function hostOf(host: string): string {
  if (parseAddress(host)?.family !== 6) return encoded(host)
  const [address = '', ...zone] = host.split('%')
  return zone.length === 0 ? `[${address}]` : `[${address}%25${encoded(zone.join('%'))}]`
}

/** Octet by octet (RFC 3986 section 2.1). */
function encoded(text: string): string {
  const octets = new TextEncoder().encode(text)
  return Array.from(octets, (octet) => {
    const character = String.fromCharCode(octet)
    return UNRESERVED.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
