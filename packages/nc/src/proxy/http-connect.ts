import { httpProxyFailed, PROXY } from '../words/format-proxy.ts'
import { ProxyFault } from './proxy-fault.ts'
import type { Talk } from './talk.ts'

/** The empty line that ends the headers counts as one of them. */
const MOST_HEADERS = 64
/** Octets of a line that fit into nc's buffer of 1024 with a NUL. */
const LONGEST_LINE = 1023
/** Octets whose base64 text still fits there. */
const LONGEST_CREDENTIALS = 765
/** readpassphrase(3) cuts what is longer, in octets. */
const LONGEST_PASSWORD = 255
/** An answer is judged by so many characters, as in nc: `HTTP/1.0 200` and `HTTP/1.1 2000` are fine. */
const JUDGED = 12

export type HttpAnswer =
  | { readonly kind: 'open' }
  | { readonly kind: 'wants-password'; readonly status: Uint8Array }

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6) in HTTP/1.0, without a Host header, as nc does. Names go to
 * the proxy unresolved. `credentials` asks for `user:password`, after the request line is written.
 * @returns `wants-password` for status 407; the connection is of no more use then
 * @throws ProxyFault for every other status than 200
 */
export async function askHttp(
  talk: Talk,
  host: string,
  port: number,
  credentials: (() => Promise<string>) | undefined,
): Promise<HttpAnswer> {
  await talk.write(requestLine(host, port))
  if (credentials !== undefined) await talk.write(authorization(await credentials()))
  await talk.write(ascii('\r\n'))
  const status = await talk.readLine()
  const start = String.fromCharCode(...status.subarray(0, JUDGED))
  if (/^HTTP\/1\.[01] 407$/.test(start)) return { kind: 'wants-password', status }
  if (!/^HTTP\/1\.[01] 200$/.test(start)) throw refused(status)
  for (let headers = 0; headers < MOST_HEADERS; headers++) {
    if ((await talk.readLine()).length === 0) return { kind: 'open' }
  }
  throw new ProxyFault(PROXY.tooManyHeaders)
}

/** What nc says of a status line that is not a success. Control characters are in it: `complaint` makes them visible. */
export function refused(status: Uint8Array): ProxyFault {
  return new ProxyFault(httpProxyFailed(shown(status)))
}

function requestLine(host: string, port: number): Uint8Array {
  if (/[\r\n\t [\]]/.test(host)) throw new ProxyFault(PROXY.hostInvalid)
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const line = new TextEncoder().encode(`CONNECT ${authority} HTTP/1.0\r\n`)
  if (line.length > LONGEST_LINE) throw new ProxyFault(PROXY.requestTooLong)
  return line
}

/** RFC 7617. */
function authorization(credentials: string): Uint8Array {
  const octets = new TextEncoder().encode(credentials)
  if (octets.length > LONGEST_CREDENTIALS) throw new ProxyFault(PROXY.credentialsTooLong)
  const line = `Proxy-Authorization: Basic ${btoa(String.fromCharCode(...octets))}\r\n`
  if (line.length > LONGEST_LINE) throw new ProxyFault(PROXY.authorizationTooLong)
  return ascii(line)
}

/** The password as readpassphrase(3) would have handed it over. */
export function cutPassword(password: string): string {
  const octets = new TextEncoder().encode(password)
  return new TextDecoder().decode(octets.subarray(0, LONGEST_PASSWORD), { stream: true })
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** UTF-8, or else one character an octet. */
function shown(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return String.fromCharCode(...octets)
  }
}
