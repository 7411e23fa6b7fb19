import { PROXY, socks5Failed } from '../words/format-proxy.ts'
import { addressOctets } from './address-octets.ts'
import { ProxyFault } from './proxy-fault.ts'
import type { Talk } from './talk.ts'

const VERSION = 5
const CONNECT = 1
const NO_AUTHENTICATION = 0
const NO_ACCEPTABLE_METHOD = 0xff
const ADDRESS_TYPE = { ipv4: 1, name: 3, ipv6: 4 } as const
/** Octets of the bound address and port in a reply, by address type; nc takes no names there. */
const BOUND_OCTETS: Readonly<Record<number, number>> = { [ADDRESS_TYPE.ipv4]: 6, [ADDRESS_TYPE.ipv6]: 18 }
const LONGEST_NAME = 255

/**
 * Asks a SOCKS 5 proxy for a connection (RFC 1928), without authentication. Names go to the proxy unresolved.
 * As lenient as nc: the version octets of the replies are not looked at, and any method but 0xff is taken for none.
 * @throws ProxyFault
 */
export async function askSocks5(talk: Talk, host: string, port: number): Promise<void> {
  await talk.write(Uint8Array.of(VERSION, 1, NO_AUTHENTICATION))
  // nc says 3 here, though the reply has two octets.
  const [, method] = await talk.read(2, 3)
  if (method === NO_ACCEPTABLE_METHOD) throw new ProxyFault(PROXY.noMethod)
  await talk.write(Uint8Array.of(VERSION, CONNECT, 0, ...addressOf(host), port >> 8, port & 255))
  const [, reply = 0, , type = 0] = await talk.read(4)
  if (reply !== 0) throw new ProxyFault(socks5Failed(reply))
  const octets = BOUND_OCTETS[type]
  if (octets === undefined) throw new ProxyFault(PROXY.badAddressType)
  await talk.read(octets)
}

function addressOf(host: string): readonly number[] {
  const literal = addressOctets(host)
  if (literal !== undefined) {
    return [literal.family === 4 ? ADDRESS_TYPE.ipv4 : ADDRESS_TYPE.ipv6, ...literal.octets]
  }
  const name = new TextEncoder().encode(host)
  if (name.length > LONGEST_NAME) throw new ProxyFault(PROXY.hostTooLong)
  return [ADDRESS_TYPE.name, name.length, ...name]
}
