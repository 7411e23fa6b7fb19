import { type ByteStream, StreamFault } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'
import { pythonRepr } from './sim-log.ts'
import type { PeerWorld } from './sim-peer-world.ts'
import { latin1, Reader } from './sim-reader.ts'
import { failureText, relay } from './sim-relay.ts'

/** A proxy for HTTP's CONNECT (RFC 9110 section 9.3.6) that forwards to other simulated ports. */
export interface HttpProxy {
  readonly kind: 'http-proxy'
  /** Forbids everything. */
  readonly fail?: boolean | undefined
  /** `user:password` that it wants (RFC 7617). */
  readonly auth?: string | undefined
}

/** Serves one client, and logs its request. */
export async function httpProxy(options: HttpProxy, client: ByteStream, world: PeerWorld): Promise<void> {
  const reader = new Reader(client)
  const answer = (status: string): Promise<void> =>
    client.write(new TextEncoder().encode(`HTTP/1.0 ${status}\r\n\r\n`))
  try {
    const request = await reader.until('\r\n\r\n')
    world.log(`request ${pythonRepr(request)}`)
    if (options.fail) return await answer('403 Forbidden')
    if (!authorized(latin1(request), options.auth)) return await answer('407 Proxy Authentication Required')
    const target = targetOf(latin1(request))
    if (target === undefined) return await answer('400 Bad Request')
    const far = await world.dial(target)
    if (typeof far === 'string') {
      world.log(`502 ${failureText(far).replace(/^\w+ /, '')}`)
      return await answer('502 Bad Gateway')
    }
    await answer('200 Connection established')
    await relay(client, far, reader.left)
    world.log('done')
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error
    world.log(
      error.code === 'EOF' ? `error OSError eof after b${pythonRepr(reader.left)}` : `error ${error.code}`,
    )
  }
}

function authorized(request: string, auth: string | undefined): boolean {
  if (auth === undefined) return true
  return request.includes(`\r\nProxy-Authorization: Basic ${btoa(auth)}\r\n`)
}

function targetOf(request: string): Endpoint | undefined {
  const [, bracketed, plain, port] = /^CONNECT (?:\[([^\]]+)\]|([^:\s]+)):(\d+) /.exec(request) ?? []
  const address = bracketed ?? plain
  return address === undefined ? undefined : { address, port: Number(port) }
}
