import { latin1 } from '../../dialogue/readers.ts'
import { clip, clipped } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import type { Wishes } from '../../model/wishes.ts'
import { alone } from '../kit/talk.ts'
import { attribute, featuresIn, STREAM_FEATURES, upTo } from './xmpp-stream.ts'

/** XMPP (RFC 6120), between clients and servers and between servers. */
export const xmpp: Protocol = {
  name: 'xmpp',
  ports: { tcp: [5222, 5269] },
  tlsPorts: [5223, 5270],
  probe: ({ wishes }) => header(wishes),
  detect(octets, { ended }) {
    const begun = latin1(octets.subarray(0, MOST))
    const tag = TAG.exec(begun)
    if (tag !== null) return opened(tag[0].slice(tag[0].indexOf('<stream:')))
    const could = octets.length < MOST && couldBegin(begun)
    return could && !ended ? 'more' : undefined
  },
  async ask(service, dialogue) {
    const answer = await dialogue.receive(upTo(STREAM_FEATURES))
    await dialogue.send(new TextEncoder().encode('</stream:stream>'))
    return answer === undefined ? service : withFeatures(service, answer)
  },
  async startTls(dialogue) {
    await dialogue.send(header(dialogue.wishes))
    const answer = await dialogue.receive(upTo(STREAM_FEATURES))
    if (answer === undefined || !/<starttls[\s>/]/.test(answer)) return false
    await dialogue.send(new TextEncoder().encode("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))
    const word = await dialogue.receive(alone(upTo(/<(?:proceed|failure)\b[^>]{0,300}>(?:<\/proceed>)?/)))
    return word?.includes('<proceed') === true
  },
}

const MOST = 2048
const DECLARATION = '<?xml '
/** The stream's first tag, perhaps behind an XML declaration. */
const TAG = /^\s{0,20}(?:<\?xml [^<>]{0,200}\?>\s{0,20})?<stream:(?:stream|error)\b[^<>]*>/

/** The beginning of such an answer, as far as it is there. */
function couldBegin(text: string): boolean {
  const rest = text.replace(/^\s{1,20}/, '').replace(/^<\?xml [^<>]{0,200}\?>\s{0,20}/, '')
  if (rest.startsWith(DECLARATION)) return /^<\?xml [^<>]{0,200}$/.test(rest)
  return [DECLARATION, '<stream:stream', '<stream:error'].some((start) =>
    rest.length < start.length ? start.startsWith(rest) : rest.startsWith(start),
  )
}

function opened(tag: string): Service {
  const ofServers = attribute(tag, 'xmlns') === 'jabber:server'
  return {
    protocol: 'xmpp',
    info: ofServers ? 'for servers' : undefined,
    hostname: clipped(readable(attribute(tag, 'from') ?? ''), 255),
  }
}

/** A stream's header to that host; to the name of the service where one is known (RFC 6120 section 4.7.2). */
function header({ serverName, host }: Wishes): Uint8Array {
  const to = (serverName || host).replace(/[^\w.:-]/g, '')
  return new TextEncoder().encode(
    `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xml:lang='en'` +
      " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
  )
}

function withFeatures(service: Service, answer: string): Service {
  const { product, features, mechanisms, starttls, error } = featuresIn(answer)
  const info = error === undefined ? starttls : clip(`error: ${error}`)
  return {
    ...service,
    product: service.product ?? product,
    info: info ?? service.info,
    details: {
      ...service.details,
      ...(features.length > 0 ? { features } : {}),
      ...(mechanisms.length > 0 ? { mechanisms } : {}),
    },
  }
}
