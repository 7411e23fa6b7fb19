import { readable, told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { known } from '../kit/known.ts'
import { head, header } from '../web/http-head.ts'
import { softwareOf } from '../web/http-server.ts'

const rtspHead = head('RTSP')

/** RTSP (RFC 2326, RFC 7826): its first answer to OPTIONS says what serves, and which methods. */
export const rtsp: Protocol = {
  name: 'rtsp',
  ports: { tcp: [554, 8554] },
  tlsPorts: [322],
  probe: () =>
    new TextEncoder().encode('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: portkit-banner\r\n\r\n'),
  detect(octets, { transport, ended }) {
    if (transport === 'udp') return undefined
    const begun = rtspHead(octets, ended)
    if (begun === undefined || begun === 'more') return begun
    const { version, status, reason, headers } = begun.value
    const server = header(headers, 'server')
    const text = told(server)
    return {
      protocol: 'rtsp',
      info: told(`${status} ${reason}`, 80),
      ...softwareOf(readable(server ?? '')),
      details: known({
        'rtsp version': version,
        status,
        server: text,
        methods: told(header(headers, 'public')),
        'www-authenticate': told(header(headers, 'www-authenticate')),
      }),
      evidence: text === undefined ? undefined : [{ field: 'rtsp_header.server', text }],
    }
  },
}
