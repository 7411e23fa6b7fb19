import { latin1 } from '../../dialogue/readers.ts'
import { clipped } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { at, objectOf, textAt } from '../kit/json.ts'

const FIRST = 'INFO {'
/** A server of a large cluster tells the addresses of all others. */
const MOST = 32_768
const LF = 0x0a

/** NATS (its client protocol): the server greets with `INFO` and an object in JSON. */
export const nats: Protocol = {
  name: 'nats',
  ports: { tcp: [4222] },
  detect(octets, { ended }) {
    const begin = latin1(octets.subarray(0, FIRST.length))
    if (!FIRST.startsWith(begin)) return undefined
    const end = octets.subarray(0, MOST).indexOf(LF)
    if (end < 0) return ended || octets.length >= MOST ? undefined : 'more'
    return fromInfo(objectOf(peerText(octets.subarray(FIRST.length - 1, end))))
  },
}

function fromInfo(info: unknown): Service | undefined {
  const text = (name: string): string | undefined => clipped(textAt(info, name))
  if (text('server_id') === undefined) return undefined
  const [version, name, cluster] = ['version', 'server_name', 'cluster'].map(text)
  const isTrue = (field: string): boolean => at(info, field) === true
  return {
    protocol: 'nats',
    product: 'NATS',
    ...(version === undefined ? {} : { version }),
    ...(isTrue('auth_required') ? { info: 'needs a password' } : {}),
    details: {
      'TLS offered': isTrue('tls_required') || isTrue('tls_available'),
      JetStream: isTrue('jetstream'),
      ...(name === undefined ? {} : { 'server name': name }),
      ...(cluster === undefined ? {} : { cluster }),
    },
  }
}
