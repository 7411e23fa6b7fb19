import { type Address, parseAddress } from '@portkit/core'

/** inet(3): decimal, octal with a leading 0, hexadecimal with 0x. */
const PART = /^(?:0x([\da-f]+)|(0[0-7]*)|([1-9]\d*))$/i
const MOST_DIGITS = 12

/**
 * The address that a host is without asking anybody: what getaddrinfo(3) takes under AI_NUMERICHOST, the short and odd
 * forms of inet_aton(3) included (`10.1`, `012.0.0.1`, `167772161`). undefined for names.
 */
export function numericHost(host: string): Address | undefined {
  return parseAddress(host) ?? inetAton(host)
}

function inetAton(host: string): Address | undefined {
  const parts = host.split('.', 5).map(numberOf)
  const last = parts.pop()
  if (last === undefined || parts.length > 3 || parts.some((part) => !(part <= 255))) return undefined
  if (!(last < 256 ** (4 - parts.length))) return undefined
  const value = parts.reduce((sum, part, i) => sum + part * 256 ** (3 - i), last)
  const octets = [3, 2, 1, 0].map((i) => Math.floor(value / 256 ** i) % 256)
  return { address: octets.join('.'), family: 4 }
}

function numberOf(text: string): number {
  const [, hex, octal, decimal] = (text.length <= MOST_DIGITS && PART.exec(text)) || []
  if (hex !== undefined) return Number.parseInt(hex, 16)
  return octal === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(octal, 8)
}
