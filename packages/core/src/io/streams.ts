import type { Address, Endpoint } from '../model/target.ts'
import type { CloseWith, SocketSettings } from './socket-settings.ts'

/** Octets that come in. */
export interface ByteSource {
  /**
   * The next octets as soon as there are any, at most `most` of them; undefined at the end, for ever after. One call at
   * a time. The octets stay valid until the next call.
   * @throws StreamFault
   */
  read(most: number): Promise<Uint8Array | undefined>
}

/** Octets that go out. */
export interface ByteSink {
  /** Resolves when the system has taken all of them; until then they must not change. One call at a time. @throws StreamFault */
  write(octets: Uint8Array): Promise<void>
}

/**
 * A connection: TCP, UNIX or TLS as a stream of octets; or a UDP or UNIX datagram socket, where each `read` gives one
 * datagram (cut to `most`) and each `write` sends one.
 */
export interface ByteStream extends ByteSource, ByteSink {
  /** For UNIX sockets the address is the path (`@name` for an abstract one) and the port 0. */
  readonly local: Endpoint
  readonly remote: Endpoint
  /**
   * Resolves with the errno's name (`ECONNRESET`, `EPIPE`) once the connection is broken in both directions, also while
   * nobody reads or writes and after the peer's FIN. Never resolves for an orderly end.
   */
  readonly broken: Promise<string>
  /** Sends FIN after all that was written; reading goes on. Does nothing on datagram sockets. Safe to call twice. */
  endWrite(): void
  /** Frees the socket; pending reads end as at the end of the stream. Safe to call twice. */
  close(how: CloseWith): void
}

/** What a stream failed with. `code` is the errno's name, or OpenSSL's reason; `message` says it in words where there are any. */
export class StreamFault extends Error {
  readonly code: string

  constructor(code: string, message = code) {
    super(message)
    this.name = 'StreamFault'
    this.code = code
  }
}

/** A socket that waits for connections. */
export interface Listener {
  readonly local: Endpoint
  /** The next connection, taken from the system only now. Rejects with the signal's reason when it is aborted. @throws LocalFault */
  accept(signal?: AbortSignal): Promise<ByteStream>
  /** Connections that nobody accepted are reset. Safe to call twice. */
  close(): void
}

/** A datagram socket. Where it is connected, `read` gives the peer's datagrams only. */
export interface DatagramSocket extends ByteStream {
  /** Waits for one datagram without taking it, and tells who sent it. Rejects with the signal's reason. */
  sender(signal?: AbortSignal): Promise<Endpoint>
  /** From here on only this peer counts, and `write` goes there; datagrams of others are dropped. @throws LocalFault */
  connect(peer: Endpoint): Promise<void>
  /**
   * Sends one datagram there from a socket that is bound but not connected; its refusal is not heard. As `write` it
   * resolves when the system has taken the octets. @throws StreamFault EISCONN where the socket is connected
   */
  sendTo(octets: Uint8Array, to: Endpoint): Promise<void>
  /** One ICMP error for this socket's datagrams that has come meanwhile; undefined for none or where the system does not tell. */
  takeIcmp(): { readonly type: number; readonly code: number; readonly from: string | undefined } | undefined
}

/** A local address to wait at; port 0 lets the system choose. */
export interface BindRequest extends Address, SocketSettings {
  readonly port: number
}

export interface UdpConnectRequest extends Address, SocketSettings {
  readonly port: number
  /** Keep ICMP errors for `takeIcmp` (IP_RECVERR), where the system can. */
  readonly errors?: boolean | undefined
  readonly sourceAddress?: string | undefined
  readonly sourcePort?: number | undefined
}

/**
 * Sockets other than TCP connections made (those are `Net`'s). Every call throws or rejects with LocalFault, whose
 * `about` names the setting at fault, if one is; ENOTSUP where it needs koffi and that is missing.
 */
export interface Sockets {
  /** SO_REUSEADDR and, where koffi is, SO_REUSEPORT, so that two may listen on one port; a backlog of 1. */
  listenTcp(request: BindRequest): Promise<Listener>
  /** Connected, so that refusals are heard. Sends nothing. */
  connectUdp(request: UdpConnectRequest): Promise<DatagramSocket>
  bindUdp(request: BindRequest): Promise<DatagramSocket>
  /** A UNIX stream socket; `@name` is an abstract one. Rejects with LocalFault ENOENT, ECONNREFUSED, ENAMETOOLONG … */
  connectUnix(path: string): Promise<ByteStream>
  /** Removes whatever is at the path first, as nc does, and leaves the socket file behind. */
  listenUnix(path: string): Promise<Listener>
  /** UNIX datagrams (koffi). */
  bindUnixDatagram(path: string): Promise<DatagramSocket>
  /**
   * TLS over a stream that is open already, which it takes over (RFC 8446). Rejects with StreamFault whose code is
   * OpenSSL's reason (`CERT_HAS_EXPIRED`), the stream being closed then, and with the signal's reason when it is aborted.
   */
  secure(
    stream: ByteStream,
    role: 'client' | 'server',
    settings: TlsSettings,
    signal?: AbortSignal,
  ): Promise<SecureStream>
  /** A path in a new private folder for the receiving end of UNIX datagrams, and how to remove it. */
  temporarySocketPath(): Promise<{ readonly path: string; remove(): void }>
}

/** How to shake hands in TLS. */
export interface TlsSettings {
  /** For SNI and the check of the certificate; empty for none. */
  readonly serverName: string
  /** Refuse certificates that do not verify. Clients only. */
  readonly verify: boolean
  /** PEM texts. */
  readonly ca?: string | undefined
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  /** Protocols offered or accepted, best first (RFC 7301). */
  readonly alpn: readonly string[]
  /**
   * Shake hands with what is outdated, too: TLS 1.0 and 1.1, weak ciphers and keys, ciphers without a certificate. For
   * looking at servers: nothing that is secret may be sent over it.
   */
  readonly weak?: boolean | undefined
}

export interface SecureStream extends ByteStream {
  /** `TLSv1.3`. */
  readonly protocol: string
  readonly cipher: string
  /** The protocol agreed on; undefined for none. */
  readonly alpn: string | undefined
  /**
   * Why the certificate does not verify, as OpenSSL names it, or `ERR_TLS_CERT_ALTNAME_INVALID` for another name's;
   * undefined when it does.
   */
  readonly invalid: string | undefined
  /** The certificates that the peer sent, in its order (its own first), in DER; empty when it sent none. */
  readonly chain: readonly Uint8Array[]
}
