import type { Refused } from '../model/observation.ts'
import type { Endpoint } from '../model/target.ts'
import type { ConnectFact } from './io.ts'

/**
 * A fact as it is, unless the socket met itself: where a machine asks its own ports, the system may give the socket the
 * very source port that it is to connect to, and a SYN that meets itself opens (RFC 9293 section 3.5). Nobody listens at
 * a port that was free for that: another SYN would be refused, `by` as this net says it.
 */
export function unlessSelfConnected(fact: ConnectFact, to: Endpoint, by: Refused['by']): ConnectFact {
  if (fact.kind !== 'handshake') return fact
  const { local, rttNs, clock, elapsedNs, syns } = fact
  if (local.port !== to.port || local.address !== to.address.split('%')[0]) return fact
  return { kind: 'refused', by, rttNs, clock, elapsedNs, syns }
}
