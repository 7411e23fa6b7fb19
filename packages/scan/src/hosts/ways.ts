import { type Io, LocalFault, type Route } from '@portkit/core'
import type { ListedHost } from '../grammar/host-list.ts'
import type { ScanEvent } from '../model/event.ts'
import type { Settings } from '../settings.ts'
import { type Candidates, createCandidate, type Place } from './candidate.ts'

interface WaysOptions {
  readonly settings: Pick<Settings, 'discovery' | 'source' | 'timing'>
  readonly io: Pick<Io, 'packets' | 'clock'>
  readonly signal: AbortSignal
  emit(event: ScanEvent): void
}

/**
 * The hosts with their routes. Asking takes the system about 0.1 ms each, less than a host's probes; those of its
 * neighbours tell nothing for sure. Hosts that there is no route to are left out, which a warning tells; once the signal
 * is aborted no more routes are looked for.
 */
export async function findWays(block: readonly ListedHost[], options: WaysOptions): Promise<Candidates> {
  const { settings, io, signal, emit } = options
  const { address: sourceAddress, interfaceName } = settings.source
  const candidates = []
  for (const [i, host] of block.entries()) {
    if (i % TURN === TURN - 1) await io.clock.sleep(0)
    const way = { sourceAddress, interfaceName }
    const route = signal.aborted ? undefined : await io.packets.route(host, way).catch(faultOnly)
    if (route instanceof LocalFault) {
      emit({ kind: 'warning', text: warningOf(host, route) })
      continue
    }
    candidates.push(createCandidate(host, route, placeOf(route, settings.discovery), settings.timing))
  }
  return candidates
}

/** Hosts after which the event loop has its turn: the system's answers come at once. */
const TURN = 256

function faultOnly(error: unknown): LocalFault {
  if (error instanceof LocalFault) return error
  throw error
}

const UNROUTABLE = ['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL']

/** In nmap's words where the routes are to blame; a source or an interface that is not there is named. */
function warningOf({ address }: ListedHost, { code, about, message }: LocalFault): string {
  const text = `setup_target: failed to determine route to ${address}`
  const isRoutes = UNROUTABLE.includes(code) && about !== 'interfaceName' && about !== 'source'
  return isRoutes ? text : `${text} (${message})`
}

const MAC_LENGTH = 6

function placeOf(route: Route | undefined, { usesLink }: Settings['discovery']): Place {
  if (route === undefined) return 'far'
  if (isOwn(route)) return 'own'
  const { gateway, hardwareAddress } = route
  return usesLink && gateway === undefined && hardwareAddress?.length === MAC_LENGTH ? 'link' : 'far'
}

/** Linux routes packets to any of its own addresses to the loopback interface. */
function isOwn({ source, destination, interfaceName }: Route): boolean {
  if (interfaceName === 'lo' || source === destination) return true
  return destination === '::1' || destination.startsWith('127.')
}
