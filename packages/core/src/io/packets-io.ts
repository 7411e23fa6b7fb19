import { LocalFault } from '../model/errors.ts'
import type { Address } from '../model/target.ts'
import type { Clock } from './io.ts'
import type { BackendChoice, PacketChannel, PacketRequest, Packets, Route, RouteWay } from './packets.ts'
import type { Privilege } from './privilege.ts'

/** Packets of one backend. */
interface Source {
  open(request: PacketRequest): Promise<PacketChannel>
}

/** What the choice is made of: each is loaded only when it is looked at. */
export interface PacketSources {
  /** undefined where there is no koffi or no 64-bit Linux. */
  kernel(): Promise<(Source & { route(destination: Address, way: RouteWay): Promise<Route> }) | undefined>
  rawSocket(): Promise<
    (Source & { readonly kind: 'ready' }) | { readonly kind: 'missing'; readonly why: string }
  >
  /** A way to tell the route where there is no kernel path. */
  route(destination: Address, way: RouteWay): Promise<Route>
  privilege(): Promise<Privilege & { readonly why: string }>
}

/** Packets by system calls, else by raw-socket. */
export function createPackets(clock: Clock, sources: PacketSources = packetSources(clock)): Packets {
  return {
    async obstacle(backend) {
      const chosen = await choose(sources, backend)
      if (chosen instanceof LocalFault) return chosen
      return unprivileged(sources)
    },
    async open(request) {
      const chosen = await choose(sources, request.backend)
      if (chosen instanceof LocalFault) throw chosen
      try {
        return await chosen.open(request)
      } catch (error) {
        // Each backend has its own words for it; here it is known whose privilege is missing.
        throw (isForbidden(error) && (await unprivileged(sources))) || error
      }
    },
    async route(destination, way) {
      return ((await sources.kernel()) ?? sources).route(destination, way)
    },
  }
}

async function unprivileged(sources: PacketSources): Promise<LocalFault | undefined> {
  const { hasNetRaw, why } = await sources.privilege()
  return hasNetRaw ? undefined : new LocalFault('EPERM', why)
}

function isForbidden(error: unknown): boolean {
  return error instanceof LocalFault && error.code === 'EPERM'
}

const NO_KERNEL =
  'system calls need Linux on x64 or arm64 and the optional package koffi, which brings its binaries'
const WHAT_ELSE =
  'Install the tool with its optional dependencies (npm install --include=optional), or use a mode that needs no ' +
  'raw packets'

async function choose(sources: PacketSources, backend: BackendChoice): Promise<Source | LocalFault> {
  const kernel = backend === 'raw-socket' ? undefined : await sources.kernel()
  if (kernel !== undefined) return kernel
  if (backend === 'kernel') return cannot('the kernel backend cannot be used', [NO_KERNEL])
  const portable = await sources.rawSocket()
  if (portable.kind === 'ready') return portable
  return backend === 'raw-socket'
    ? cannot('the raw-socket backend cannot be used', [portable.why])
    : cannot('raw packets, for which CAP_NET_RAW is needed, have no backend here', [NO_KERNEL, portable.why])
}

function cannot(what: string, reasons: readonly string[]): LocalFault {
  return new LocalFault('ENOTSUP', `${what}: ${reasons.join('; ')}. ${WHAT_ELSE}`, 'backend')
}

function packetSources(clock: Clock): PacketSources {
  // Made once: all channels of the kernel share one reactor.
  let kernel: ReturnType<PacketSources['kernel']> | undefined
  return {
    kernel() {
      kernel ??= import('./kernel/packets.ts').then(({ kernelPackets }) => kernelPackets(clock))
      return kernel
    },
    rawSocket: async () => (await import('./raw-socket/raw-socket-packets.ts')).rawSocketPackets(clock),
    route: async (destination, way) => (await import('./raw-socket/route.ts')).udpRoute(destination, way),
    async privilege() {
      const { capabilityMissing, readPrivilege } = await import('./privilege.ts')
      const privilege = readPrivilege()
      return { ...privilege, why: capabilityMissing(privilege) }
    },
  }
}
