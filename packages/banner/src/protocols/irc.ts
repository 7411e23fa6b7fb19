import type { Dialogue } from '../dialogue/dialogue.ts'
import { line } from '../dialogue/readers.ts'
import { clip } from '../model/clip.ts'
import type { Protocol } from '../model/protocol.ts'
import type { Service } from '../model/service.ts'
import { splitVersion } from './mail-products.ts'
import { say } from './mail-talk.ts'

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
  if (error !== null) return { protocol: 'irc', info: clip(`ERROR: ${error[1] ?? ''}`) }
  if (/^NOTICE (?:AUTH|\*) :/.test(text)) return { protocol: 'irc' }
  const host = FROM_SERVER.exec(text)?.[1]
  return host === undefined ? undefined : { protocol: 'irc', hostname: clip(host) }
}

/** Lines read before the welcome at most. */
const MOST_LINES = 60

/** Reads on until the server has told its version, registering first. */
async function welcomed(service: Service, dialogue: Dialogue): Promise<Service> {
  let known = service
  let registered = false
  for (let count = 0; count < MOST_LINES; count += 1) {
    const text = await dialogue.receive(line(MOST))
    if (text === undefined || text.startsWith('ERROR')) return known
    if (text.startsWith('PING ')) await say(dialogue, `PONG ${text.slice(5)}`)
    const [, host, numeric, rest = ''] = /^:([^ ]+) (\d{3}) [^ ]+ (.*)$/s.exec(text) ?? []
    if (numeric === MY_INFO) return versioned(known, rest)
    if (numeric !== undefined && numeric >= '400' && numeric < '600') return known
    if (host !== undefined) known = { ...known, hostname: clip(host) }
    // A greeting came before anything was said; where the probe has registered already, this changes nothing.
    if (numeric === undefined && !registered) await say(dialogue, registration(dialogue.random()))
    registered = true
  }
  return known
}

/** RPL_MYINFO: `servername version usermodes chanmodes`. */
const MY_INFO = '004'

const NAMES: Readonly<Record<string, string>> = { ngircd: 'ngIRCd', u: 'ircu', hybrid: 'ircd-hybrid' }

function versioned(service: Service, rest: string): Service {
  const [hostname = '', software = ''] = rest.split(' ')
  const named = splitVersion(clip(software))
  const product = named === undefined ? undefined : (NAMES[named.product] ?? named.product)
  return { ...service, hostname: clip(hostname), product, version: named?.version, info: undefined }
}
