import { type ByteStream, StreamFault } from '@portkit/core'
import { Conversation } from '../dialogue/conversation.ts'
import type { Exchange } from '../model/finding.ts'
import type { Protocol } from '../model/protocol.ts'
import type { TlsFacts } from '../tls/tls-facts.ts'
import { Approach } from './approach.ts'
import { overhear } from './overheard.ts'
import { connectAgain, type PortWork, plainly } from './port-work.ts'

/** How TLS is begun. */
export interface TlsWay {
  /** The command protocol whose STARTTLS leads there. */
  readonly after?: Protocol | undefined
  /** Protocols offered by ALPN, best first. */
  readonly alpn: readonly string[]
}

/** What came of TLS at a port. */
export type TlsAttempt =
  | { readonly kind: 'secure'; readonly approach: Approach; readonly facts: TlsFacts }
  /** It speaks TLS, but not with us: OpenSSL's reason. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing there speaks TLS. */
  | { readonly kind: 'none' }

/** What only a peer that speaks TLS makes OpenSSL say. */
const SPOKEN =
  /ALERT|UNSUPPORTED_PROTOCOL|NO_SHARED|NO_CIPHER|NO_PROTOCOLS|CERTIFICATE|BAD_ECPOINT|DH_KEY_TOO_SMALL|EE_KEY|CA_KEY|CA_MD|SIGALG|SIGNATURE/
const NO_ALPN = /NO_APPLICATION_PROTOCOL/

/** Shakes hands, within the usual wait. @throws LocalFault */
export async function approachByTls(work: PortWork, way: TlsWay, plain?: Approach): Promise<TlsAttempt> {
  const first = await shake(work, way, await openFor(work, way, plain))
  if (first === undefined) return { kind: 'none' }
  if (typeof first === 'object') {
    const { conversation, facts } = first
    return { kind: 'secure', approach: secureApproach(work, way, conversation), facts }
  }
  if (NO_ALPN.test(first) && way.alpn.length > 0) return approachByTls(work, { ...way, alpn: [] })
  return SPOKEN.test(first) ? { kind: 'refused', reason: reasonOf(first) } : { kind: 'none' }
}

function secureApproach(work: PortWork, way: TlsWay, first: Conversation): Approach {
  return new Approach(true, async () => converse(await shake(work, way, await openFor(work, way))), first)
}

interface Shaken {
  readonly conversation: Conversation
  readonly facts: TlsFacts
}

/** `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE` in words. */
function reasonOf(code: string): string {
  return code
    .replace(/^ERR_(SSL_)?/, '')
    .replace(/^(?:SSL|TLS)V\d+_(?=ALERT)/, '')
    .replaceAll('_', ' ')
    .toLowerCase()
}

function converse(shaken: Shaken | string | undefined): Conversation | undefined {
  return typeof shaken === 'object' ? shaken.conversation : undefined
}

/** A stream on which the next octet is TLS's first. */
async function openFor(work: PortWork, { after }: TlsWay, plain?: Approach): Promise<ByteStream | undefined> {
  const open = await (plain?.fresh() ?? connectAgain(work).then((stream) => stream && plainly(work, stream)))
  if (open === undefined) return undefined
  open.asking(after?.name ?? 'tls')
  if (after?.startTls !== undefined && !(await after.startTls(open))) {
    open.close()
    return undefined
  }
  const stream = open.handOver()
  if (stream === undefined) open.close()
  return stream
}

/** undefined: no connection; a text: OpenSSL's code. @throws LocalFault */
async function shake(
  work: PortWork,
  way: TlsWay,
  stream: ByteStream | undefined,
): Promise<Shaken | string | undefined> {
  if (stream === undefined) return undefined
  const { kit, budget, wishes, waitMs } = work
  const { signal, cancel } = budget.signalAfter(HANDSHAKE_WAITS * waitMs)
  // An address has no SNI, but it may stand in the certificate.
  const settings = { serverName: wishes.serverName || work.host, verify: false, weak: true, alpn: way.alpn }
  const overheard = overhear(stream, kit.io.clock)
  try {
    const [secure, { tlsFactsOf }] = await Promise.all([
      kit.io.sockets.secure(overheard.stream, 'client', settings, signal),
      import('../tls/facts.ts'),
    ])
    const again = async (alpn = way.alpn): Promise<Conversation | undefined> =>
      converse(await shake(work, { ...way, alpn }, await openFor(work, way)))
    const conversation = new Conversation(secure, work, { secure: true, alpn: secure.alpn, again })
    return { conversation, facts: tlsFactsOf(secure, kit.io.clock.wallMs(), way.after?.name) }
  } catch (fault) {
    if (!(fault instanceof StreamFault || signal.aborted)) throw fault
    const code = fault instanceof StreamFault ? fault.code : undefined
    const { sent, received, firstNs } = overheard
    const end = endOf(code, received.length > 0)
    work.transcript.tell({ asked: 'tls', secure: false, sent, received, end, firstNs })
    return code
  } finally {
    cancel()
  }
}

/** How a handshake that failed ended. */
function endOf(code: string | undefined, isAnswered: boolean): Exchange['end'] {
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return 'reset'
    case 'EPROTO':
      return 'closed'
    default:
      return code !== undefined && isAnswered ? 'whole' : 'quiet'
  }
}

/** Servers compute for a handshake, and slow ones are not to be taken for something else. */
const HANDSHAKE_WAITS = 1.5
