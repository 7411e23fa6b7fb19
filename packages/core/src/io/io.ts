import type { Duplex } from 'node:stream'
import type { LocalFault } from '../model/errors.ts'
import type {
  ClockName,
  Handshake,
  IcmpError,
  Refused,
  Silence,
  TlsFact,
  Unreachable,
} from '../model/observation.ts'
import type { Address, Family } from '../model/target.ts'
import type { Packets } from './packets.ts'
import type { Matcher, Pattern } from './patterns.ts'
import type { CloseWith, SocketSettings } from './socket-settings.ts'
import type { ByteSink, ByteSource, ByteStream, Sockets } from './streams.ts'

export interface Clock {
  /** Monotonic nanoseconds since an arbitrary start. */
  nowNs(): number
  /** Wall-clock milliseconds since 1970, for dates only: never for durations. */
  wallMs(): number
  /** Waits `ms` milliseconds (fractions allowed); rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface ConnectRequest extends Address, SocketSettings {
  readonly port: number
  readonly close: CloseWith
  readonly sourceAddress?: string | undefined
  readonly sourcePort?: number | undefined
  /** Do not take a source port that an ended connection still holds (TIME_WAIT): EADDRINUSE then. Kernel path only. */
  readonly exclusiveSource?: boolean | undefined
  /** Name of the network interface to leave by. */
  readonly interfaceName?: string | undefined
  /** Hand the open connection over instead of closing it: as node:stream for TLS, or as octets. */
  readonly keep?: 'stream' | 'bytes' | undefined
}

/** Silence here is the system's own: it gave up after its last SYN (tcp(7), tcp_syn_retries). */
export type ConnectFact = Handshake | Refused | IcmpError | Unreachable | Silence

export interface Connection {
  /** The open connection for node:tls, of a request with `keep: 'stream'`; the stream owns it from here on. */
  stream(): Duplex
  /** The open connection as octets, of a request with `keep: 'bytes'`; whoever has it owns it. */
  bytes(): ByteStream
  /** The socket's number in this process, where the kernel path made it. */
  readonly descriptor: number | undefined
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
  /** Probes of many ports of one address, one after another; only where system calls are. Send from no fixed source port. */
  readonly sweep?: (request: SweepRequest) => Sweep
  /** Many connection attempts at once of which only the outcome matters; only where system calls are. @throws LocalFault */
  readonly pool?: (request: PoolRequest) => ConnectPool
  /** A TLS handshake over a kept connection; certificates are judged, not enforced. Ends the connection. */
  tls(connection: Connection, options: TlsOptions, signal: AbortSignal): Promise<TlsFact>
  /** Makes the first measurement as good as the later ones; no packet leaves this machine. */
  warmUp(): Promise<void>
}

export type SweepRequest = Omit<ConnectRequest, 'port' | 'keep' | 'sourcePort'>

export interface Sweep {
  /**
   * Sends one SYN and looks for its answer for a fifth of a millisecond at most, without the event loop. Where that gave
   * nothing, the next `connect` to this port with the same request goes on with the same SYN.
   * @throws LocalFault
   */
  look(port: number): ConnectFact | undefined
  /** Frees the socket; a look that no `connect` went on with is given up. Safe to call twice. */
  end(): void
}

export type PoolRequest = Omit<ConnectRequest, 'port' | 'keep' | 'close' | keyof Address>

/** Connection attempts without an object each. Open connections are reset at once. It owns its sockets. */
export interface ConnectPool {
  /** Attempts under way, those included that have ended and were not collected. */
  readonly flying: number
  /**
   * Sends one SYN; `tag`, 0 to 2^31 - 1, names the attempt among those under way. Gives undefined when it was begun or
   * has already ended, else why this machine could not even try: EMFILE and ENFILE pass, as others do.
   */
  begin(address: Address, port: number, tag: number): LocalFault | undefined
  /** Hands over the attempts that have ended, the fact valid during the call only; says how many. Never waits. */
  collect(see: SeeFact, fail: SeeFault): number
  /**
   * Ends the attempts that began `ageNs` ago or earlier, oldest first: `silent`. Those whose answer has come, and perhaps
   * younger ones, are handed over as by `collect` instead.
   */
  expire(ageNs: number, see: SeeFact, silent: (tag: number) => void, fail: SeeFault): void
  /** Resolves when there may be something to collect, after `ms`, or when the signal is aborted. One wait at a time. */
  ready(ms: number, signal: AbortSignal): Promise<void>
  /** Frees its sockets; attempts under way are given up. Safe to call twice. */
  close(): void
}

