import { isoTime } from '@portkit/core'
import type { Protocol } from '../../model/protocol.ts'
import type { Details, Service } from '../../model/service.ts'
import { read32 } from '../../octets/big-endian.ts'
import { readLow16, readLow32 } from '../../octets/little-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'
import { negotiation, SESSION, SESSION_HEADER_LENGTH, SMB1, SMB2, sessionRequest } from './smb-message.ts'

/** Where SMB runs in NetBIOS sessions. */
const NETBIOS_PORT = 139

/** An answer to a negotiation at most. */
const MOST_LENGTH = 65_000

/** Of an answer to a negotiation (MS-SMB2 section 2.2.4), from the end of the header on. */
const AT = { size: 0, signing: 2, dialect: 4, guid: 8, time: 40 } as const
const NEGOTIATED = { size: 65, length: 64 } as const

const SIGNING: Readonly<Record<number, string>> = { 1: 'enabled', 2: 'required', 3: 'required' }

/** SMB, the protocol of Windows' shared folders (MS-SMB2). No server tells its version before somebody logs in. */
export const smb: Protocol = {
  name: 'smb',
  ports: { tcp: [445, NETBIOS_PORT] },
  // Servers with a NetBIOS session want it first; both are said at once.
  probe: ({ port, random }) =>
    port === NETBIOS_PORT ? concat(sessionRequest(), negotiation(random)) : negotiation(random),
  detect(octets, { sent, ended }) {
    if (!isOffer(sent)) return undefined
    const [kind] = octets
    switch (kind) {
      case undefined:
        return ended ? undefined : 'more'
      case SESSION.message:
        return sessionMessage(octets, ended)
      case SESSION.accepted:
        return sessionAccepted(octets, sent, ended)
      case SESSION.refused:
        return sessionRefused(octets, ended)
      default:
        return undefined
    }
  },
}

/** What was sent is a session's request or an offer of dialects. */
function isOffer(sent: Uint8Array): boolean {
  const [kind] = sent
  if (kind === SESSION.request) return true
  const isSmb = [SMB1.magic, SMB2.magic].some((magic) => hasAt(sent, SESSION_HEADER_LENGTH, magic))
  return kind === SESSION.message && isSmb
}

/** RFC 1002 section 4.3.3: nothing but its head. */
function sessionAccepted(octets: Uint8Array, sent: Uint8Array, ended: boolean): Service | 'more' | undefined {
  if (hasAt(octets, 1, [0, 0, 0]) === false) return undefined
  const rest = octets.subarray(SESSION_HEADER_LENGTH)
  // The answer to the offer follows, if there was one.
  const isAll = sent.length <= SESSION_HEADER_LENGTH + 2 * 34
  if (octets.length < SESSION_HEADER_LENGTH || (rest.length === 0 && !isAll)) {
    if (!ended) return 'more'
    return octets.length < SESSION_HEADER_LENGTH ? undefined : NETBIOS
  }
  if (isAll || rest[0] !== SESSION.message) return NETBIOS
  return sessionMessage(rest, ended) ?? NETBIOS
}

const NETBIOS: Service = { protocol: 'netbios-ssn' }

/** RFC 1002 section 4.3.4: one octet with the reason. */
function sessionRefused(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  if (hasAt(octets, 1, [0, 0, 1]) === false) return undefined
  const reason = octets[SESSION_HEADER_LENGTH]
  if (reason === undefined) return ended ? undefined : 'more'
  return reason < 0x80 ? undefined : { ...NETBIOS, info: `session refused, code 0x${reason.toString(16)}` }
}

function sessionMessage(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  const message = octets.subarray(SESSION_HEADER_LENGTH)
  const is2 = hasAt(message, 0, SMB2.magic)
  if (is2 === false && hasAt(message, 0, [...SMB1.magic, SMB1.negotiate]) === false) return undefined
  const length = read32(octets, 0) % 0x1000000
  const least = is2 ? SMB2.headerLength : SMB1.headerLength
  if (octets.length >= SESSION_HEADER_LENGTH && (length < least || length > MOST_LENGTH)) return undefined
  if (octets.length < SESSION_HEADER_LENGTH + least || message.length < length)
    return ended ? undefined : 'more'
  return is2 ? smb2Service(message.subarray(0, length)) : inDialect('1')
}

function smb2Service(message: Uint8Array): Service | undefined {
  const { at, headerLength, negotiate, response } = SMB2
  if (readLow16(message, at.command) !== negotiate || ((message[at.flags] ?? 0) & response) === 0)
    return undefined
  const body = message.subarray(headerLength)
  const isNegotiated = readLow16(body, AT.size) === NEGOTIATED.size && body.length >= NEGOTIATED.length
  if (!isNegotiated)
    return { protocol: 'smb', info: `status 0x${readLow32(message, at.status).toString(16)}` }
  return inDialect(dialectOf(readLow16(body, AT.dialect)), detailsOf(body))
}

function inDialect(dialect: string, details: Details = {}): Service {
  return { protocol: 'smb', info: `dialect ${dialect}`, details: { dialect, ...details } }
}

function detailsOf(body: Uint8Array): Details {
  const signing = SIGNING[readLow16(body, AT.signing) & 3]
  const time = timeAt(body, AT.time)
  return {
    ...(signing !== undefined && { signing }),
    'server guid': guidAt(body, AT.guid),
    ...(time !== undefined && { time }),
  }
}

/** `3.1.1` of 0x0311; two numbers are enough for 2.1 and 3.0. */
function dialectOf(code: number): string {
  const [major, minor, patch] = [code >>> 8, (code >>> 4) & 15, code & 15]
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`
}

/** As Windows writes it: the first three parts are little-endian numbers (MS-DTYP section 2.3.4). */
function guidAt(octets: Uint8Array, at: number): string {
  const hex = (from: number, to: number): string =>
    Buffer.from(octets.subarray(at + from, at + to)).toString('hex')
  const turned = (from: number, to: number): string =>
    Buffer.from(octets.slice(at + from, at + to).reverse()).toString('hex')
  return `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`
}

/** Milliseconds from 1601, where Windows' time begins, to 1970. */
const WINDOWS_ERA_MS = 11_644_473_600_000
/** The end of 9999, after which dates have more digits. */
const LAST_MS = 253_402_300_799_999

/** A FILETIME, in units of 100 ns (MS-DTYP section 2.3.3); undefined before 1970. */
function timeAt(octets: Uint8Array, at: number): string | undefined {
  const units = readLow32(octets, at + 4) * 2 ** 32 + readLow32(octets, at)
  const ms = Math.floor(units / 10_000) - WINDOWS_ERA_MS
  return ms < 0 || ms > LAST_MS ? undefined : isoTime(ms)
}
