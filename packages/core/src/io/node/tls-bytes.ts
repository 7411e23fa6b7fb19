import type { TLSSocket } from 'node:tls'
import type { CloseWith } from '../socket-settings.ts'
import { type ByteStream, StreamFault } from '../streams.ts'
import { streamFault } from './stream-duplex.ts'

/** How long a close waits for the peer to take our close_notify. */
const FAREWELL_MS = 500

/** The octets inside a TLS connection whose handshake is done; `under` is the stream that carries it. */
export function tlsBytes(socket: TLSSocket, under: ByteStream): ByteStream {
  let closed = false
  const health = watch(socket, under)
  const inbox = inboxOf(socket, health)
  return {
    local: under.local,
    remote: under.remote,
    broken: health.broken,
    read: inbox.read,
    write: (octets) =>
      new Promise((resolve, reject) => {
        const failed = (error: Error): void => reject(health.fault() ?? streamFault(error))
        socket.write(octets, (error) => (error ? failed(error) : resolve()))
      }),
    endWrite() {
      if (!closed) socket.end()
    },
    close(how) {
      if (closed) return
      closed = true
      inbox.close()
      farewell(socket, under, health.fault() === undefined ? how : 'rst')
    },
  }
}

interface Health {
  readonly broken: Promise<string>
  fault(): StreamFault | undefined
}

/** The first thing that goes wrong, below TLS or in it. */
function watch(socket: TLSSocket, under: ByteStream): Health {
  let fault: StreamFault | undefined
  const broken = new Promise<string>((resolve) => {
    const breakWith = (first: StreamFault): void => {
      fault ??= first
      resolve(fault.code)
      socket.destroy()
    }
    socket.on('error', (error) => breakWith(streamFault(error)))
    void under.broken.then((code) => breakWith(new StreamFault(code)))
  })
  return { broken, fault: () => fault }
}

/** What has come and was not asked for yet: node:stream holds back the peer when that is much. */
function inboxOf(socket: TLSSocket, health: Health) {
  let rest: Buffer | undefined
  let ended = false
  let wake = (): void => {}
  socket.once('end', () => {
    ended = true
  })
  for (const event of ['readable', 'end', 'close']) socket.on(event, () => wake())
  const take = (): Buffer | undefined => {
    const octets = rest ?? (socket.read() as Buffer | null) ?? undefined
    if (octets !== undefined || ended) return octets
    const fault = health.fault()
    if (fault !== undefined) throw fault
    ended = socket.destroyed
    return undefined
  }
  return {
    async read(most: number): Promise<Uint8Array | undefined> {
      for (let octets = take(); !ended || octets !== undefined; octets = take()) {
        if (octets !== undefined) {
          rest = octets.length > most ? octets.subarray(most) : undefined
          return octets.subarray(0, most)
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return undefined
    },
    close() {
      ended = true
      rest = undefined
      socket.resume()
      wake()
    },
  }
}

/** An orderly end says close_notify first (RFC 8446 section 6.1), but does not wait for a peer that takes nothing. */
function farewell(socket: TLSSocket, under: ByteStream, how: CloseWith): void {
  const leave = (): void => {
    clearTimeout(timer)
    under.close(how)
    socket.destroy()
  }
  const timer = setTimeout(leave, FAREWELL_MS)
  if (how === 'rst' || socket.destroyed || socket.writableLength > 0) leave()
  else socket.end(leave)
}
