import { readable, told } from '../../model/peer-text.ts'
import type { ProbeContext, Protocol } from '../../model/protocol.ts'
import type { Evidence } from '../../model/service.ts'
import { known } from '../kit/known.ts'
import { type Headers, head, header } from '../web/http-head.ts'
import { hostOf } from '../web/http-request.ts'
import { softwareOf } from '../web/http-server.ts'

const sipHead = head('SIP')

/** SIP (RFC 3261) over TCP, TLS and UDP: its answer to OPTIONS (section 11), whatever that is. */
export const sip: Protocol = {
  name: 'sip',
  ports: { tcp: [5060], udp: [5060] },
  tlsPorts: [5061],
  probe: options,
  detect(octets, { ended }) {
    const begun = sipHead(octets, ended)
    if (begun === undefined || begun === 'more') return begun
    const { status, reason, headers } = begun.value
    return {
      protocol: 'sip',
      info: told(`${status} ${reason}`, 80),
      ...softwareOf(readable(header(headers, 'server') ?? header(headers, 'user-agent') ?? '')),
      details: known({
        status,
        server: told(header(headers, 'server')),
        'user-agent': told(header(headers, 'user-agent')),
        methods: told(header(headers, 'allow')),
        'www-authenticate': told(header(headers, 'www-authenticate')),
      }),
      evidence: evidenceOf(headers),
    }
  },
}

/** The answer comes back to where this came from (RFC 3581), so that no own address need be named. */
function options(context: ProbeContext): Uint8Array {
  const { transport, secure } = context
  const id = () => context.random().toString(16).padStart(8, '0')
  const uri = `sip:${hostOf(context.wishes)}:${context.port}`
  const lines = [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${secure ? 'TLS' : transport.toUpperCase()} portkit.invalid;rport;branch=z9hG4bK${id()}`,
    'Max-Forwards: 70',
    `From: <sip:banner@portkit.invalid>;tag=${id()}`,
    `To: <${uri}>`,
    `Call-ID: ${id()}@portkit.invalid`,
    'CSeq: 1 OPTIONS',
    'User-Agent: portkit-banner',
    'Accept: application/sdp',
    'Content-Length: 0',
  ]
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`)
}

/** Recog's fields. */
const FIELDS = [
  ['sip_header.server', 'server'],
  ['sip_header.user_agent', 'user-agent'],
] as const

function evidenceOf(headers: Headers): readonly Evidence[] | undefined {
  const evidence = FIELDS.flatMap(([field, name]) => {
    const text = told(header(headers, name))
    return text === undefined ? [] : [{ field, text }]
  })
  return evidence.length === 0 ? undefined : evidence
}