/** The outcome of an attempt. */
export type SeeFact = (tag: number, fact: ConnectFact) => void

/** An attempt that this machine turned out not to be able to make, as `begin` tells where it knows at once. */
export type SeeFault = (tag: number, fault: LocalFault) => void

export interface TlsOptions {
  /** Server name for SNI and for the check of the certificate; empty for none. */
  readonly serverName: string
}

export interface Resolver {
  /** All addresses in the system's order, without duplicates. @throws ResolveError */
  lookup(host: string, family?: Family): Promise<readonly Address[]>
  /**
   * The name of an address; undefined when it has none. By getnameinfo(3), which nothing can end, and which keeps the
   * process alive; with a signal by the hosts file and the name servers, and undefined once that is aborted.
   */
  reverse(address: string, signal?: AbortSignal): Promise<string | undefined>
}

/** Standard input, opened when it is first read: a tool that never reads it leaves it alone. */
export interface StandardInput extends ByteSource {
  readonly isTty: boolean
  /** Lets go of it, so that the process can end. */
  release(): void
}

/** Standard output as octets. */
export interface StandardOutput extends ByteSink {
  /**
   * Resolves once nobody can read from the pipe or socket any more, also while nothing is written; never, where it is
   * neither or the system does not tell. Looks from the first call on; one promise for all callers.
   */
  gone?(): Promise<void>
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
  /** Takes Ctrl-Z (SIGTSTP) for the tool's own use: the process is not stopped by it. Returns how to stop listening. */
  onSuspend(listener: () => void): () => void
  /** undefined when there is no such file. @throws LocalFault */
  readText(path: string): string | undefined
  /** The names of what is in a folder, in the order of their characters. @throws LocalFault */
  listFolder(path: string): readonly string[]
  /** Readers see the old file or the new one, never half of it. @throws LocalFault */
  writeAtomically(path: string, text: string): void
  /** Asks a question on the terminal itself (/dev/tty) without showing the answer; undefined where there is none. */
  askSecret(question: string): Promise<string | undefined>
  /** Hands an open socket over to whoever is at the other end of standard output (SCM_RIGHTS). @throws LocalFault */
  passDescriptor(descriptor: number): Promise<void>
  /**
   * The octets of a file or named pipe, opened when the first are asked for. Nobody changes a piece that was handed over.
   * Ends early once the signal is aborted. Rejects with LocalFault.
   */
  openInput(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /**
   * Adds to a file that is made where there is none, and emptied unless it `appends`; characters of a string are octets.
   * @throws LocalFault
   */
  openOutput(path: string, appends?: boolean): { write(octets: string | Uint8Array): void; close(): void }
  /** Runs `sh -c command` with its output on stderr; gives its exit status, 128 + n after signal n. Ended after `timeoutMs`. */
  shell(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<number>
}

/** Which clock to measure with: `auto` takes the kernel's where it can be had. */
export type ClockChoice = 'auto' | 'kernel' | 'process'

/** Everything a tool may touch outside its own memory. */
export interface Io {
  readonly clock: Clock
  /** Sockets that measure with that clock. Rejects with LocalFault ENOTSUP when it cannot be had here. */
  openNet(choice: ClockChoice): Promise<Net>
  readonly sockets: Sockets
  readonly packets: Packets
  /** 32 random bits that nobody can guess, as an unsigned number. */
  random(): number
  readonly stdin: StandardInput
  /** Octets to standard output, past the lines that a tool yields. */
  readonly stdout: StandardOutput
  readonly dns: Resolver
  readonly system: System
  /** Matches against patterns that may be slow: a thread of its own. */
  openMatcher(patterns: readonly Pattern[]): Promise<Matcher>
  /** Aborted by the first SIGINT or SIGTERM; its reason is the signal's name. */
  readonly interrupted: AbortSignal
}
