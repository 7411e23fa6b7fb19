import { addressOctets, readMac } from '../wire/octets.ts'

/** A hardware address for a machine that the world gives none: `02:00` and the last four octets of its address. */
export function macOf(address: string): string {
  return `02:00:${readMac(addressOctets(address).subarray(-4), 0, 4)}`
}

/** Six octets of `02:00:00:00:00:01`. */
export function macOctets(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16))
}
