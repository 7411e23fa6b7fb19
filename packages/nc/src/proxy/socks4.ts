import { parseIpv4, ResolveError } from '@portkit/core'
import { PROXY, socks4Failed, socks4LookUpFailed } from '../words/format-proxy.ts'
import { addressOctets } from './address-octets.ts'
import { ProxyFault } from './proxy-fault.ts'
import type { Talk } from './talk.ts'

const VERSION = 4
const CONNECT = 1
const GRANTED = 90
const REPLY_OCTETS = 8
/** An address that cannot be meant: SOCKS 4A has the name behind the user instead. */
const SEE_NAME = [0, 0, 0, 1] as const
/** nc's buffer of 1024 octets less what stands before the name and the NUL after it. */
const LONGEST_NAME = 1014
/**
 * Asks a SOCKS 4 proxy for a connection, with an empty user. The name is resolved here, to IPv4 only.
 * @throws ProxyFault
 */
export async function askSocks4(
  talk: Talk,
  host: string,
  port: number,
  lookup4: (host: string) => Promise<string>,
): Promise<void> {
  await request(talk, port, await resolve(host, port, lookup4), [])
}

/** SOCKS 4A: the proxy gets the host as it was typed. @throws ProxyFault */
export async function askSocks4a(talk: Talk, host: string, port: number): Promise<void> {
  const name = new TextEncoder().encode(host)
  if (name.length > LONGEST_NAME) throw new ProxyFault(PROXY.hostTooBig)
  await request(talk, port, SEE_NAME, [...name, 0])
}

async function request(
  talk: Talk,
  port: number,
  address: readonly number[],
  rest: readonly number[],
): Promise<void> {
  await talk.write(Uint8Array.of(VERSION, CONNECT, port >> 8, port & 255, ...address, 0, ...rest))
  const [, reply = 0] = await talk.read(REPLY_OCTETS)
  if (reply !== GRANTED) throw new ProxyFault(socks4Failed(reply))
}

async function resolve(
  host: string,
  port: number,
  lookup4: (host: string) => Promise<string>,
): Promise<readonly number[]> {
  const fault = (why: string): ProxyFault => new ProxyFault(socks4LookUpFailed(host, port, why))
  const literal = addressOctets(host)
  if (literal?.family === 4) return literal.octets
  if (literal !== undefined) throw fault('Address family for hostname not supported')
  if (host === '') throw fault('Name or service not known')
  const address = await lookup4(host).catch((error: unknown) => {
    throw error instanceof ResolveError ? fault(error.message) : error
  })
  const octets = parseIpv4(address)
  if (octets === undefined) throw fault('Address family for hostname not supported')
  return octets
}
