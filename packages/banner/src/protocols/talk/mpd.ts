import type { Protocol } from '../../model/protocol.ts'
import { firstLine } from '../kit/first-line.ts'

/**
 * Music Player Daemon (its protocol's "Protocol overview"): the version in its greeting is the protocol's,
 * not its own.
 */
export const mpd: Protocol = {
  name: 'mpd',
  ports: { tcp: [6600] },
  detect(octets, { ended }) {
    const text = firstLine(octets, ['OK MPD '], ended)
    if (text === undefined || text === 'more') return text
    const version = /^OK MPD (\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)$/.exec(text)?.[1]
    return version === undefined
      ? undefined
      : { protocol: 'mpd', product: 'MPD', info: `protocol ${version}` }
  },
}
