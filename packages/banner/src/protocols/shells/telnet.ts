import { clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { BIGGEST_OPTION, IAC, isNegotiation, SB } from './telnet-commands.ts'
import { negotiate } from './telnet-talk.ts'
import { said } from './telnet-text.ts'

/** Telnet (RFC 854), known by the commands that negotiate its options (RFC 855). */
export const telnet: Protocol = {
  name: 'telnet',
  ports: { tcp: [23] },
  tlsPorts: [992],
  detect(octets, { ended }) {
    const [first = IAC, verb = SB, option = 0] = octets
    if (first !== IAC || !(isNegotiation(verb) || verb === SB) || option > BIGGEST_OPTION) return undefined
    if (octets.length >= 3) return { protocol: 'telnet' }
    return ended ? undefined : 'more'
  },
  async ask(service, dialogue): Promise<Service> {
    const text = await negotiate(dialogue)
    const login = clipped(text, 400)
    if (login === undefined) return service
    return {
      ...service,
      ...said(text),
      details: { ...service.details, 'login text': login },
      evidence: [{ field: 'telnet.banner', text: text.slice(0, 1024) }],
    }
  },
}
