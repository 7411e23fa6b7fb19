import { lastOf, UsageError } from '@portkit/core'
import { KINDS, type ScanKind } from '../model/scan-kind.ts'
import type { PortWish, Settings, VersionWish } from '../settings.ts'
import type { Args } from './args.ts'
import { needsRoot } from './problems.ts'
import type { ScanWish } from './scan-letters.ts'

/** `-F` */
const FAST_PORTS = 100
/** Up to here only greetings are read. */
const LIGHT = 2
const THOROUGH = 9
const USUAL_INTENSITY = 7

type Scans = Pick<
  Settings,
  'listOnly' | 'scansPorts' | 'kinds' | 'privileged' | 'versions' | 'ports' | 'inOrder'
>

/** What is asked of ports. @throws UsageError */
export function scansOf(args: Args): Scans {
  const wishes = args.scan.flat()
  const kinds = [...new Set(wishes.filter(isKind))]
  const listOnly = wishes.includes('list')
  const scansPorts = !listOnly && !wishes.includes('no-ports')
  const privileged = privilegedOf(args)
  if (!scansPorts) refusePortOptions(args, kinds)
  refuseTwoTcpScans(kinds)
  if (privileged === false && kinds.some((kind) => kind !== 'connect')) throw needsRoot()
  return {
    listOnly,
    scansPorts,
    kinds,
    privileged,
    versions: versionsOf(args, wishes, scansPorts),
    ports: portsOf(args),
    inOrder: args.sequential,
  }
}

function isKind(wish: ScanWish): wish is ScanKind {
  return Object.hasOwn(KINDS, wish)
}

function refuseTwoTcpScans(kinds: readonly ScanKind[]): void {
  if (kinds.filter((kind) => KINDS[kind].protocol === 'tcp').length < 2) return
  throw new UsageError(
    'You specified more than one type of TCP scan.  Please choose only one of -sA, -sT, -sF, -sM, -sN, -sS, -sW, and -sX',
  )
}

function refusePortOptions(args: Args, kinds: readonly ScanKind[]): void {
  if (kinds.length > 0) {
    throw new UsageError('-sL and -sn (skip port scan) are not valid with any other scan types')
  }
  if (args.ports !== undefined || args.fast) {
    throw new UsageError(
      'You cannot use -F (fast scan) or -p (explicit port selection) when not doing a port scan',
    )
  }
  for (const name of ['top-ports', 'exclude-ports'] as const) {
    if (args[name] !== undefined) throw new UsageError(`You cannot use --${name} when not doing a port scan`)
  }
}

/** The last one counts; nobody said: it is tried out. */
function privilegedOf(args: Args): boolean | undefined {
  const last = lastOf(args, 'privileged', 'unprivileged')
  return last && last === 'privileged'
}

function portsOf(args: Args): PortWish {
  for (const [name, label] of [
    ['ports', '-p'],
    ['exclude-ports', '--exclude-ports'],
  ]) {
    if (args._given.filter((given) => given === name).length > 1) {
      throw new UsageError(`Only 1 ${label} option allowed, separate multiple ranges with commas.`)
    }
  }
  if (args.fast && args.ports !== undefined) {
    throw new UsageError(
      'You cannot use -F (fast scan) with -p (explicit port selection) but see --top-ports to fast scan a range of ports',
    )
  }
  if (args.fast && args['top-ports'] !== undefined) {
    throw new UsageError(`-F is --top-ports ${FAST_PORTS}: one of them is enough`)
  }
  return {
    spec: args.ports,
    exclude: args['exclude-ports'],
    top: args['top-ports'] ?? (args.fast ? FAST_PORTS : undefined),
    servicesFile: args.servicedb,
  }
}

const DEPTHS = ['version-intensity', 'version-light', 'version-all'] as const

function versionsOf(args: Args, wishes: readonly ScanWish[], scansPorts: boolean): VersionWish | undefined {
  const depth = lastOf(args, ...DEPTHS)
  if (!wishes.includes('versions')) {
    const option = depth ?? (args.allports ? 'allports' : undefined)
    if (option !== undefined)
      throw new UsageError(`--${option} is about versions of services: it goes with -sV`)
    return undefined
  }
  if (!scansPorts)
    throw new UsageError('-sV asks open ports: it does not go with -sL and -sn (skip port scan)')
  const level = intensityOf(args, depth)
  return { light: level <= LIGHT, thorough: level === THOROUGH, printers: args.allports }
}

function intensityOf(args: Args, depth: (typeof DEPTHS)[number] | undefined): number {
  switch (depth) {
    case 'version-light':
      return LIGHT
    case 'version-all':
      return THOROUGH
    case 'version-intensity':
    case undefined:
      return args['version-intensity'] ?? USUAL_INTENSITY
  }
}
