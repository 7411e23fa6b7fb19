import type { Family, SocketSettings, Transport } from '@portkit/core'

/** What is to be done. `tcp` with a path means a UNIX stream socket, `udp` a UNIX datagram socket. */
export type Task =
  | { readonly kind: 'connect'; readonly host: string; readonly ports: readonly number[] }
  | { readonly kind: 'listen'; readonly host: string | undefined; readonly port: number }
  | { readonly kind: 'connect-unix'; readonly path: string }
  | { readonly kind: 'listen-unix'; readonly path: string }

export type ProxyProtocol = '4' | '4A' | '5' | 'connect'

export interface ProxyChoice {
  readonly host: string
  readonly port: number
  readonly protocol: ProxyProtocol
  /** For HTTP proxies; the password is asked for. */
  readonly user: string | undefined
}

/** TLS as the user wants it; the server name is the host's where `sni` is undefined. Paths of PEM files. */
export interface TlsChoice {
  readonly verify: boolean
  readonly sni: string | undefined
  readonly ca: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
  readonly alpn: readonly string[]
}

/** How a connection is used once it stands. Times in milliseconds. */
export interface SessionSettings {
  /** `-w`: ends a session that is idle for so long; undefined for never, 0 for at once. */
  readonly timeoutMs: number | undefined
  /** `-i`: pause after each line sent; 0 for none. */
  readonly intervalMs: number
  /** `-q` from 0 up; undefined for no such end. */
  readonly quitMs: number | undefined
  /** `-N`, or implied by `-q`. */
  readonly shutdownAtEof: boolean
  /** `-W`: reads from the network until the end; undefined for no limit. */
  readonly receiveLimit: number | undefined
  /** `-d` makes it false. */
  readonly readStdin: boolean
  readonly crlf: boolean
  readonly telnet: boolean
}

/** Everything the command line says. */
export interface Settings {
  /** The base name under which the tool was started; it begins every message. */
  readonly name: string
  readonly task: Task
  readonly transport: Transport
  readonly family: Family | undefined
  readonly numeric: boolean
  readonly verbose: boolean
  readonly zero: boolean
  readonly keepListening: boolean
  readonly passDescriptor: boolean
  readonly session: SessionSettings
  readonly socket: SocketSettings
  /** `-S`: the key is asked for on the terminal. */
  readonly md5: boolean
  /** `-s` and `-p` of a client, as they were typed; for UNIX datagrams the socket's own path. */
  readonly source: string | undefined
  readonly sourcePort: number | undefined
  readonly proxy: ProxyChoice | undefined
  readonly exitCode: 'nc' | 'state'
  readonly honestUdp: boolean
  readonly json: boolean
  /** `--wait`: try again until open, for so long. */
  readonly waitMs: number | undefined
  readonly tls: TlsChoice | undefined
  readonly hexDump: string | undefined
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly progress: boolean
}
