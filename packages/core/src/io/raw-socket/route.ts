import type { Socket } from 'node:dgram'
import { isLinkLocal } from '../../model/addresses.ts'
import type { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import { localFault } from '../local-fault.ts'
import type { Route, RouteWay } from '../packets.ts'
import { interfaceWith, mtuOf, type OwnInterface, ownInterface, plain } from './own-interfaces.ts'

/** Any will do: to connect a UDP socket sends nothing. */
const PORT = 9

/**
 * The way to an address by what a connected UDP socket says of itself (connect(2)): its source address, and the
 * interface that has that address. The gateway stays unknown. Rejects with LocalFault: ENETUNREACH, EHOSTUNREACH,
 * EACCES, ENODEV for an unknown interface, EADDRNOTAVAIL for a source that is not this machine's.
 */
export async function udpRoute(destination: Address, way: RouteWay): Promise<Route> {
  const wanted = way.interfaceName === undefined ? undefined : namedInterface(way.interfaceName)
  const own = wanted && addressOn(wanted, destination)
  const source = await sourceTo(zoned(destination, wanted), way.sourceAddress ?? own)
  const leaving = wanted ?? interfaceWith(source)
  return {
    family: destination.family,
    source: plain(source),
    destination: plain(destination.address),
    interfaceName: leaving?.name,
    interfaceIndex: leaving?.index ?? 0,
    gateway: undefined,
    hardwareAddress: leaving?.hardwareAddress,
    mtu: leaving && mtuOf(leaving.name),
  }
}

function namedInterface(name: string): OwnInterface {
  const found = ownInterface(name)
  if (found === undefined) throw localFault('ENODEV', `interface ${name}`, 'interfaceName')
  return found
}

/** An address of the interface that can be used towards the destination. */
function addressOn({ name, addresses }: OwnInterface, { address, family }: Address): string {
  const ours = addresses.filter((info) => info.family === `IPv${family}`)
  const isOfLink = (text: string): boolean => isLinkLocal({ address: text, family })
  const found = ours.find((info) => isOfLink(info.address) === isOfLink(address)) ?? ours[0]
  if (found === undefined) {
    throw localFault('EADDRNOTAVAIL', `interface ${name} has no IPv${family} address`, 'interfaceName')
  }
  return isOfLink(found.address) ? `${plain(found.address)}%${name}` : found.address
}

/** A link's address needs to say which link. */
function zoned({ address, family }: Address, by: OwnInterface | undefined): Address {
  const isBare = by !== undefined && /^(fe[89ab]|ff)[\da-f]?[\da-f]:/i.test(address) && !address.includes('%')
  return { address: isBare ? `${address}%${by.name}` : address, family }
}

/** Rejects with LocalFault. */
async function sourceTo({ address, family }: Address, source: string | undefined): Promise<string> {
  const socket = builtin<typeof import('node:dgram')>('node:dgram').createSocket(
    family === 4 ? 'udp4' : 'udp6',
  )
  try {
    if (source !== undefined) {
      await settled(
        socket,
        (done) => socket.bind({ address: source, port: 0 }, done),
        `source ${source}`,
        'source',
      )
    }
    await settled(socket, (done) => socket.connect(PORT, address, done), `way to ${address}`)
    return socket.address().address
  } finally {
    socket.close()
  }
}

function settled(
  socket: Socket,
  start: (done: (error?: Error) => void) => void,
  what: string,
  about?: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fault = (error: NodeJS.ErrnoException): LocalFault => localFault(error.code ?? 'EIO', what, about)
    const onError = (error: Error): void => reject(fault(error))
    socket.once('error', onError)
    start((error) => {
      socket.removeListener('error', onError)
      if (error === undefined || error === null) resolve()
      else reject(fault(error))
    })
  })
}
