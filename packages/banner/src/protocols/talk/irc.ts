import type { Dialogue } from '../../dialogue/dialogue.ts'
import { line } from '../../dialogue/readers.ts'
import { clip, clipped } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { splitVersion } from '../kit/products.ts'
import { say } from '../kit/talk.ts'

/** IRC (RFC 1459, RFC 2812). */
export const irc: Protocol = {
  name: 'irc',
  ports: { tcp: [6667, 6665, 6666, 6668, 6669] },
  tlsPorts: [6697],
  probe: ({ random }) => new TextEncoder().encode(`${registration(random())}\r\n`),
  detect(octets, { ended }) {
    if (octets.length > 0 && !BEGINNINGS.includes(octets[0] ?? 0)) return undefined
    const taken = line(MOST)(octets, ended)
    return taken === undefined || taken === 'more' ? taken : said(taken.value)
  },
  async ask(service, dialogue) {
    const learnt = await welcomed(service, dialogue)
    await say(dialogue, 'QUIT')
    return learnt
  },
}

/** RFC 2812 has 512 octets; servers with tags (IRCv3) send more. */
const MOST = 1024

/** `:` `E` `N`: a message with its sender, ERROR, NOTICE. */
const BEGINNINGS: readonly number[] = [0x3a, 0x45, 0x4e]

// A name of at most nine characters that nobody is likely to have (RFC 2812 section 1.2.1).
const nick = (random: number): string => `pk${random.toString(36).slice(-6)}`
const registration = (random: number): string => `NICK ${nick(random)}\r\nUSER portkit 0 * :portkit`

const FROM_SERVER = /^:([^ !@:]{1,255}) (\d{3}|NOTICE) [^ ]{1,64} (?!$)/

function said(text: string): Service | undefined {
  const error = /^ERROR :(.*)$/s.exec(text)
  if (error !== null) return { protocol: 'irc', info: clip(readable(`ERROR: ${error[1] ?? ''}`)) }
  if (/^NOTICE (?:AUTH|\*) :/.test(text)) return { protocol: 'irc' }
  const host = FROM_SERVER.exec(text)?.[1]
  return host === undefined ? undefined : { protocol: 'irc', hostname: clip(host) }
}

/** Lines read before the welcome at most. */
const MOST_LINES = 60

interface Message {
  readonly host: string | undefined
  readonly command: string
  readonly parameters: string
}

/** RFC 2812 section 2.3.1. */
function messageIn(text: string): Message {
  const [, host, command = '', parameters = ''] =
    /^(?::([^ ]{1,255}) )?([A-Z]{1,20}|\d{3}) (.*)$/s.exec(text) ?? []
  return { host, command, parameters }
}

/** Reads on until the server has told its version, registering where that was not done yet. */
async function welcomed(service: Service, dialogue: Dialogue): Promise<Service> {
  let known = service
  for (let count = 0; count < MOST_LINES; count += 1) {
    const text = await dialogue.receive(line(MOST))
    if (text === undefined) return known
    const message = messageIn(text)
    if (isLast(message)) return versioned(known, message)
    if (/^\d/.test(message.command)) known = { ...known, hostname: clipped(message.host) ?? known.hostname }
    await comply(dialogue, message, count === 0)
  }
  return known
}

async function comply(dialogue: Dialogue, { command, parameters }: Message, isFirst: boolean): Promise<void> {
  if (command === 'PING') await say(dialogue, `PONG ${parameters}`)
  // A notice comes before anything was said; where the probe has registered already, this changes nothing.
  const early = isFirst && (command === 'NOTICE' || command === NOT_REGISTERED)
  if (early) await say(dialogue, registration(dialogue.random()))
}

/** RPL_MYINFO, the last that is of interest, and ERR_NOTREGISTERED. */
const MY_INFO = '004'
const NOT_REGISTERED = '451'

function isLast({ command }: Message): boolean {
  if (command === MY_INFO || command === 'ERROR') return true
  return /^[45]/.test(command) && command !== NOT_REGISTERED
}

const NAMES: Readonly<Record<string, string>> = { ngircd: 'ngIRCd', hybrid: 'ircd-hybrid' }

/** With what `nick servername version usermodes chanmodes` tells; any other message tells nothing. */
function versioned(service: Service, { command, parameters }: Message): Service {
  const [, hostname, software] = parameters.split(' ', 3)
  if (command !== MY_INFO || software === undefined) return service
  const named = splitVersion(clip(software))
  const product = NAMES[named?.product ?? ''] ?? named?.product
  return { ...service, hostname: clipped(hostname), product, version: named?.version }
}
