import { line } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { firstLine } from '../kit/first-line.ts'

const REQUEST = new TextEncoder().encode('PROTOCOLINFO 1\r\n')

const DENIED = '514 Authentication required.'
const INFO = '250-PROTOCOLINFO 1'

const MOST_LINES = 10

/** Tor's control port (control-spec, section 3.21): PROTOCOLINFO is answered before authentication. */
export const torControl: Protocol = {
  name: 'tor-control',
  ports: { tcp: [9051, 9151] },
  probe: () => REQUEST.slice(),
  detect(octets, { ended }) {
    const text = firstLine(octets, [DENIED, INFO], ended)
    if (text === undefined || text === 'more') return text
    return [DENIED, INFO].includes(text) ? { protocol: 'tor-control', product: 'Tor' } : undefined
  },
  async ask(service, dialogue) {
    if ((await dialogue.receive(line())) !== INFO) return service
    let told: Service = service
    for (let lines = 0; lines < MOST_LINES; lines += 1) {
      const text = await dialogue.receive(line())
      if (text === undefined || !text.startsWith('250-')) break
      told = withLine(told, text)
    }
    return told
  },
}

/** `250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE="…"`, `250-VERSION Tor="0.4.7.16"`. */
function withLine(service: Service, text: string): Service {
  const version = /^250-VERSION Tor="(\d[\w. ()+-]{0,80})"/.exec(text)?.[1]
  if (version !== undefined) return { ...service, version }
  const methods = /^250-AUTH METHODS=([A-Z_,]{1,80})/.exec(text)?.[1]
  return methods === undefined ? service : { ...service, details: { 'auth methods': methods.split(',') } }
}
