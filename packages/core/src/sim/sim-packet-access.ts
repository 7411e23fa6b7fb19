import { localFault } from '../io/local-fault.ts'
import type { BackendChoice, PacketBackend, PacketRequest } from '../io/packets.ts'
import { LocalFault } from '../model/errors.ts'
import type { PacketWorld } from './sim-packet-world.ts'

type Access = Exclude<PacketWorld['packetAccess'], undefined>

const NO_PRIVILEGE =
  'raw packets need CAP_NET_RAW: run as root, or with that capability, or use a mode that needs no raw packets'

/** Why a backend cannot be had; a machine with system calls has the package, too. */
export function obstacleTo(access: Access, choice: BackendChoice): LocalFault | undefined {
  if (access === false) return new LocalFault('EPERM', NO_PRIVILEGE)
  const isMissing = access === 'raw-socket' && choice === 'kernel'
  return isMissing ? new LocalFault('ENOTSUP', 'the kernel backend needs Linux and koffi') : undefined
}

/** The backend of a choice that has no obstacle. */
export function backendOf(access: Access, choice: BackendChoice): PacketBackend {
  return access === 'raw-socket' || choice === 'raw-socket' ? 'raw-socket' : 'kernel'
}

/** Why a request cannot be served, though the backend is there. */
export function obstacleOf(
  { interfaceName, interests }: PacketRequest,
  backend: PacketBackend,
  interfaces: readonly string[],
): LocalFault | undefined {
  if (interfaceName !== undefined && !interfaces.includes(interfaceName)) {
    return localFault('ENODEV', interfaceName, 'interface')
  }
  const isArp = interests.some(({ protocol }) => protocol === 'arp')
  return isArp && backend === 'raw-socket'
    ? new LocalFault('ENOTSUP', 'ARP needs the kernel backend, which needs Linux and koffi')
    : undefined
}
