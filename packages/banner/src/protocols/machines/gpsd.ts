import { clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import { firstLine } from '../kit/first-line.ts'
import { at, objectOf, textAt } from '../kit/json.ts'

/** gpsd (its JSON protocol, man gpsd_json): it greets with a VERSION object. */
export const gpsd: Protocol = {
  name: 'gpsd',
  ports: { tcp: [2947] },
  detect(octets, { ended }) {
    const text = firstLine(octets, ['{"class":"VERSION",'], ended)
    if (text === undefined || text === 'more') return text
    const greeting = objectOf(text)
    const version = clipped(textAt(greeting, 'release'), 60)
    const [major, minor] = [at(greeting, 'proto_major'), at(greeting, 'proto_minor')]
    if (version === undefined || typeof major !== 'number' || typeof minor !== 'number') return undefined
    return { protocol: 'gpsd', product: 'gpsd', version, info: `protocol ${major}.${minor}` }
  },
}
