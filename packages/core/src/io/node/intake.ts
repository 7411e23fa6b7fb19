import type { OnReadOpts, Socket } from 'node:net'
import { StreamFault } from '../streams.ts'

/** As much as one system call fetches. More gains nothing on loopback and costs memory. */
const BUFFER = 65_536

const settled = Promise.resolve()

interface Waiting {
  readonly most: number
  resolve(octets: Uint8Array | undefined): void
  reject(fault: StreamFault): void
}

/**
 * The reading half of a net.Socket, by pull: octets come into one buffer that is never copied nor replaced, so the
 * socket reads on only while somebody waits and all that came has been used up.
 */
export class Intake {
  readonly onread: OnReadOpts
  /** Called when the system is no longer asked for octets; see `listens`. */
  onPause: () => void = () => {}
  readonly #buffer = new Uint8Array(BUFFER)
  #socket: Socket | undefined
  #from = 0
  #to = 0
  #reading = true
  #waiting: Waiting | undefined
  #over = false
  #fault: string | undefined

  constructor() {
    this.onread = { buffer: this.#buffer, callback: (octets) => this.#arrived(octets) }
  }

  /** The socket that was made with `onread`. */
  attach(socket: Socket): void {
    this.#socket = socket
  }

  /** Whether the system is being asked for octets now, so that it would tell of a broken connection too. */
  get listens(): boolean {
    return this.#reading && !this.#over
  }

  /** See ByteSource.read. */
  read(most: number): Promise<Uint8Array | undefined> {
    if (this.#from < this.#to) return Promise.resolve(this.#take(most))
    if (this.#fault !== undefined) return Promise.reject(new StreamFault(this.#fault))
    if (this.#over) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#waiting = { most, resolve, reject }
      if (this.#reading) return
      this.#reading = true
      this.#socket?.resume()
    })
  }

  /** No more octets will come. With a fault, reads fail after what is left. */
  finish(fault?: string): void {
    if (this.#over && fault === undefined) return
    if (!this.#over) this.#fault = fault
    this.#over = true
    this.onPause()
    const waiting = this.#waiting
    this.#waiting = undefined
    if (fault === undefined) waiting?.resolve(undefined)
    else waiting?.reject(new StreamFault(fault))
  }

  /** Forgets what has come and not been read. */
  drop(): void {
    this.#from = this.#to = 0
    this.#fault = undefined
    this.finish()
  }

  /** Whether to read on. */
  #arrived(octets: number): boolean {
    this.#from = 0
    this.#to = octets
    const waiting = this.#waiting
    if (waiting === undefined) return this.#stop()
    this.#waiting = undefined
    waiting.resolve(this.#take(waiting.most))
    if (this.#from < this.#to) return this.#stop()
    // The system reads again only after all microtasks and ticks: a reader that is back by then costs no pause.
    void settled.then(this.#soon)
    return true
  }

  readonly #soon = (): void => process.nextTick(this.#check)

  readonly #check = (): void => {
    if (this.#waiting !== undefined || !this.#reading || this.#over) return
    this.#stop()
    this.#socket?.pause()
  }

  #stop(): false {
    this.#reading = false
    this.onPause()
    return false
  }

  #take(most: number): Uint8Array {
    const from = this.#from
    this.#from = Math.min(this.#to, from + Math.max(1, most))
    return this.#buffer.subarray(from, this.#from)
  }
}
