import { header } from './http-head.ts'
import type { HttpMessage } from './http-message.ts'

/** How servers say that they were spoken to without TLS: nginx (recorded from 1.22.1), Apache, Go's net/http, Tomcat. */
const WORDS = [
  'plain HTTP request was sent to HTTPS port',
  'speaking plain HTTP to an SSL-enabled server port',
  'Client sent an HTTP request to an HTTPS server',
  'combination of host and port requires TLS',
] as const

/** Whether the answer, which came without TLS, asks for TLS at this very port. */
export function wantsTls({ status, headers, body }: HttpMessage, port: number): boolean {
  switch (status) {
    case 400:
      return WORDS.some((words) => body.includes(words))
    // RFC 2817 section 4.2.
    case 426:
      return /\btls\b/i.test(header(headers, 'upgrade') ?? '')
    case 301:
    case 302:
    case 307:
    case 308:
      return portOfHttps(header(headers, 'location') ?? '') === port
    default:
      return false
  }
}

function portOfHttps(location: string): number | undefined {
  if (!/^https:/i.test(location) || !URL.canParse(location)) return undefined
  const { port } = new URL(location)
  return port === '' ? 443 : Number(port)
}
