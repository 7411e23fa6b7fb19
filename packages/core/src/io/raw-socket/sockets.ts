import { getSystemErrorName } from 'node:util'
import { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import { capabilityMissing } from '../privilege.ts'
import { errnoOf } from './errno.ts'
import type { RawSocket, RawSocketPackage } from './raw-socket-package.ts'

/** socket(7): past the limit of rmem_max, for those who have CAP_NET_ADMIN. The package does not name it. */
const SO_RCVBUFFORCE = 33
const RECEIVE_BUFFER = 16 << 20
/** if_nametoindex(3): IFNAMSIZ without the NUL; longer names would be cut, and might fit another interface. */
const LONGEST_NAME = 15

export interface SocketRequest {
  readonly family: Family
  readonly protocol: number
  readonly bufferSize: number
  readonly interfaceName: string | undefined
}

/** A socket that nobody refers to any more is garbage-collected and falls silent. */
const open = new Set<RawSocket>()

/** @throws LocalFault: EPERM without CAP_NET_RAW, ENODEV for an unknown interface, EMFILE */
export function openSocket(raw: RawSocketPackage, request: SocketRequest): RawSocket {
  const { family, protocol, bufferSize, interfaceName } = request
  const addressFamily = family === 4 ? raw.AddressFamily.IPv4 : raw.AddressFamily.IPv6
  const socket = attempt(() => raw.createSocket({ protocol, addressFamily, bufferSize }))
  open.add(socket)
  try {
    if (interfaceName !== undefined) bindToInterface(raw, socket, interfaceName)
    return socket
  } catch (error) {
    closeSocket(socket)
    throw error
  }
}

/** Once for each socket. */
export function closeSocket(socket: RawSocket): void {
  if (open.delete(socket)) socket.close()
}

/** The name of the errno behind an error of raw-socket. */
export function codeOf(error: Error): string {
  return errnoOf(error, getSystemErrorName)
}

/** Gives the socket the largest receive buffer that may be had. */
export function enlargeBuffer(raw: RawSocketPackage, socket: RawSocket): void {
  const { SOL_SOCKET } = raw.SocketLevel
  const size = integer(RECEIVE_BUFFER)
  try {
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, size, size.length)
  } catch {
    // The kernel cuts this one down to what everybody may have, without an error.
    socket.setOption(SOL_SOCKET, raw.SocketOption.SO_RCVBUF, size, size.length)
  }
}

/** What we send has its IPv4 header already (IP_HDRINCL, ip(7)). IPPROTO_RAW says so by itself, but not everywhere. */
export function bringOwnHeader(raw: RawSocketPackage, socket: RawSocket): void {
  const yes = integer(1)
  attempt(() => socket.setOption(raw.SocketLevel.IPPROTO_IP, raw.SocketOption.IP_HDRINCL, yes, yes.length))
}

function bindToInterface(raw: RawSocketPackage, socket: RawSocket, name: string): void {
  // An empty name, or one that begins with NUL, would be taken for "all of them".
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > LONGEST_NAME) {
    throw localFault('ENODEV', `interface ${name}`, 'interfaceName')
  }
  const value = Buffer.from(`${name}\0`)
  try {
    socket.setOption(raw.SocketLevel.SOL_SOCKET, raw.SocketOption.SO_BINDTODEVICE, value, value.length)
  } catch (error) {
    throw localFault(codeOf(asError(error)), `interface ${name}`, 'interfaceName')
  }
}

function attempt<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    const code = codeOf(asError(error))
    throw code === 'EPERM' ? new LocalFault('EPERM', capabilityMissing()) : localFault(code, 'raw socket')
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** As the machine itself holds it. */
function integer(value: number): Uint8Array {
  return new Uint8Array(new Int32Array([value]).buffer)
}
