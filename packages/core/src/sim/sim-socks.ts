import { type ByteStream, StreamFault } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'
import { hexOctets, pythonRepr } from './sim-log.ts'
import type { PeerWorld } from './sim-peer-world.ts'
import { latin1, Reader } from './sim-reader.ts'
import { failureText, relay } from './sim-relay.ts'

/** A SOCKS proxy (RFC 1928, and the older version 4) that forwards to other simulated ports. */
export interface Socks {
  readonly kind: 'socks'
  readonly version: 4 | 5
  /** Answers every request with this code instead. */
  readonly fail?: number | undefined
  /** Accepts none of the client's ways to authenticate. */
  readonly noAuth?: boolean | undefined
}

/** Serves one client, and logs its greeting and request in hexadecimal. */
export async function socksProxy(options: Socks, client: ByteStream, world: PeerWorld): Promise<void> {
  const reader = new Reader(client)
  try {
    const target = await (options.version === 5 ? request5 : request4)(options, client, reader, world)
    if (target === undefined) return
    const far = await world.dial(target)
    // The recorded proxy drops the client when it cannot connect.
    if (typeof far === 'string') return world.log(`error ${failureText(far)}`)
    await client.write(options.version === 5 ? answer5(0) : answer4(90))
    await relay(client, far, reader.left)
    world.log('done')
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error
    world.log(
      error.code === 'EOF' ? `error OSError eof after b${pythonRepr(reader.left)}` : `error ${error.code}`,
    )
  }
}

async function request5(
  options: Socks,
  client: ByteStream,
  reader: Reader,
  world: PeerWorld,
): Promise<Endpoint | undefined> {
  const greeting = await reader.exactly(2)
  const methods = await reader.exactly(greeting[1] ?? 0)
  world.log(`greeting ${hexOctets(greeting)} ${hexOctets(methods)}`)
  await client.write(Uint8Array.of(5, options.noAuth ? 0xff : 0))
  if (options.noAuth) return undefined
  const head = await reader.exactly(4)
  const length = head[3] === 3 ? await reader.exactly(1) : new Uint8Array(0)
  const address = await reader.exactly(head[3] === 1 ? 4 : head[3] === 4 ? 16 : (length[0] ?? 0))
  const port = await reader.exactly(2)
  const target = { address: hostOf(head[3] ?? 0, address), port: uint16(port) }
  const hex = [head, length, address, port].map(hexOctets).filter((text) => text !== '')
  world.log(`request ${hex.join(' ')} = ${target.address} ${target.port}`)
  if (options.fail === undefined) return target
  await client.write(answer5(options.fail))
  return undefined
}

async function request4(
  options: Socks,
  client: ByteStream,
  reader: Reader,
  world: PeerWorld,
): Promise<Endpoint | undefined> {
  const head = await reader.exactly(8)
  const user = await reader.until('\0')
  const address = head.subarray(4)
  // SOCKS 4A: an address 0.0.0.x stands for a name that follows.
  const named = address[0] === 0 && address[1] === 0 && address[2] === 0 && address[3] !== 0
  const name = named ? await reader.until('\0') : new Uint8Array(0)
  world.log(
    `request ${[head, user, name]
      .map(hexOctets)
      .filter((text) => text !== '')
      .join(' ')}`,
  )
  const host = named ? latin1(name).slice(0, -1) : address.join('.')
  if (options.fail === undefined) return { address: host, port: uint16(head.subarray(2)) }
  await client.write(answer4(options.fail))
  return undefined
}

function answer5(code: number): Uint8Array {
  return Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0)
}

function answer4(code: number): Uint8Array {
  return Uint8Array.of(0, code, 0, 0, 0, 0, 0, 0)
}

function uint16(octets: Uint8Array): number {
  return (octets[0] ?? 0) * 256 + (octets[1] ?? 0)
}

function hostOf(type: number, octets: Uint8Array): string {
  if (type === 1) return octets.join('.')
  if (type !== 4) return latin1(octets)
  const groups = Array.from({ length: 8 }, (_, at) => uint16(octets.subarray(2 * at)).toString(16)).join(':')
  return shortened(groups)
}

/** The longest run of zero groups as `::` (RFC 5952 section 4.2). */
function shortened(groups: string): string {
  const runs = groups.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []
  const longest = runs.reduce(
    (best, run) => (run.replace(/^:/, '').length > best.replace(/^:/, '').length ? run : best),
    '',
  )
  if (longest === '') return groups
  const at = groups.indexOf(longest)
  return `${groups.slice(0, at)}::${groups.slice(at + longest.length).replace(/^:/, '')}`
}
