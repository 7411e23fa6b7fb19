import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `net-raw`: uid 65534 that holds CAP_NET_RAW and nothing else. */
export type User = 'root' | 'nobody' | 'net-raw'

/** A signal, sent so long after standard output had held a text so many times; several follow one another. */
export interface RecordedSignal {
  readonly send: 'SIGINT' | 'SIGTERM' | 'SIGTSTP' | 'SIGCONT'
  readonly after: string
  readonly times: number
  readonly thenMs: number
}

/** One run of a classic tool in the world of `nping-world.mjs`. Texts are lines. */
export interface RecordedCase {
  readonly id: string
  readonly title: string
  /** Without the program's name. */
  readonly argv: readonly string[]
  readonly user: User
  readonly signals?: readonly RecordedSignal[]
  /** What else ran in the probe meanwhile, for bash(1). */
  readonly meanwhile?: string
  /** What is in the folder that the tool runs in: texts by name. */
  readonly files?: Readonly<Record<string, string>>
  /** A status, or the signal that ended it. */
  readonly exit: number | string
  readonly seconds: number
  /** Both undefined: usage or an error in the tool's own words, which are not repeated here; `stderr` alone: a warning. */
  readonly stdout?: readonly string[]
  readonly stderr?: readonly string[]
  /** What it sent, masked, the first packets; undefined when nothing was recorded about it. */
  readonly wire?: readonly string[]
}

/** The recorded runs of a folder by the name of their file, such as `tcp-connect`. */
export function recordedFiles(folder: string): ReadonlyMap<string, readonly RecordedCase[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    names.sort().map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  )
}

/** The value that follows an option on a command line; undefined when it is not there. */
export function optionOf(argv: readonly string[], ...names: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => names.includes(word))
  return at < 0 ? undefined : argv[at + 1]
}
