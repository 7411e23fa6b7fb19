import { type Coercer, parseAddress, UsageError } from '@portkit/core'
import type { ProxyProtocol } from '../settings.ts'

/** Debian's nc has no routing tables either, and says so before anything else. */
export const routingTable: Coercer<never> = () => {
  throw new UsageError('no alternate routing table support available')
}

const PROTOCOLS: readonly ProxyProtocol[] = ['4', '4A', '5', 'connect']

/** `-X`: 4, 4A and 5 for SOCKS, connect for HTTP; letters in any case. */
export const proxyProtocol: Coercer<ProxyProtocol> = (text) => {
  const found = PROTOCOLS.find((known) => known.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw new UsageError('unsupported proxy protocol')
  return found
}

const BITS = { 4: 32, 6: 128 } as const

/** Addresses and networks with commas between; each is given back as `address/prefix`. */
export const addressList: Coercer<readonly string[]> = (text, option) =>
  text.split(',').map((part) => {
    const [, literal = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(part) ?? []
    const address = parseAddress(literal)
    const most = address === undefined || literal.includes('%') ? -1 : BITS[address.family]
    const prefix = length === undefined ? most : Number(length)
    if (address === undefined || prefix < 0 || prefix > most) {
      throw new UsageError(`${option}: neither an address nor a network such as 10.0.0.0/8: ${part}`)
    }
    return `${address.address}/${prefix}`
  })

/** RFC 7301 section 3.1: a name is 1 to 255 octets. */
const LONGEST_PROTOCOL = 255

/** Names of protocols for ALPN, best first, with commas between. */
export const protocolList: Coercer<readonly string[]> = (text, option) => {
  const names = text.split(',')
  for (const name of names) {
    if (!/^[!-~]+$/.test(name) || name.length > LONGEST_PROTOCOL) {
      throw new UsageError(`${option}: no protocol names such as h2,http/1.1: ${text}`)
    }
  }
  return names
}
