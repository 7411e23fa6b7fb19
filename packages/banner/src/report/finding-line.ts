import { anyWord, displayWidth, escapeControl, type Transport, truncateToWidth } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import { MATCHED, type Service } from '../model/service.ts'
import type { Paint } from './paint.ts'
import type { Places } from './place.ts'
import { answerText, isBadCertificate, methodText, outcomeText, productText, tlsText } from './words.ts'

/** Columns of the usual words; a longer one moves the rest of its line. */
const STATE_WIDTH = { tcp: 7, udp: 15 } as const satisfies Record<Transport, number>
const PROTOCOL_WIDTH = 10
const GAP = '  '
/** So much of what is said stays, however narrow the terminal. */
const LEAST = 12

export interface LineStyle {
  readonly places: Places
  readonly paint: Paint
  /** Columns of the terminal; undefined where the line is not to be cut. */
  readonly columns: number | undefined
}

/** A piece of a line, and how it is painted. */
interface Piece {
  readonly text: string
  readonly paint: (text: string) => string
}

/**
 * `22/tcp  open     ssh         OpenSSH 9.2p1  [greeting]`: place, state, protocol, what it is, and at the end what nobody
 * may miss: TLS with what is wrong with its certificate, whether time was too short, how it is known. A narrow terminal
 * cuts what stands before those.
 */
export function findingLine(finding: Finding, { places, paint, columns }: LineStyle): string {
  const { target, verdict } = finding
  const word = anyWord(verdict)
  const head: readonly Piece[] = [
    { text: padded(places.of(target), places.width), paint: plain },
    { text: padded(word, STATE_WIDTH[target.transport]), paint: (text) => paint.word(word, text) },
    { text: padded(protocolText(finding), PROTOCOL_WIDTH), paint: protocolPaint(finding, paint) },
  ]
  const tail = tailOf(finding, paint)
  const said = saidText(finding)
  const end = tail.length === 0 ? 0 : GAP.length + widthOf(tail) + tail.length - 1
  const used = widthOf(head) + GAP.length * head.length + end
  const room = columns === undefined ? undefined : Math.max(LEAST, columns - used)
  const middle: Piece = { text: room === undefined ? said : truncateToWidth(said, room), paint: plain }
  const pieces = said === '' ? head : [...head, middle]
  const parts = [...pieces.map(painted), tail.map(painted).join(' ')]
  const whole = parts.join(GAP).trimEnd()
  return columns === undefined ? whole : truncateToWidth(whole, columns)
}

function protocolText({ service, guess }: Finding): string {
  if (service !== undefined) return escapeControl(service.protocol)
  return guess === undefined ? '' : `(${escapeControl(guess)}?)`
}

function protocolPaint({ service }: Finding, paint: Paint): (text: string) => string {
  return service === undefined ? paint.doubt : paint.protocol
}

/** What it is, or what became of it; safe for a terminal. */
function saidText(finding: Finding): string {
  const { service, guess, note } = finding
  return [
    service === undefined ? '' : escapeControl(productText(service)) || matchedText(service, finding),
    outcomeText(finding),
    guess === undefined || service !== undefined ? '' : "guess from the port's number",
    whyText(finding),
    escapeControl(note ?? ''),
  ]
    .filter((part) => part !== '')
    .join('; ')
}

/** An answer that matched the user's own expression, which told nothing of it. */
function matchedText({ protocol }: Service, { exchanges }: Finding): string {
  return protocol === MATCHED ? answerText(exchanges) : ''
}

/** Who or what says that a port cannot be reached. */
function whyText({ verdict, observation: o }: Finding): string {
  if (anyWord(verdict) !== 'unreachable') return ''
  const from = o.kind === 'icmp-error' && o.from !== undefined ? ` from ${escapeControl(o.from)}` : ''
  return `${verdict.reason}${from}`
}

function tailOf(finding: Finding, paint: Paint): readonly Piece[] {
  const { tls, cut } = finding
  const method = methodText(finding)
  const pieces: Piece[] = []
  if (tls !== undefined) {
    const isBad = isBadCertificate(tls.verification)
    pieces.push({ text: `(${tlsText(tls)})`, paint: isBad ? paint.alarm : paint.aside })
  }
  if (cut) pieces.push({ text: '(cut)', paint: paint.doubt })
  if (method !== undefined)
    pieces.push({ text: `[${method}]`, paint: method === 'port table' ? paint.doubt : paint.aside })
  return pieces
}

const plain = (text: string): string => text

/** Blanks stay outside of the style. */
function painted({ text, paint }: Piece): string {
  const bare = text.trimEnd()
  return bare === '' ? text : paint(bare) + text.slice(bare.length)
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + displayWidth(text), 0)
}
