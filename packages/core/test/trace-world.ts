import type { World } from '../src/sim/sim.ts'
import { OPEN, PLAIN } from './tool-kit.ts'

/** A host behind three routers, of which the second is silent. */
export const FAR = '10.0.9.9'

/** The plain world with that host, and with `fd00::9` behind one router. */
export const FAR_WORLD: World = {
  ...PLAIN,
  ports: { ...PLAIN.ports, '10.0.9.9:80': { does: 'accept', afterMs: 1 }, '[fd00::9]:80': OPEN },
  hops: {
    [FAR]: [{ address: '10.0.0.254' }, {}, { address: '10.0.2.1', afterMs: 0.7 }],
    'fd00::9': [{ address: 'fd00::fe' }],
  },
}
