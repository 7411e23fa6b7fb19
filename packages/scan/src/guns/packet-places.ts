import type { PacketProbe, Route } from '@portkit/core'

type Claim = NonNullable<ReturnType<PacketProbe['claim']>>

/** Passes that a probe's number tells apart. */
export const PASSES = 16
const NUMBERS = 2 ** 32
const SHORT_NUMBERS = 0x1_0000

/** A host's place is a multiple of the number of ports away from the next one's: `host * ports + port`. */
export interface Places {
  /** The number that names a probe in its packet. @throws RangeError for a pass that is none */
  numberOf(host: number, port: number, pass: number): number
  /** Calls `found` for each place that the claim means, most often one. */
  find(claim: Claim, found: (host: number, port: number, pass: number | undefined) => void): void
}

/**
 * Finds the places that answers belong to, by the number that came back, which has to fit the addresses and the port;
 * without a number by those alone (UDP). A host that is in the group twice hears such an answer twice.
 * @throws RangeError when the group is too large to number its probes
 */
export function createPlaces(
  routes: readonly (Pick<Route, 'source' | 'destination'> | undefined)[],
  ports: Uint16Array,
  hasTokens: boolean,
): Places {
  const count = ports.length
  if (routes.length * count * PASSES > NUMBERS) {
    throw new RangeError(`a group of ${routes.length} hosts with ${count} ports each is too large`)
  }
  const byAddress = createAddresses(routes)
  const byPort = new Int32Array(SHORT_NUMBERS).fill(-1)
  for (let place = count - 1; place >= 0; place -= 1) byPort[ports[place] ?? 0] = place

  const isAt = (host: number, { local, remote }: Claim): boolean => {
    const route = routes[host]
    return route?.destination === remote && route.source === local
  }
  function findByNumber(claim: Claim, number: number, found: Parameters<Places['find']>[1]): void {
    const place = Math.floor(number / PASSES)
    const port = place % count
    const host = (place - port) / count
    if (ports[port] === claim.remotePort && isAt(host, claim)) found(host, port, number % PASSES)
  }
  function findByEnds(claim: Claim, found: Parameters<Places['find']>[1]): void {
    const port = byPort[claim.remotePort] ?? -1
    if (port < 0) return
    for (let host = byAddress.first(claim.remote); host >= 0; host = byAddress.next(host)) {
      if (!isAt(host, claim)) continue
      const pass = passOf(claim.index, (host * count + port) * PASSES)
      // Sixteen bits that came back and do not fit are no proof of a probe that has a better one.
      if (pass !== undefined || !hasTokens) found(host, port, pass)
    }
  }
  return {
    numberOf(host, port, pass) {
      if (!(pass >= 0 && pass < PASSES)) throw new RangeError(`no pass: ${pass}`)
      return (host * count + port) * PASSES + pass
    },
    find(claim, found) {
      const { index, modulus } = claim
      if (index !== undefined && modulus === NUMBERS) findByNumber(claim, index, found)
      else if (count > 0) findByEnds(claim, found)
    },
  }
}

/** Routers and network cards may change an identification: then it tells nothing. */
function passOf(short: number | undefined, first: number): number | undefined {
  if (short === undefined) return undefined
  const pass = (short - first) & (SHORT_NUMBERS - 1)
  return pass < PASSES ? pass : undefined
}

/** The hosts of each address, as lists in two arrays. */
function createAddresses(routes: readonly (Pick<Route, 'destination'> | undefined)[]) {
  const firsts = new Map<string, number>()
  const nexts = new Int32Array(routes.length).fill(-1)
  for (let host = routes.length - 1; host >= 0; host -= 1) {
    const address = routes[host]?.destination
    if (address === undefined) continue
    nexts[host] = firsts.get(address) ?? -1
    firsts.set(address, host)
  }
  return {
    first: (address: string): number => firsts.get(address) ?? -1,
    next: (host: number): number => nexts[host] ?? -1,
  }
}
