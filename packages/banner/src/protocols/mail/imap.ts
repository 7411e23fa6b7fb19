import { latin1, line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { productIn, systemIn } from '../kit/products.ts'
import { afterHost, hostIn } from '../kit/replies.ts'
import { alone, firstOf, linesTo, say } from '../kit/talk.ts'
import { capabilitiesIn, learn } from './imap-talk.ts'
import { MAIL_PRODUCTS } from './products.ts'

const LF = 0x0a

/** Octets of a line at most; a greeting with its capabilities is long. */
const MOST = 2000

/** IMAP4 (RFC 9051, RFC 3501), its ID (RFC 2971), and STARTTLS. */
export const imap: Protocol = {
  name: 'imap',
  ports: { tcp: [143] },
  tlsPorts: [993],
  detect(octets, { ended }) {
    const begun = latin1(octets.subarray(0, 4))
    if (!BEGINNINGS.some((text) => begun === text.slice(0, begun.length))) return undefined
    const taken = line(MOST)(octets, ended)
    if (taken === undefined || taken === 'more') return taken
    const [, word, text = ''] = /^\* (OK|PREAUTH|BYE|BAD)(?: (.*)|$)/s.exec(taken.value) ?? []
    if (word === undefined) return undefined
    if (octets[taken.length - 1] !== LF || word === 'BAD') return { protocol: 'imap' }
    return greeted(word, text)
  },
  async ask(service, dialogue) {
    const greeting = await firstOf(dialogue, line(MOST))
    if (greeting === undefined || greeting.startsWith('* BYE')) return service
    const learnt = await learn(service, dialogue)
    await say(dialogue, 'p3 LOGOUT')
    return learnt
  },
  async startTls(dialogue) {
    // Not after PREAUTH: there is no way into TLS from there (RFC 9051 section 6.2.1).
    if (!(await dialogue.receive(line(MOST)))?.startsWith('* OK')) return false
    await say(dialogue, 'p1 CAPABILITY')
    const reply = await linesTo(dialogue, (text) => text.startsWith('p1 '))
    if (!capabilitiesIn(reply?.lines ?? []).includes('STARTTLS')) return false
    await say(dialogue, 'p2 STARTTLS')
    return (await dialogue.receive(alone(line())))?.startsWith('p2 OK') === true
  },
}

const BEGINNINGS = ['* OK', '* PR', '* BY', '* BA']

function greeted(word: string, text: string): Service {
  const capabilities = capabilitiesIn([text])
  const said = text.replace(/^\[[^\]]{0,1500}\] ?/, '')
  return {
    protocol: 'imap',
    ...productIn(MAIL_PRODUCTS, afterHost(said)),
    os: systemIn(said),
    hostname: hostIn(said),
    info: infoOf(word, said, capabilities),
    details: capabilities.length > 0 ? { capabilities } : undefined,
    evidence: [{ field: 'imap.banner', text: readable(text.slice(0, 1024)) }],
  }
}

function infoOf(word: string, said: string, capabilities: readonly string[]): string | undefined {
  if (word === 'PREAUTH') return 'logged in already'
  if (word === 'BYE') return clip(readable(`BYE ${said}`))
  return capabilities.includes('STARTTLS') ? 'STARTTLS offered' : undefined
}
