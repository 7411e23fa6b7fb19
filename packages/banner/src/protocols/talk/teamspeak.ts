import { line } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import { hasAt } from '../../octets/octets.ts'

/** Its lines end in LF CR. */
const GREETING = Uint8Array.from('TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface', (c) =>
  c.charCodeAt(0),
)

const MOST_LINES = 8

/** TeamSpeak's ServerQuery (its manual): `version` may be asked without logging in. */
export const teamspeak: Protocol = {
  name: 'teamspeak',
  ports: { tcp: [10_011] },
  detect(octets, { ended }) {
    const has = hasAt(octets, 0, GREETING)
    if (has === true) return { protocol: 'teamspeak', product: 'TeamSpeak' }
    return has === false || ended ? undefined : 'more'
  },
  async ask(service, dialogue) {
    await dialogue.send(new TextEncoder().encode('version\n'))
    for (let lines = 0; lines < MOST_LINES; lines += 1) {
      const text = await dialogue.receive(line())
      if (text === undefined) return service
      const [, version, build, platform] =
        /^\r?version=(\d[\w.+-]{0,40}) build=(\d{1,20}) platform=([\w-]{1,40})\r?$/.exec(text) ?? []
      if (version !== undefined && build !== undefined && platform !== undefined)
        return { ...service, version, os: platform, details: { build } }
    }
    return service
  },
}
