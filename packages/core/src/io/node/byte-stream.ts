import { writeSync } from 'node:fs'
import type { OnReadOpts, Socket, SocketConstructorOpts } from 'node:net'
import type { Endpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import type { CloseWith } from '../socket-settings.ts'
import { type ByteStream, StreamFault } from '../streams.ts'
import { Intake } from './intake.ts'

/** How often a socket that nobody reads is asked whether it is broken: ever more seldom. */
const LOOK_MS = { first: 50, most: 300, growth: 1.2 } as const
const NOTHING = new Uint8Array(0)

export interface Ends {
  readonly local: Endpoint
  readonly remote: Endpoint
}

/** A socket of node:net that can become a stream of octets once it is connected. */
export interface ByteSocket {
  readonly socket: Socket
  stream(ends: Ends): ByteStream
}

/** What the constructor of a socket takes, though its types leave some out. */
type Options = SocketConstructorOpts & { readonly onread?: OnReadOpts; readonly handle?: unknown }

/** Not connected, or over the `fd` or the `handle` given. */
export function createByteSocket(options: Options = {}): ByteSocket {
  const { Socket } = builtin<typeof import('node:net')>('node:net')
  const intake = new Intake()
  const socketOptions: Options = { ...options, allowHalfOpen: true, onread: intake.onread }
  const socket = new Socket(socketOptions)
  intake.attach(socket)
  return { socket, stream: (ends) => new SocketStream(socket, intake, ends) }
}

/** Takes over a connected stream socket, TCP or UNIX, by its number in this process. */
export function streamOfDescriptor(fd: number, ends: Ends): ByteStream {
  return createByteSocket({ fd, readable: true, writable: true }).stream(ends)
}

/** The socket's handle, which Node has for itself; undefined once it is closed. */
export function handleOf(socket: Socket): { readonly fd?: number } | undefined {
  return (socket as { _handle?: { readonly fd?: number } | null })._handle ?? undefined
}

class SocketStream implements ByteStream {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly broken: Promise<string>
  readonly #socket: Socket
  readonly #intake: Intake
  #break: (code: string) => void = () => {}
  #fault: string | undefined
  #ending = false
  #closed = false
  #look: NodeJS.Timeout | undefined

  constructor(socket: Socket, intake: Intake, ends: Ends) {
    this.#socket = socket
    this.#intake = intake
    this.local = ends.local
    this.remote = ends.remote
    this.broken = new Promise((resolve) => {
      this.#break = resolve
    })
    socket.on('end', () => intake.finish())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(faultCode(error)))
    socket.on('close', () => {
      intake.finish()
      clearTimeout(this.#look)
    })
    intake.onPause = () => this.#lookLater(LOOK_MS.first)
    if (!intake.listens) this.#lookLater(LOOK_MS.first)
  }

  read(most: number): Promise<Uint8Array | undefined> {
    return this.#intake.read(most)
  }

  write(octets: Uint8Array): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(new StreamFault(this.#fault))
    if (this.#ending || this.#closed) return Promise.reject(new StreamFault('EPIPE'))
    // After a write that fails Node closes the socket: what a UNIX peer sent before it went would be lost.
    if (this.#socket.remoteFamily === undefined) this.#lookForFault()
    if (this.#fault !== undefined) return Promise.reject(new StreamFault(this.#fault))
    const socket = this.#socket
    let settle: ((error?: NodeJS.ErrnoException | null) => void) | undefined
    socket.write(octets, (error) => settle?.(error))
    // As a rule the system takes everything during the call; Node's callback would come a tick later.
    if (socket.writableLength === 0 && socket.errored === null) return Promise.resolve()
    return new Promise((resolve, reject) => {
      settle = (error) => {
        // Node calls a write that a closed socket cut off a success.
        if (error || socket.destroyed)
          reject(new StreamFault(this.#fault ?? faultCode(error ?? { code: 'EPIPE' })))
        else resolve()
      }
    })
  }

  endWrite(): void {
    if (this.#ending || this.#closed || this.#fault !== undefined) return
    this.#ending = true
    this.#socket.end()
  }

  close(how: CloseWith): void {
    if (this.#closed) return
    this.#closed = true
    this.#intake.drop()
    clearTimeout(this.#look)
    // Only TCP can reset, and only while it is connected.
    if (how === 'rst' && this.#socket.remoteFamily !== undefined) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  #failed(code: string): void {
    if (this.#closed || this.#fault !== undefined) return
    this.#fault = code
    this.#intake.finish(code)
    this.#break(code)
  }

  /** Node hears of nothing while it neither reads nor writes. */
  #lookLater(waitMs: number): void {
    if (this.#closed || this.#fault !== undefined) return
    this.#look ??= setTimeout(() => {
      this.#look = undefined
      if (this.#intake.listens) return
      this.#lookForFault()
      this.#lookLater(Math.min(waitMs * LOOK_MS.growth, LOOK_MS.most))
    }, waitMs).unref()
  }

  /** A write of nothing changes nothing and tells what is wrong (tcp_sendmsg). */
  #lookForFault(): void {
    const fd = handleOf(this.#socket)?.fd
    if (fd === undefined || fd < 0) return
    try {
      writeSync(fd, NOTHING)
    } catch (error) {
      const code = faultCode(error as NodeJS.ErrnoException)
      if (code === 'EAGAIN' || (code === 'EPIPE' && this.#ending)) return
      if (code !== 'EPIPE') this.#failed(code)
      // The peer is gone, but what it sent before can still be read.
      this.#fault ??= code
      this.#break(code)
    }
  }
}

/** The errno's name; Node's own codes are about a socket that is closed already. */
function faultCode({ code = 'EIO' }: Pick<NodeJS.ErrnoException, 'code'>): string {
  return code.startsWith('ERR_') ? 'EPIPE' : code
}
