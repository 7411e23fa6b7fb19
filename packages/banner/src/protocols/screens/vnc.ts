import type { Dialogue } from '../../dialogue/dialogue.ts'
import { exactly, latin1 } from '../../dialogue/readers.ts'
import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details } from '../../model/service.ts'
import { read32 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'

const START = Uint8Array.from('RFB ', (c) => c.charCodeAt(0))
const LENGTH = 12

/** Security types (RFC 6143 section 8.1.2, IANA's registry of them). */
const SECURITY: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'VNC authentication',
  5: 'RA2',
  6: 'RA2ne',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'SASL',
  21: 'MD5 hash',
  22: 'xvp',
  30: 'Diffie-Hellman (Apple)',
}

/** The longest reason that is read. */
const LONGEST_REASON = 2000

/** Remote framebuffer (RFC 6143), as VNC has it: `RFB 003.008`. */
export const vnc: Protocol = {
  name: 'vnc',
  ports: { tcp: [5900, 5901, 5902, 5903] },
  detect(octets, { ended }) {
    if (hasAt(octets, 0, START) === false) return undefined
    if (octets.length < LENGTH) return ended ? undefined : 'more'
    const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(latin1(octets.subarray(0, LENGTH))) ?? []
    if (major === undefined) return undefined
    return { protocol: 'vnc', info: `protocol ${Number(major)}.${Number(minor)}` }
  },
  async ask(service, dialogue) {
    const greeting = await dialogue.receive(exactly(LENGTH))
    if (greeting === undefined) return service
    const version = clientVersion(latin1(greeting))
    await dialogue.send(new TextEncoder().encode(`RFB 003.00${version}\n`))
    const details = version === 3 ? await decided(dialogue) : await offered(dialogue)
    return details === undefined ? service : { ...service, details }
  },
}

/**
 * The minor version of RFC 6143's three that the server speaks; what is between or above is told as one of
 * them.
 */
function clientVersion(greeting: string): 3 | 7 | 8 {
  const number = Number(greeting.slice(4, 11))
  if (number >= 3.008) return 8
  return number >= 3.007 ? 7 : 3
}

/** Section 7.1.2: a list of types, or none and the reason. */
async function offered(dialogue: Dialogue): Promise<Details | undefined> {
  const count = (await dialogue.receive(exactly(1)))?.[0]
  if (count === undefined) return undefined
  if (count === 0) return refused(dialogue)
  const types = await dialogue.receive(exactly(count))
  return types === undefined ? undefined : { 'security types': Array.from(types, nameOf) }
}

/** Version 3.3: the server decides. */
async function decided(dialogue: Dialogue): Promise<Details | undefined> {
  const word = await dialogue.receive(exactly(4))
  if (word === undefined) return undefined
  const type = read32(word, 0)
  return type === 0 ? refused(dialogue) : { 'security types': [nameOf(type)] }
}

async function refused(dialogue: Dialogue): Promise<Details | undefined> {
  const word = await dialogue.receive(exactly(4))
  if (word === undefined || read32(word, 0) > LONGEST_REASON) return undefined
  const reason = await dialogue.receive(exactly(read32(word, 0)))
  const refusal = reason === undefined ? undefined : toldOctets(reason)
  return refusal === undefined ? undefined : { refusal }
}

const nameOf = (type: number): string => SECURITY[type] ?? `type ${type}`
