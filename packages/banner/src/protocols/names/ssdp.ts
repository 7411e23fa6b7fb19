import { readable, told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { known } from '../kit/known.ts'
import { head, header } from '../web/http-head.ts'
import { softwareOf } from '../web/http-server.ts'

const httpHead = head('HTTP')

/** SSDP, as UPnP has it (UPnP Device Architecture 1.1, section 1.3): one datagram about one device. */
export const ssdp: Protocol = {
  name: 'ssdp',
  ports: { udp: [1900] },
  // ssdp:all would bring an answer for each of the device's services. Older devices want the group's address as Host.
  probe: () =>
    new TextEncoder().encode(
      [
        'M-SEARCH * HTTP/1.1',
        'Host: 239.255.255.250:1900',
        'Man: "ssdp:discover"',
        'MX: 1',
        'ST: upnp:rootdevice',
        '',
        '',
      ].join('\r\n'),
    ),
  detect(octets, { transport, ended }) {
    if (transport !== 'udp') return undefined
    const begun = httpHead(octets, ended)
    if (begun === undefined || begun === 'more') return begun
    const { headers } = begun.value
    if (!headers.has('usn') && !headers.has('st')) return undefined
    const server = header(headers, 'server')
    const text = told(server)
    return {
      protocol: 'ssdp',
      info: told(header(headers, 'st')),
      ...softwareOf(readable(server ?? '')),
      details: known({
        server: text,
        location: told(header(headers, 'location'), 1000),
        usn: told(header(headers, 'usn')),
      }),
      evidence: text === undefined ? undefined : [{ field: 'ssdp_header.server', text }],
    }
  },
}
