/**
 * What the wire says about a probe: the time from a SYN to the answer to it.
 *
 * @typedef {{ readonly tNs: bigint, readonly sport: number, readonly dport: number, readonly flags: string,
 *   readonly seq?: number, readonly ack?: number }} Segment a part of what the lab's captures give
 * @typedef {{ readonly atNs: bigint, readonly port?: number, readonly rttUs: number }} Exchange `port` is the prober's
 * @typedef {{ readonly printedUs: number, readonly port?: number | undefined }} Printed what a tool printed for a probe, with
 *   its source port where it says so
 * @typedef {{ readonly fromMs: number, readonly toMs: number }} Span milliseconds since 1970
 */

/**
 * Each answered SYN to a port, in the order of the SYNs. A port may be used again: an answer belongs to the SYN whose
 * number it acknowledges.
 * A SYN that was sent twice before its answer is left out, since nobody can say which of them was answered.
 * @param {readonly Segment[]} segments in the order of the wire @param {number} target the probed port
 * @returns {readonly Exchange[]}
 */
export function exchanges(segments, target) {
  /** @type {Map<string, { readonly tNs: bigint, readonly times: number }>} */
  const asked = new Map()
  /** @type {Exchange[]} */
  const found = []
  for (const { tNs, sport, dport, flags, seq, ack } of segments) {
    if (dport === target && flags === 'S') {
      const key = keyOf(sport, seq)
      asked.set(key, { tNs, times: (asked.get(key)?.times ?? 0) + 1 })
    } else if (sport === target && isAnswer(flags)) {
      const key = keyOf(dport, before(ack))
      const syn = asked.get(key)
      asked.delete(key)
      if (syn?.times === 1) found.push({ atNs: syn.tNs, port: dport, rttUs: Number(tNs - syn.tNs) / 1000 })
    }
  }
  return found.sort((a, b) => (a.atNs < b.atNs ? -1 : 1))
}

/** @param {string} flags */
function isAnswer(flags) {
  return flags === 'SA' || flags.includes('R')
}

/** @param {number | undefined} ack */
function before(ack) {
  return ack === undefined ? undefined : (ack - 1) >>> 0
}

/** @param {number} port @param {number | undefined} seq */
function keyOf(port, seq) {
  return `${port} ${seq}`
}

/**
 * Echo requests and replies out of tcpdump's text (`-tt -n`), by identifier and sequence number.
 * @param {string} text @returns {readonly Exchange[]} in the order of the requests
 */
export function echoExchanges(text) {
  /** @type {Map<string, bigint>} */
  const asked = new Map()
  /** @type {Exchange[]} */
  const found = []
  const line = /^(\d+)\.(\d{9}) .*ICMP.? echo (request|reply), id (\d+), seq (\d+)/gm
  for (const [, seconds = '0', nanos = '0', what, id, seq] of text.matchAll(line)) {
    const tNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanos)
    const key = `${id} ${seq}`
    if (what === 'request') asked.set(key, tNs)
    const start = asked.get(key)
    if (what === 'reply' && start !== undefined)
      found.push({ atNs: start, rttUs: Number(tNs - start) / 1000 })
  }
  return found
}

/**
 * Puts what one run of a tool printed next to what was on the wire meanwhile: by source port where the tool says it,
 * otherwise by order.
 * @param {readonly Printed[]} printed in the order of sending @param {readonly Exchange[]} wire @param {Span} span
 * @returns {readonly { readonly printed: number, readonly wire: number }[]} microseconds; none when there are more or
 *   less exchanges than lines, because then the order tells nothing
 */
export function matchRun(printed, wire, { fromMs, toMs }) {
  const during = wire.filter(({ atNs }) => {
    const atMs = Number(atNs / 1000n) / 1000
    return atMs >= fromMs && atMs <= toMs
  })
  if (printed.length > 0 && printed.every(({ port }) => port !== undefined))
    return matchPorts(printed, during)
  if (printed.length !== during.length) return []
  return printed.map(({ printedUs }, i) => ({ printed: printedUs, wire: during[i]?.rttUs ?? Number.NaN }))
}

/** @param {readonly Printed[]} printed @param {readonly Exchange[]} during */
function matchPorts(printed, during) {
  /** @type {Map<number | undefined, Exchange[]>} */
  const byPort = new Map()
  for (const exchange of during) byPort.set(exchange.port, [...(byPort.get(exchange.port) ?? []), exchange])
  return printed.flatMap(({ printedUs, port }) => {
    const exchange = byPort.get(port)?.shift()
    return exchange ? [{ printed: printedUs, wire: exchange.rttUs }] : []
  })
}
