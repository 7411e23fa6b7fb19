import type { CodedReply } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Service } from '../../model/service.ts'
import { productIn, systemIn } from '../kit/products.ts'
import { afterHost, bannerOf, hostIn, worded } from '../kit/replies.ts'
import { MAIL_PRODUCTS } from './products.ts'

/** What a greeting tells, where it is one of SMTP or LMTP. Steady. */
export function greeted(
  protocol: 'smtp' | 'lmtp',
  octets: Uint8Array,
  ended: boolean,
): Service | 'more' | undefined {
  const judged = worded(octets, ended)
  if (judged === undefined || judged === 'more') return judged
  if (judged.wording !== protocol) return undefined
  const { first, whole } = judged
  if (!whole || first.code !== 220) return refused(protocol, first)
  const text = first.lines[0] ?? ''
  return {
    protocol,
    ...productIn(MAIL_PRODUCTS, afterHost(text)),
    os: systemIn(afterHost(text)),
    hostname: hostIn(text),
    evidence: [{ field: 'smtp.banner', text: bannerOf(first.lines) }],
  }
}

/** 421 and 554: it speaks the protocol, but not now, or not with us. */
function refused(protocol: string, { code, lines }: CodedReply): Service {
  const says = code === 421 || code === 554
  return { protocol, info: says ? clip(readable(`${code} ${lines[0] ?? ''}`)) : undefined }
}

const MOST_EXTENSIONS = 60

/** Adds what the answer to EHLO or LHLO tells: name, then one extension a line (RFC 5321 section 4.1.1.1). */
export function afterHello(service: Service, reply: CodedReply | undefined): Service {
  if (reply?.code !== 250) return service
  const [first = '', ...rest] = reply.lines
  const extensions = rest.slice(0, MOST_EXTENSIONS).map((text) => clip(readable(text)))
  const offered = extensions.some((text) => /^STARTTLS\b/i.test(text))
  return {
    ...service,
    hostname: service.hostname ?? hostIn(first),
    info: offered ? 'STARTTLS offered' : service.info,
    details: { ...service.details, extensions },
  }
}
