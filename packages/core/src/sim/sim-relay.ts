import type { ByteStream } from '../io/streams.ts'

/** Carries octets both ways, half closes included, until both have ended or one breaks; then both are closed. */
export async function relay(near: ByteStream, far: ByteStream, first: Uint8Array): Promise<void> {
  try {
    if (first.length > 0) await far.write(first)
    await Promise.all([oneWay(near, far), oneWay(far, near)])
  } catch {
    near.close('rst')
    far.close('rst')
  } finally {
    near.close('fin')
    far.close('fin')
  }
}

async function oneWay(from: ByteStream, to: ByteStream): Promise<void> {
  for (;;) {
    const octets = await from.read(65_536)
    if (octets === undefined) return to.endWrite()
    await to.write(octets)
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ConnectionRefusedError [Errno 111] Connection refused',
  EHOSTUNREACH: 'OSError [Errno 113] No route to host',
  ENETUNREACH: 'OSError [Errno 101] Network is unreachable',
  ETIMEDOUT: 'TimeoutError [Errno 110] Connection timed out',
}

/** How the recorded proxies log a connection that failed. */
export function failureText(code: string): string {
  return FAILURES[code] ?? `OSError ${code}`
}
