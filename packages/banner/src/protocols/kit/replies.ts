import { type CodedReply, codedReply } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'

/** Protocols whose replies look alike (RFC 959, RFC 5321, RFC 2033). */
export type Wording = 'ftp' | 'smtp' | 'lmtp'

/** Which of them speaks, by the first reply that is worded as only one of them would. */
export interface Worded {
  readonly wording: Wording
  /** The first reply, mostly the greeting. */
  readonly first: CodedReply
  /** Its last line had an end: nothing in it was cut off. */
  readonly whole: boolean
}

/** Replies that greet, refuse, or answer what was not meant for the server. */
const CODES: ReadonlySet<number> = new Set([
  120, 211, 214, 220, 221, 250, 331, 421, 500, 501, 502, 503, 504, 530, 550, 554,
])

/** Replies looked at. */
const MOST_REPLIES = 6

const LF = 0x0a

/** Judges an answer's replies, one after another. Steady, as detectors have to be. */
export function worded(octets: Uint8Array, ended: boolean): Worded | 'more' | undefined {
  if (!beginsWithCode(octets)) return undefined
  let at = 0
  let first: Omit<Worded, 'wording'> | undefined
  for (let count = 0; count < MOST_REPLIES; count += 1) {
    const taken = codedReply(octets.subarray(at), ended)
    if (taken === 'more' || taken === undefined) return taken
    at += taken.length
    first ??= { first: taken.value, whole: octets[at - 1] === LF }
    if (!CODES.has(taken.value.code)) return undefined
    const wording = wordingOf(taken.value)
    if (wording !== undefined) return { wording, ...first }
  }
  return undefined
}

/** Costs nothing where another protocol speaks. */
function beginsWithCode(octets: Uint8Array): boolean {
  const [a = 0x32, b = 0x32, c = 0x30, mark = 0x20] = octets
  const digit = (octet: number) => octet >= 0x30 && octet <= 0x39
  return a >= 0x31 && a <= 0x35 && b >= 0x30 && b <= 0x35 && digit(c) && [0x20, 0x2d, 0x0d, LF].includes(mark)
}

/** Classes of RFC 3463's enhanced codes, which only mail servers send. */
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3}(?: |$)/
const MAIL_COMMANDS = /\b(?:EHLO|HELO)\b/
const FTP_COMMANDS = /\b(?:PASV|RETR|STOR|EPSV)\b/
const FTP_LOGIN = /\blog(?:ged)? ?in\b|\bUSER\b/i

function wordingOf({ code, lines }: CodedReply): Wording | undefined {
  const [first = ''] = lines
  if (ENHANCED.test(first)) return 'smtp'
  const text = afterHost(lines.join('\n').slice(0, 2000))
  const mail = /\b(?:(LMTP)|E?SMTP|Postfix|Sendmail|Exim|OpenSMTPD)\b/i.exec(text)
  if (mail !== null) return mail[1] === undefined ? 'smtp' : 'lmtp'
  return /(?<!\bt)ftp|\bFileZilla Server\b|\bServ-U\b/i.test(text) ? 'ftp' : byCode(code, text)
}

function byCode(code: number, text: string): Wording | undefined {
  if (code === 211 && /^Features?:|^Extensions? supported/i.test(text)) return 'ftp'
  if (code === 211 || code === 214) {
    if (MAIL_COMMANDS.test(text)) return 'smtp'
    return FTP_COMMANDS.test(text) ? 'ftp' : undefined
  }
  if (code === 530) return FTP_LOGIN.test(text) ? 'ftp' : undefined
  return undefined
}

const HOST = /^[\w-]{1,63}(?:\.[\w-]{1,63}){0,20}\.?$/

/** The name at the beginning of a greeting (RFC 5321 section 4.2); a single word only right before the protocol's name. */
export function hostIn(text: string): string | undefined {
  const [first = '', second = ''] = text.slice(0, 400).split(' ')
  const name = first.length <= 255 && HOST.test(first) ? clip(first, 255) : undefined
  const known =
    /.\.[a-z][\w-]*\.?$/i.test(first) || (/^(?:ESMTP|SMTP|LMTP)\b/.test(second) && !/^\d/.test(first))
  return known ? name : undefined
}

/** Without a name of a host at its beginning, which may be called `ftp.example.org` for no reason. */
export function afterHost(text: string): string {
  const host = hostIn(text)
  return host === undefined ? text : text.slice(host.length)
}

/** For fingerprints: the lines as they came, without codes. */
export function bannerOf(lines: readonly string[]): string {
  return readable(lines.join('\r\n').slice(0, 1024))
}
