import { line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { type ProductRule, productIn, systemIn } from '../kit/products.ts'
import { afterHost, hostIn } from '../kit/replies.ts'
import { alone, firstOf, linesTo, say } from '../kit/talk.ts'

const LF = 0x0a

/** NNTP (RFC 3977), and into TLS (RFC 4642). */
export const nntp: Protocol = {
  name: 'nntp',
  ports: { tcp: [119] },
  tlsPorts: [563],
  detect(octets, { ended }) {
    // 200, 201: posting allowed or not.
    const [two = 0x32, nought = 0x30, last = 0x30, blank = 0x20] = octets
    if (two !== 0x32 || nought !== 0x30 || last >> 1 !== 0x18 || blank !== 0x20) return undefined
    const taken = line(1000)(octets, ended)
    if (taken === undefined || taken === 'more') return taken
    const text = taken.value.slice(4)
    if (!/\b(?:NNTP|NNRP|InterNetNews|INN \d|Leafnode|Usenet|DNEWS|posting)\b/i.test(text)) return undefined
    return octets[taken.length - 1] === LF ? greeted(text) : { protocol: 'nntp' }
  },
  async ask(service, dialogue) {
    if (!(await firstOf(dialogue, line(1000)))?.startsWith('20')) return service
    await say(dialogue, 'CAPABILITIES')
    const code = await dialogue.receive(line())
    const list = code?.startsWith('101') ? await linesTo(dialogue, (text) => text === '.') : undefined
    await say(dialogue, 'QUIT')
    return list === undefined ? service : withCapabilities(service, list.lines)
  },
  async startTls(dialogue) {
    if (!/^20[01] /.test((await dialogue.receive(line(1000))) ?? '')) return false
    await say(dialogue, 'STARTTLS')
    return (await dialogue.receive(alone(line())))?.startsWith('382') === true
  },
}

const version = '(\\d[\\w.]*)'

const RULES: readonly ProductRule[] = [
  { product: 'INN', says: new RegExp(`\\bINN ${version}`) },
  { product: 'Leafnode', says: new RegExp(`\\bLeafnode\\b(?: NNTP Daemon, version ${version})?`, 'i') },
  { product: 'Microsoft NNTP Service', says: new RegExp(`\\bNNTP Service (?:[\\d.]+ )?Version: ${version}`) },
  { product: 'Cyrus', says: new RegExp(`\\bCyrus NNTP(?: v?${version})?`) },
  { product: 'DNEWS', says: new RegExp(`\\bDNEWS Version ${version}`) },
  { product: 'Diablo', says: new RegExp(`\\bDiablo(?: ${version})?`) },
]

function greeted(text: string): Service {
  return {
    protocol: 'nntp',
    ...productIn(RULES, afterHost(text)),
    os: systemIn(afterHost(text)),
    hostname: hostIn(text),
    evidence: [{ field: 'nntp.banner', text: readable(text) }],
  }
}

const MOST = 60

function withCapabilities(service: Service, lines: readonly string[]): Service {
  const capabilities = lines.slice(0, MOST).map((text) => clip(readable(text)))
  const said = capabilities.find((text) => /^IMPLEMENTATION /i.test(text))
  return {
    ...service,
    ...(service.product === undefined && said !== undefined ? productIn(RULES, said) : {}),
    info: capabilities.some((text) => /^STARTTLS$/i.test(text)) ? 'STARTTLS offered' : service.info,
    details: { ...service.details, capabilities },
  }
}
