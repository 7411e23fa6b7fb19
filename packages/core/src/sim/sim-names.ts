import { type Endpoint, formatEndpoint } from '../model/target.ts'

export function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port
}

/** `10.0.0.2:22`, `[::1]:22`; for UNIX sockets the path or `@name`. */
export function formatName(endpoint: Endpoint): string {
  return isPath(endpoint.address) ? endpoint.address : formatEndpoint(endpoint)
}

/** The reverse of `formatName`. @throws Error for text that is neither */
export function parseName(name: string): Endpoint {
  if (isPath(name)) return { address: name, port: 0 }
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(name) ?? []
  const address = bracketed ?? plain
  if (address === undefined) throw new Error(`neither address:port nor a path: ${name}`)
  return { address, port: Number(port) }
}

/** Whether what is bound at `bound` hears what is sent to `to`. */
export function hears(bound: Endpoint, to: Endpoint): boolean {
  if (bound.port !== to.port) return false
  return bound.address === to.address || isWildcard(bound.address) || isWildcard(to.address)
}

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** Which of its own addresses a machine reaches that one from. */
export function localAddress(own: readonly string[], remote: string): string {
  if (isLoopback(remote)) return remote
  const six = remote.includes(':')
  return own.find((address) => address.includes(':') === six) ?? (six ? '::' : '0.0.0.0')
}

/** Paths may be relative: what has no colon and is no IPv4 address. */
function isPath(name: string): boolean {
  return /^[/@.]/.test(name) || !(name.includes(':') || /^[\d.]+$/.test(name))
}
