import type { Duplex } from 'node:stream'
import type { ClockName, Handshake, IcmpError, Refused, TlsFact, Unreachable } from '../model/observation.ts'
import type { Address, Family } from '../model/target.ts'

export interface Clock {
  /** Monotonic nanoseconds since an arbitrary start. */
  nowNs(): number
  /** Wall-clock milliseconds since 1970, for dates only: never for durations. */
  wallMs(): number
  /** Waits `ms` milliseconds (fractions allowed); rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** How a connection is ended: an orderly FIN, or a RST that leaves no TIME_WAIT behind. */
export type CloseWith = 'fin' | 'rst'

export interface ConnectRequest extends Address {
  readonly port: number
  readonly close: CloseWith
  readonly sourceAddress?: string | undefined
  readonly sourcePort?: number | undefined
  /** Name of the network interface to leave by. */
  readonly interfaceName?: string | undefined
  /** IPv4 time to live or IPv6 hop limit. */
  readonly ttl?: number | undefined
  /** IPv4 type of service octet or IPv6 traffic class. */
  readonly tos?: number | undefined
  /** Hand the open connection over instead of closing it. */
  readonly keep?: boolean | undefined
}

export type ConnectFact = Handshake | Refused | IcmpError | Unreachable

export interface Connection {
  /** The open connection as a byte stream; the stream owns it from here on. */
  stream(): Duplex
  /** Ends the connection as the request said. Safe to call twice. */
  close(): void
}

export interface ConnectAnswer {
  readonly fact: ConnectFact
  /** Only for a handshake whose request said `keep`. */
  readonly connection?: Connection
}

/** One connection attempt under way. It owns its socket and its clock. */
export interface Attempt {
  /** Never rejects for what the network did; rejects with LocalFault for what this machine did. */
  readonly answer: ConnectAnswer | Promise<ConnectAnswer>
  /**
   * Ends the attempt and frees its socket. Says how many SYNs it sent, where known, and has the `answer` when one had
   * come that nobody had looked at yet.
   */
  abandon(): { readonly syns: number | undefined; readonly answer?: ConnectAnswer }
}

export interface Net {
  /** The clock that measures an open port here. */
  readonly clock: ClockName
  /** Sends one SYN. @throws LocalFault when this machine could not even try. */
  connect(request: ConnectRequest): Attempt
  /** A TLS handshake over a kept connection; certificates are judged, not enforced. Ends the connection. */
  tls(connection: Connection, options: TlsOptions, signal: AbortSignal): Promise<TlsFact>
  /** Makes the first measurement as good as the later ones; no packet leaves this machine. */
  warmUp(): Promise<void>
}

export interface TlsOptions {
  /** Server name for SNI and for the check of the certificate; empty for none. */
  readonly serverName: string
}

export interface Resolver {
  /** All addresses in the system's order, without duplicates. @throws ResolveError */
  lookup(host: string, family?: Family): Promise<readonly Address[]>
}

/** What the terminal at one end of a stream is like. */
export interface Terminal {
  readonly isTty: boolean
  columns(): number
  rows(): number
}

/** What the person at the terminal may ask for while a tool runs. */
export type UserRequest = 'status' | 'summary' | 'resize'

export interface System {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly stdout: Terminal
  readonly stderr: Terminal
  /** Network interfaces with their addresses. */
  interfaces(): Readonly<Record<string, readonly Address[]>>
  /** SIGQUIT and SIGINFO ask for `status`, Enter on a terminal for `summary`, SIGWINCH for `resize`. Returns how to stop listening. */
  onRequest(listener: (request: UserRequest) => void): () => void
  /** undefined when there is no such file. @throws LocalFault */
  readText(path: string): string | undefined
  /** Readers see the old file or the new one, never half of it. @throws LocalFault */
  writeAtomically(path: string, text: string): void
  /** Runs `sh -c command` with its output on stderr; gives its exit status, 128 + n after signal n. Ended after `timeoutMs`. */
  shell(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<number>
}

/** Which clock to measure with: `auto` takes the kernel's where it can be had. */
export type ClockChoice = 'auto' | 'kernel' | 'process'

/** Everything a tool may touch outside its own memory. */
export interface Io {
  readonly clock: Clock
  /** Sockets that measure with that clock. @throws LocalFault ENOTSUP when it cannot be had here */
  openNet(choice: ClockChoice): Net
  readonly dns: Resolver
  readonly system: System
  /** Aborted by the first SIGINT or SIGTERM; its reason is the signal's name. */
  readonly interrupted: AbortSignal
}
