import type { Dialogue } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { identification, identificationIn, OURS } from './ssh-identification.ts'
import { kexInit, listed } from './ssh-kexinit.ts'
import { commentIn, softwareIn } from './ssh-software.ts'

/** SSH (RFC 4253). */
export const ssh: Protocol = {
  name: 'ssh',
  ports: { tcp: [22, 2222] },
  detect: (octets, { ended }) => refusal(octets, ended) ?? detected(octets, ended, false),
  async ask(service, dialogue) {
    if ((await dialogue.receive(identification)) === undefined) return service
    await dialogue.send(OURS)
    const offer = await dialogue.receive(kexInit)
    if (offer === undefined) return service
    const known = { ...service, details: { ...service.details, ...listed(offer.lists) } }
    return dialogue.wishes.hostKeys ? withHostKeys(known, dialogue, offer.lists.hostKeys) : known
  },
}

/**
 * SSH whose server says something else first, a notice of its owner mostly. Behind all others in the table, since it waits
 * for what comes after whatever else might be said.
 */
export const sshBehindLines: Protocol = {
  ...ssh,
  ports: {},
  detect(octets, { asked, ended }) {
    const isLine = asked === 'nothing' && !latin1(octets.subarray(0, 4)).startsWith('SSH-')
    return isLine ? detected(octets, ended, true) : undefined
  },
}

function detected(octets: Uint8Array, ended: boolean, linesBefore: boolean): Service | 'more' | undefined {
  const taken = identificationIn(octets, { ended, linesBefore })
  if (taken === undefined || taken === 'more') return taken
  return taken.whole ? identified(taken.value) : { protocol: 'ssh' }
}

function identified({ protocol, software }: { protocol: string; software: string }): Service {
  return {
    protocol: 'ssh',
    ...softwareIn(software),
    info: [commentIn(software), `protocol ${protocol}`].filter((text) => text !== '').join(', '),
    evidence: software === '' ? undefined : [{ field: 'ssh.banner', text: software }],
  }
}

// What OpenSSH says instead of its identification when it has too many connections, or none for us (sshd_config(5)
// MaxStartups, PerSourcePenalties).
const REFUSALS = ['Exceeded MaxStartups\r\n', 'Not allowed at this time\r\n']

function refusal(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  const begun = latin1(octets.subarray(0, 40))
  const said = REFUSALS.find((text) => begun.startsWith(text))
  if (said !== undefined) return { protocol: 'ssh', info: `says: ${said.trim()}` }
  return !ended && REFUSALS.some((text) => text.startsWith(begun)) ? 'more' : undefined
}

/** Cryptography is loaded only for those who ask for it. */
async function withHostKeys(
  service: Service,
  dialogue: Dialogue,
  algorithms: readonly string[],
): Promise<Service> {
  const { fetchHostKeys } = await import('./ssh-host-keys.ts')
  const keys = await fetchHostKeys(dialogue, algorithms)
  return keys.length === 0 ? service : { ...service, details: { ...service.details, 'host keys': keys } }
}
