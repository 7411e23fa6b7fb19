import { addressText } from '../address.mjs'

/**
 * What came of each pair of endpoints.
 *
 * @typedef {import('../tun.mjs').SeenFlow} SeenFlow
 * @typedef {{ -readonly [Key in keyof SeenFlow]: SeenFlow[Key] } & { known: boolean }} Flow
 *   `known` while there is a connection: from the SYN-ACK to a RST
 */

/** Beyond this many flows the oldest is forgotten. */
const MOST_FLOWS = 100_000

export function createFlows() {
  /** @type {Map<string, Flow>} */
  const flows = new Map()
  return {
    /** @param {import('./wire.mjs').Tcp} segment @returns {Flow} made on the first segment */
    of({ src, sport, dst, dport }) {
      const key = `${src.toString('latin1')}${dst.toString('latin1')}${sport} ${dport}`
      const known = flows.get(key)
      if (known) return known
      const [oldest] = flows.size >= MOST_FLOWS ? flows.keys() : []
      if (oldest !== undefined) flows.delete(oldest)
      const ends = { src: addressText(src), sport, dst: addressText(dst), dport }
      const flow = { ...ends, syns: 0, lost: 0, acks: 0, fins: 0, resets: 0, octets: 0, known: false }
      flows.set(key, flow)
      return flow
    },
    /** @returns {readonly SeenFlow[]} */
    list: () => [...flows.values()].map(({ known: _, ...flow }) => flow),
  }
}
