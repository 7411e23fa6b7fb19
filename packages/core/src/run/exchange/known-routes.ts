import type { Route } from '../../io/packets.ts'

const MOST = 4096

/** The same object for the same way each time: what is prepared for a way is prepared once, and kept once. */
export function createKnownRoutes(): (route: Route) => Route {
  const known = new Map<string, Route>()
  return (route) => {
    const { source, destination, interfaceName, interfaceIndex, gateway, hardwareAddress, mtu } = route
    const key = [source, destination, interfaceName, interfaceIndex, gateway, hardwareAddress, mtu].join(' ')
    const same = known.get(key)
    if (same !== undefined) return same
    // Forgetting all of them costs no more than to prepare them again.
    if (known.size >= MOST) known.clear()
    known.set(key, route)
    return route
  }
}
