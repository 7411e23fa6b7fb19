import { optionalPackage } from '../builtin.ts'

/** What we use of the package raw-socket, version 1.8.1. It has no types of its own. */
export interface RawSocketPackage {
  readonly AddressFamily: { readonly IPv4: number; readonly IPv6: number }
  readonly SocketLevel: { readonly SOL_SOCKET: number; readonly IPPROTO_IP: number }
  readonly SocketOption: {
    readonly SO_BINDTODEVICE: number
    readonly SO_RCVBUF: number
    readonly IP_HDRINCL: number
  }
  /** @throws Error without a code, with the system's text */
  createSocket(options: RawSocketOptions): RawSocket
}

export interface RawSocketOptions {
  /** 0 would be taken for "not given". */
  readonly protocol: number
  readonly addressFamily: number
  readonly bufferSize: number
}

/**
 * One socket. What it calls must not throw, for the exception would be swallowed or raised twice. It calls from within
 * its own reading and writing: whoever waits for a packet, and may close the socket then, is to run after that.
 */
export interface RawSocket {
  /** The octets are overwritten by the next packet. */
  on(event: 'message', listener: (octets: Uint8Array, source: string) => void): unknown
  /** After an error of the poll the socket has closed itself, after one of a read it has not. */
  on(event: 'error', listener: (error: Error) => void): unknown
  /** One packet each turn of the event loop. An address of the other family is sent somewhere else without an error. */
  send(
    octets: Uint8Array,
    offset: number,
    length: number,
    address: string,
    after: (error: Error | null, sent: number) => void,
  ): unknown
  /** @throws Error without a code */
  setOption(level: number, option: number, value: Uint8Array, length: number): void
  pauseRecv(): unknown
  close(): unknown
}

/** The package, or why it cannot be had, in words that say what to do about it. */
export type LoadedPackage =
  | { readonly kind: 'loaded'; readonly raw: RawSocketPackage }
  | { readonly kind: 'missing'; readonly why: string }

/** Loads the package; compiled when it was installed, it fails in more ways than others. Never throws. */
export function loadRawSocket(
  load: () => RawSocketPackage = () => optionalPackage<RawSocketPackage>('raw-socket', 'index.js'),
): LoadedPackage {
  try {
    return { kind: 'loaded', raw: load() }
  } catch (error) {
    return { kind: 'missing', why: whyNot(error) }
  }
}

function whyNot(error: unknown): string {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : failure(error)
  if (code === 'MODULE_NOT_FOUND') {
    return message.includes('raw.node')
      ? 'the package raw-socket is installed but was not compiled: that takes a C++ compiler, make, Python and ' +
          'permission to run its install script; then `npm rebuild raw-socket`'
      : 'the package raw-socket is not installed'
  }
  if (message.includes('NODE_MODULE_VERSION')) {
    return 'the package raw-socket was compiled for another version of Node: `npm rebuild raw-socket`'
  }
  if (message.includes('did not self-register')) {
    return 'the package raw-socket can be used by one thread only, and another one has loaded it'
  }
  const [reason = ''] = message.split('\n')
  return `the package raw-socket cannot be loaded: ${reason}`
}

function failure(thrown: unknown): { readonly code: undefined; readonly message: string } {
  return { code: undefined, message: String(thrown) }
}
