import { recordedRouteOf, type Sighting } from '@portkit/core'

/**
 * What a packet's record-route option says, an address a line; `(same route)` when it is the one told last, nothing
 * without the option or when nobody entered himself. Remembers one route.
 */
export function createRouteText(): (sighting: Sighting) => string {
  let last = ''
  return (sighting) => {
    const route = recordedRouteOf(sighting)?.join('\n\t') ?? ''
    if (route === '') return ''
    if (route === last) return '\t(same route)\n'
    last = route
    return `RR: \t${route}\n`
  }
}
