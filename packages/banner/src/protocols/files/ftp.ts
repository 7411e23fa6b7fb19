import type { Dialogue } from '../../dialogue/dialogue.ts'
import { type CodedReply, codedReply } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { systemIn } from '../kit/products.ts'
import { afterHost, bannerOf, hostIn, worded } from '../kit/replies.ts'
import { alone, ask, firstOf, say } from '../kit/talk.ts'
import { nameOf } from './ftp-products.ts'

/** FTP (RFC 959), and into TLS (RFC 4217). */
export const ftp: Protocol = {
  name: 'ftp',
  ports: { tcp: [21, 2121] },
  tlsPorts: [990],
  detect(octets, { ended }) {
    const judged = worded(octets, ended)
    if (judged === undefined || judged === 'more') return judged
    return judged.wording === 'ftp' ? greeted(judged.first, judged.whole) : undefined
  },
  async ask(service, dialogue) {
    const greeting = await firstOf(dialogue, codedReply)
    if (greeting === undefined || greeting.code === 421) return service
    return learn(service, dialogue)
  },
  async startTls(dialogue) {
    if ((await afterWaiting(dialogue))?.code !== 220) return false
    await say(dialogue, 'AUTH TLS')
    return (await dialogue.receive(alone(codedReply)))?.code === 234
  },
}

function greeted(first: CodedReply, whole: boolean): Service {
  const [line = ''] = first.lines
  if (!whole || first.code !== 220)
    return { protocol: 'ftp', info: first.code === 421 ? clip(readable(`421 ${line}`)) : undefined }
  return {
    protocol: 'ftp',
    ...nameOf(first.lines),
    os: systemIn(afterHost(line)),
    hostname: hostIn(line),
    evidence: [{ field: 'ftp.banner', text: bannerOf(first.lines) }],
  }
}

/** The greeting that follows `120 Service ready in nnn minutes`, if that came. */
async function afterWaiting(dialogue: Dialogue): Promise<CodedReply | undefined> {
  const greeting = await dialogue.receive(codedReply)
  return greeting?.code === 120 ? dialogue.receive(codedReply) : greeting
}

const MOST_FEATURES = 60

async function learn(service: Service, dialogue: Dialogue): Promise<Service> {
  const syst = await ask(dialogue, 'SYST')
  const feat = syst === undefined ? undefined : await ask(dialogue, 'FEAT')
  await say(dialogue, 'QUIT')
  const system = syst?.code === 215 ? { system: clip(readable(syst.lines[0] ?? '')) } : {}
  // RFC 2389: one feature a line, between the first line and the last.
  const features = feat?.code === 211 ? feat.lines.slice(1, -1).slice(0, MOST_FEATURES).map(strip) : []
  const offered = features.some((text) => /^AUTH\b.*\bTLS\b/i.test(text))
  return {
    ...service,
    info: offered ? 'AUTH TLS offered' : service.info,
    details: { ...service.details, ...system, ...(features.length > 0 ? { features } : {}) },
  }
}

/** Some servers repeat the code on every line. */
const strip = (text: string): string => clip(readable(text.replace(/^211-/, '')))
