import type { Route } from './packets.ts'

/** What a route tells of the way where nobody knows it. */
export const UNKNOWN_WAY: Omit<Route, 'family' | 'source' | 'destination'> = {
  interfaceName: undefined,
  interfaceIndex: 0,
  gateway: undefined,
  hardwareAddress: undefined,
  mtu: undefined,
}
