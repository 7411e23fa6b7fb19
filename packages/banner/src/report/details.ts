import { dateOf, escapeControl, hexLines, type Observation } from '@portkit/core'
import type { Exchange, Finding } from '../model/finding.ts'
import type { DetailValue } from '../model/service.ts'
import type { CertificateFacts, TlsFacts } from '../tls/tls-facts.ts'

/** A name in words and its value; both unescaped. */
export type DetailRow = readonly [name: string, value: string]

/** All that is known of a port and not on its line, one row each. */
export function detailRows(finding: Finding): readonly DetailRow[] {
  const { target, verdict, observation, elapsedNs, service, tls, cpes, exchanges } = finding
  return [
    ...(target.host === target.address ? [] : [['address', target.address] as const]),
    ['reason', verdict.reason],
    ...given('hostname', service?.hostname),
    ...given('system', service?.os),
    ...Object.entries(service?.details ?? {}).map(([name, value]) => [name, valueText(value)] as const),
    ...(tls === undefined ? [] : tlsRows(tls)),
    ...cpes.map((cpe) => ['CPE', cpe] as const),
    ...exchanges.map((exchange) => ['said', exchangeText(exchange)] as const),
    ['time', `${roundTripText(observation)}${ms(elapsedNs)} in all`],
  ]
}

function given(name: string, value: string | undefined): readonly DetailRow[] {
  return value === undefined ? [] : [[name, value]]
}

function valueText(value: DetailValue): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return String(value)
    case 'boolean':
      return value ? 'yes' : 'no'
    case 'object':
      return value.join(', ')
  }
}

function tlsRows({ protocol, cipher, alpn, chain, verification, after }: TlsFacts): readonly DetailRow[] {
  const { words, code } = verification
  const start = after === undefined ? '' : ` after STARTTLS of ${after}`
  return [
    ['TLS', `${protocol}, ${cipher}${start}`],
    ...given('ALPN', alpn),
    ['verification', code === undefined ? words : `${words} (${code})`],
    ...chain.flatMap((certificate, i) => certificateRows(certificate, i)),
  ]
}

function certificateRows(certificate: CertificateFacts, at: number): readonly DetailRow[] {
  const { subject, issuer, names, sha256, serial, keyType, keyBits, curve } = certificate
  const key = [keyType, keyBits === undefined ? '' : `${keyBits} bits`, curve ?? ''].filter(
    (part) => part !== '',
  )
  return [
    [at === 0 ? 'certificate' : `certificate ${at + 1}`, subject],
    ['issuer', issuer],
    ...(names.length === 0 ? [] : [['names', names.join(', ')] as const]),
    ['valid', validityText(certificate)],
    ['SHA-256', sha256],
    ['serial', serial],
    ['key', key.join(', ')],
  ]
}

/** `2026-01-01 to 2026-04-01, 90 days left`. */
function validityText({ validFromMs, validToMs, daysLeft }: CertificateFacts): string {
  const span = `${isoDate(validFromMs) ?? '?'} to ${isoDate(validToMs) ?? '?'}`
  if (daysLeft === undefined) return span
  const days = Math.abs(daysLeft) === 1 ? 'day' : 'days'
  return daysLeft < 0 ? `${span}, over for ${-daysLeft} ${days}` : `${span}, ${daysLeft} ${days} left`
}

function isoDate(ms: number | undefined): string | undefined {
  return dateOf(ms)?.split('T')[0]
}

const END = {
  whole: '',
  quiet: '',
  closed: ', then closed',
  reset: ', then reset',
  limit: ', more was not read',
} as const satisfies Record<Exchange['end'], string>

/** `http in TLS: sent 18 octets, received 512, then closed; first after 1.2 ms`. */
function exchangeText(exchange: Exchange): string {
  const { sent, received, end, firstNs } = exchange
  const first = firstNs === undefined ? '' : `; first after ${ms(firstNs)}`
  const question = sent.length === 0 ? '' : `sent ${octetsText(sent)}, `
  const much = sent.length === 0 ? octetsText(received) : `${received.length}`
  const answer = received.length === 0 ? 'no answer' : `received ${much}`
  return `${titleOf(exchange)}: ${question}${answer}${END[end]}${first}`
}

function octetsText({ length }: Uint8Array): string {
  return length === 1 ? '1 octet' : `${length} octets`
}

/** `http in TLS`; where a greeting was waited for, `greeting` and, for what was said because of it, `after it`. */
function titleOf({ asked, secure, sent }: Exchange): string {
  const greeting = sent.length === 0 ? 'greeting' : 'after it'
  return `${asked === 'nothing' ? greeting : asked}${secure ? ' in TLS' : ''}`
}

function roundTripText(o: Observation): string {
  if (o.kind === 'silence' || o.rttNs === undefined) return ''
  return `${ms(o.rttNs)} round trip (${o.clock} clock), `
}

function ms(ns: number): string {
  const value = ns / 1e6
  return `${value < 99.95 ? value.toFixed(2) : value.toFixed(0)} ms`
}

/** Each exchange as hex dumps of both directions. */
export function hexDump(exchanges: readonly Exchange[]): string {
  const dumps = exchanges.map((exchange) => {
    const { sent, received } = exchange
    return `${escapeControl(titleOf(exchange))}:\n${hexLines('>', 0, sent)}${hexLines('<', 0, received)}`
  })
  return dumps.join('').replace(/^(?=.)/gm, '  ')
}
