/** How much of each header a line tells: 0 the least, 1 also checksums, 2 every field, 3 and the octets. */
export type Detail = 0 | 1 | 2 | 3

/** What lies between the network and the transport header's text. */
export interface Carriage {
  readonly source: string
  readonly destination: string
  /** The network header's fields in nping's order. At detail 0 and 1 it ends with a blank or the options. */
  readonly fields: string
}

/** Upper-case hexadecimal of at least four digits, as nping writes checksums of transports. */
export function upperHex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0')
}

/** Lower-case hexadecimal of at least `digits` digits. */
export function lowerHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** All octets as hexadecimal digits without anything between. */
export function octetsHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => lowerHex(octet, 2)).join('')
}

/** The form of all lines but the shortest of TCP and UDP: `NAME [what] IP [fields]`. */
export function bracketed(name: string, what: string, { fields }: Carriage): string {
  return `${name} [${what}] IP [${fields}]`
}
