import type { DetectContext, Protocol } from '../model/protocol.ts'
import type { Service } from '../model/service.ts'
import type { Reader } from './dialogue.ts'

/** Who accounts for an answer, and as what. */
export interface Judgement {
  readonly protocol: Protocol
  readonly service: Service
}

/**
 * Reads an answer without taking it: the first protocol in the table that claims it, once none before it may still do
 * so. A protocol that has said no is not asked again, for it would say the same.
 */
export function judging(
  protocols: readonly Protocol[],
  context: Omit<DetectContext, 'ended'>,
): Reader<Judgement> {
  let candidates = protocols
  return (octets, ended) => {
    const left: Protocol[] = []
    for (const protocol of candidates) {
      const service = protocol.detect(octets, { ...context, ended })
      if (service === undefined) continue
      if (service !== 'more' && left.length === 0) return { value: { protocol, service }, length: 0 }
      left.push(protocol)
    }
    candidates = left
    return left.length === 0 || ended ? undefined : 'more'
  }
}
