import { strerror } from '@portkit/core'

/** What nc (Debian 1.219) says of proxies: messages for `complaint`. */

/** RFC 1928 section 6, by reply code. */
const SOCKS5: Readonly<Record<number, string>> = {
  1: 'General SOCKS server failure',
  2: 'Connection not allowed by ruleset',
  3: 'Network unreachable',
  4: 'Host unreachable',
  5: 'Connection refused',
  6: 'TTL expired',
  7: 'Command not supported',
  8: 'Address type not supported',
}

/** The SOCKS 4 protocol's result codes. */
const SOCKS4: Readonly<Record<number, string>> = {
  91: 'Request rejected or failed',
  92: 'SOCKS server cannot connect to identd on the client',
  93: 'Client program and identd report different user-ids',
}

const UNKNOWN = 'Unknown error'

export function socks5Failed(code: number): string {
  return `connection failed, SOCKSv5 error: ${SOCKS5[code] ?? UNKNOWN}`
}

export function socks4Failed(code: number): string {
  return `connection failed, SOCKSv4 error: ${SOCKS4[code] ?? UNKNOWN}`
}

/** The name of a SOCKS 4 target is looked up here, and did not resolve. */
export function socks4LookUpFailed(host: string, port: number, why: string): string {
  return `getaddrinfo("${host.slice(0, 64)}", "${port}"): ${why}`
}

/** A HTTP proxy answered with this status line. */
export function httpProxyFailed(status: string): string {
  return `Proxy error: "${status}"`
}

/** The proxy's answer broke off; nc calls an early end a broken pipe, too. Octets that came, and that were wanted. */
export function proxyReadFailed(came: number, wanted: number, errno = 'EPIPE'): string {
  return `read failed (${came}/${wanted}): ${strerror(errno)}`
}

export function proxyWriteFailed(went: number, wanted: number, errno = 'EPIPE'): string {
  return `write failed (${went}/${wanted}): ${strerror(errno)}`
}

/** The question for the password, on the terminal. */
export function proxyPassword(user: string, proxy: string): string {
  return `Proxy password for ${user}@${proxy}: `
}

export const PROXY = {
  noMethod: 'authentication method negotiation failed',
  badAddressType: 'connection failed, unsupported address type',
  hostTooLong: 'host name too long for SOCKS5',
  hostTooBig: 'hostname too big',
  hostInvalid: 'Invalid hostname',
  requestTooLong: 'hostname too long',
  reply: 'proxy read',
  noPassphrase: 'Unable to read proxy passphrase',
  authorizationTooLong: 'Proxy auth response too long',
  credentialsTooLong: 'Proxy username/password too long',
  authenticationFailed: 'Proxy authentication failed',
  tooManyFailures: 'Too many authentication failures',
  tooManyHeaders: 'Too many proxy headers received',
  lineTooLong: 'proxy read too long',
} as const
