import { escapeControl } from '@portkit/core'
import type { Exchange, Finding, Outcome } from '../model/finding.ts'
import type { TlsFacts, Verification } from '../tls/tls-facts.ts'

/** What is said of an open port that was not identified. */
const OUTCOME = {
  identified: '',
  unknown: 'answered, unknown',
  silent: 'silent',
  closed: 'accepted, then closed',
  reset: 'accepted, then reset',
} as const satisfies Record<Outcome, string>

/** Octets of an unknown answer that are shown. */
const FIRST = 40

/** `silent`; `answered, unknown: "first bytes…"`. Safe for a terminal. */
export function outcomeText({ outcome, exchanges }: Pick<Finding, 'outcome' | 'exchanges'>): string {
  if (outcome === undefined) return ''
  const answer = outcome === 'unknown' ? answerText(exchanges) : ''
  return answer === '' ? OUTCOME[outcome] : `${OUTCOME[outcome]}: ${answer}`
}

/** The first octets of the first answer in quotation marks; empty where there was none. Safe for a terminal. */
export function answerText(exchanges: readonly Exchange[]): string {
  const answer = answerOf(exchanges)
  return answer === undefined ? '' : `"${octetsText(answer, FIRST)}"`
}

/** The first thing that the peer said. */
export function answerOf(exchanges: readonly Exchange[]): Uint8Array | undefined {
  return exchanges.find(({ received }) => received.length > 0)?.received
}

/** The first octets as text: UTF-8 where they are that, else with `\xNN` for all that is no ASCII; escaped, cut with `…`. */
function octetsText(octets: Uint8Array, most: number): string {
  const first = octets.subarray(0, most)
  const isCut = octets.length > most
  const text = utf8(first, isCut)
  return `${text === undefined ? asciiText(first) : escapeControl(text)}${isCut ? '…' : ''}`
}

/** The same without escapes: octets that are no UTF-8 are one character each. */
export function plainText(octets: Uint8Array, most: number): string {
  const first = octets.subarray(0, most)
  const isCut = octets.length > most
  return `${utf8(first, isCut) ?? String.fromCharCode(...first)}${isCut ? '…' : ''}`
}

function utf8(octets: Uint8Array, isCut: boolean): string | undefined {
  try {
    // `stream`: a character that the cut goes through is left out.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets, { stream: isCut })
  } catch {
    return undefined
  }
}

function asciiText(octets: Uint8Array): string {
  const text = escapeControl(String.fromCharCode(...octets))
  return text.replace(/[\u0080-\u00ff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`)
}

/** `greeting`, `tls+probe`, `port table`; undefined where nothing is known. What came before STARTTLS came without TLS. */
export function methodText({ method, tls }: Pick<Finding, 'method' | 'tls'>): string | undefined {
  const isInside = tls !== undefined && tls.after === undefined
  return isInside && (method === 'greeting' || method === 'probe') ? `tls+${method}` : method
}

/** Whether there is something about a certificate that everybody ought to see. */
export function isBadCertificate({ words }: Verification): boolean {
  switch (words) {
    case 'verified':
    case 'not verified':
      return false
    case 'self-signed':
    case 'expired':
    case 'not yet valid':
    case 'name mismatch':
    case 'unknown issuer':
    case 'no certificate':
      return true
  }
}

/** `TLSv1.3, self-signed`; `STARTTLS, TLSv1.2`. Safe for a terminal. */
export function tlsText({ protocol, verification, after }: TlsFacts): string {
  const start = after === undefined ? [] : ['STARTTLS']
  const problem = isBadCertificate(verification) ? [verification.words] : []
  return [...start, escapeControl(protocol), ...problem].join(', ')
}

/** `OpenSSH 9.2p1, protocol 2.0`: what is known of the software, unescaped. */
export function productText({ product, version, info }: NonNullable<Finding['service']>): string {
  const name = [product, version].filter((part) => part !== undefined).join(' ')
  return [name, info ?? ''].filter((part) => part !== '').join(', ')
}
