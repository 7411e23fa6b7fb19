import type { Reader, Taken } from '../../dialogue/dialogue.ts'
import { latin1, line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'

/** RFC 4253 section 4.2: `SSH-protoversion-softwareversion SP comments`. */
export interface Identification {
  /** `2.0`; `1.99` of a server that also speaks 1.x. */
  readonly protocol: string
  /** Software and comments: `OpenSSH_9.2p1 Debian-2+deb12u3`. */
  readonly software: string
  /** The line as it was sent, without its end: it is part of what is signed. */
  readonly line: string
}

/** What we call ourselves. */
export const OUR_LINE = 'SSH-2.0-portkit'
export const OURS: Uint8Array = new TextEncoder().encode(`${OUR_LINE}\r\n`)

/** Lines that may come before, octets of one, and of all. */
const MOST = { lines: 20, line: 512, octets: 4096 } as const
const MARK = 'SSH-'
const LF = 0x0a

/**
 * Where the identification begins: at once, or behind other lines, which RFC 4253 allows. Most protocols begin with such
 * lines; those with the looks of another protocol are none.
 */
export function identificationIn(
  octets: Uint8Array,
  { ended, linesBefore }: { readonly ended: boolean; readonly linesBefore: boolean },
): (Taken<Identification> & { readonly whole: boolean }) | 'more' | undefined {
  let at = 0
  for (let count = 0; count <= MOST.lines && at <= MOST.octets; count += 1) {
    const rest = octets.subarray(at)
    const taken = lineOf(rest, ended, linesBefore)
    if (taken === undefined || taken === 'more') return taken
    at += taken.length
    const value = parsed(taken.value)
    if (value !== undefined) return { value, length: at, whole: octets[at - 1] === LF }
    if (!linesBefore || taken.value.startsWith(MARK)) return undefined
  }
  return undefined
}

/** A line that may be one of SSH; costs nothing where it is none. */
function lineOf(
  octets: Uint8Array,
  ended: boolean,
  linesBefore: boolean,
): Taken<string> | 'more' | undefined {
  const begun = latin1(octets.subarray(0, MARK.length))
  const could = MARK.startsWith(begun) || (linesBefore && !OTHERS.test(begun))
  return could ? line(MOST.line)(octets, ended) : undefined
}

/** The reader of identifications, whatever lines come before. */
export const identification: Reader<Identification> = (octets, ended) => {
  const taken = identificationIn(octets, { ended, linesBefore: true })
  return taken === undefined || taken === 'more' || taken.whole ? taken : undefined
}

// Replies with codes, POP3, IMAP, rsync, IRC, XML and HTML, JSON, HTTP, RFB, Redis and what is no text at all.
const OTHERS = /^(?:\d{3}|[-+*@:<{"[]|HTT|RFB|ERR)|[^\t\r\n -~]/

function parsed(text: string): Identification | undefined {
  const [, protocol, software] = /^SSH-(\d{1,2}\.\d{1,3})-(.*)$/s.exec(text) ?? []
  if (protocol === undefined || software === undefined) return undefined
  return { protocol, software: clip(readable(software), 255), line: text }
}
