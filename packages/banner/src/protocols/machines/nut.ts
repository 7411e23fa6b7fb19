import { line } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { firstLine } from '../kit/first-line.ts'

const VERSION = /^Network UPS Tools upsd (\d[\w.+-]{0,40})/

/** Its errors (RFC 9271 section 4.2.10) that an unknown word draws. */
const ERRORS = ['ERR INVALID-ARGUMENT', 'ERR UNKNOWN-COMMAND', 'ERR FEATURE-NOT-SUPPORTED']

const VER = new TextEncoder().encode('VER\n')

/** Lines read until the version comes: an error for each line that was said before. */
const MOST_LINES = 6

/** Network UPS Tools (RFC 9271). */
export const nut: Protocol = {
  name: 'nut',
  ports: { tcp: [3493] },
  probe: () => VER.slice(),
  detect(octets, { ended }) {
    const text = firstLine(octets, ['Network UPS Tools upsd ', ...ERRORS], ended)
    if (text === undefined || text === 'more') return text
    if (ERRORS.includes(text)) return { protocol: 'nut' }
    return versioned({ protocol: 'nut' }, text)
  },
  async ask(service, dialogue) {
    if (service.version !== undefined) return service
    await dialogue.send(VER.slice())
    for (let lines = 0; lines < MOST_LINES; lines += 1) {
      const text = await dialogue.receive(line())
      if (text === undefined) return service
      const known = versioned(service, text)
      if (known !== undefined) return known
    }
    return service
  },
}

function versioned(service: Service, text: string): Service | undefined {
  const version = VERSION.exec(text)?.[1]
  return version === undefined ? undefined : { ...service, product: 'Network UPS Tools upsd', version }
}
