import { type SimIo, simIo, type World } from '@portkit/core/sim'
import type { HostList, ListedHost } from '../src/grammar/host-list.ts'
import { readHostList, type TargetSettings } from '../src/grammar/target-list.ts'

const SETTINGS: TargetSettings = {
  targets: [],
  excluded: [],
  randomizeHosts: false,
  allAddresses: false,
}

const HOSTS = {
  'web.lan': ['10.0.0.5'],
  'dual.lan': ['10.0.0.7', 'fd00::7', '10.0.0.8'],
  'six.lan': ['fd00::9'],
}

export function world(more: Partial<World> = {}): SimIo {
  return simIo({ ports: {}, hosts: HOSTS, ...more })
}

export interface Read {
  readonly list: HostList
  readonly warnings: readonly string[]
  /** `10.0.0.1`, `web.lan=10.0.0.5`; `-` where the address is excluded. */
  readonly told: readonly string[]
}

const LONGEST_TOLD = 3000

export async function read(
  settings: Partial<TargetSettings> | string,
  io: SimIo = world(),
  shuffle?: Parameters<typeof readHostList>[2],
): Promise<Read> {
  const own = typeof settings === 'string' ? { targets: settings.split(' ') } : settings
  const { list, warnings } = await readHostList({ ...SETTINGS, ...own }, io, shuffle)
  const size = Math.min(list.size, LONGEST_TOLD)
  return { list, warnings, told: Array.from({ length: size }, (_, place) => tell(list.at(place))) }
}

function tell(host: ListedHost | undefined): string {
  if (host === undefined) return '-'
  return host.name === undefined ? host.address : `${host.name}=${host.address}`
}
