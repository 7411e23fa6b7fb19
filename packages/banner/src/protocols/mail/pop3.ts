import type { Dialogue } from '../../dialogue/dialogue.ts'
import { line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { productIn, systemIn } from '../kit/products.ts'
import { afterHost } from '../kit/replies.ts'
import { alone, firstOf, linesTo, say } from '../kit/talk.ts'
import { MAIL_PRODUCTS } from './products.ts'

const OK = '+OK'
const LF = 0x0a

/** POP3 (RFC 1939), its capabilities (RFC 2449), and into TLS (RFC 2595). */
export const pop3: Protocol = {
  name: 'pop3',
  ports: { tcp: [110] },
  tlsPorts: [995],
  detect(octets, { asked, ended }) {
    for (let i = 0; i < Math.min(OK.length, octets.length); i += 1)
      if (octets[i] !== OK.charCodeAt(i)) return undefined
    const taken = line(1000)(octets, ended)
    if (taken === undefined || taken === 'more') return taken
    const text = taken.value
    if (!/^\+OK(?: |$)/.test(text)) return undefined
    // Redis says `+OK` as well, once it is asked something.
    if (asked !== 'nothing' && !/\bPOP3?\b|Dovecot|\bready\b/i.test(text)) return undefined
    return octets[taken.length - 1] === LF ? greeted(text.slice(OK.length + 1)) : { protocol: 'pop3' }
  },
  async ask(service, dialogue) {
    if (!(await firstOf(dialogue, line(1000)))?.startsWith(OK)) return service
    const capabilities = await capabilitiesOf(dialogue)
    await say(dialogue, 'QUIT')
    return capabilities === undefined ? service : withCapabilities(service, capabilities)
  },
  async startTls(dialogue) {
    if (!(await dialogue.receive(line(1000)))?.startsWith(OK)) return false
    await say(dialogue, 'STLS')
    return (await dialogue.receive(alone(line())))?.startsWith(OK) === true
  },
}

function greeted(text: string): Service {
  return {
    protocol: 'pop3',
    ...productIn(MAIL_PRODUCTS, afterHost(text)),
    os: systemIn(text),
    // APOP's timestamp (RFC 1939 section 7): <process.clock@host>.
    hostname: /<[^<>@ ]{1,100}@([\w.-]{1,255})>/.exec(text.slice(0, 600))?.[1],
    evidence: [{ field: 'pop3.banner', text: readable(text) }],
  }
}

async function capabilitiesOf(dialogue: Dialogue): Promise<readonly string[] | undefined> {
  await say(dialogue, 'CAPA')
  if (!(await dialogue.receive(line()))?.startsWith(OK)) return undefined
  return (await linesTo(dialogue, (text) => text === '.'))?.lines
}

const MOST = 60

function withCapabilities(service: Service, lines: readonly string[]): Service {
  const capabilities = lines.slice(0, MOST).map((text) => clip(readable(text)))
  // RFC 2449 section 6.9: the server's name and version, where it tells them.
  const implementation = capabilities.find((text) => /^IMPLEMENTATION /i.test(text))
  const said = implementation?.slice('IMPLEMENTATION '.length) ?? ''
  return {
    ...service,
    ...(service.product === undefined ? productIn(MAIL_PRODUCTS, said) : {}),
    info: capabilities.some((text) => /^STLS$/i.test(text)) ? 'STLS offered' : service.info,
    details: { ...service.details, capabilities },
  }
}
