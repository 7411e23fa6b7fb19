import type { Endpoint } from '../model/target.ts'
import { type Answerer, errorAbout } from './sim-packet-answer.ts'
import { unreachablePort } from './sim-packet-machine.ts'
import { readParcel } from './sim-packet-read.ts'
import { closedAnswer } from './sim-packet-tcp.ts'

/** What this machine's own kernel, which knows nothing of the tool's packets, says to one that no socket waits for. */
export function kernelAnswer(
  octets: Uint8Array,
  kernel: Answerer,
  isOwn: (address: string) => boolean,
  isTaken: (local: Endpoint) => boolean,
): Uint8Array | undefined {
  const parcel = readParcel(octets)
  if (parcel?.upper === undefined || !parcel.isIntact || !isOwn(parcel.destination)) return undefined
  const { upper, destination: address } = parcel
  if (upper.kind === 'tcp') return closedAnswer(parcel, upper.header, kernel)
  if (upper.kind !== 'udp' || isTaken({ address, port: upper.header.destinationPort })) return undefined
  return errorAbout(parcel, { ...unreachablePort(parcel), afterMs: 0 }, kernel).octets
}
