import { fileFault } from '../io/file-fault.ts'
import type { System, UserRequest } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'

/** What a simulated operating system is like. */
export interface SystemWorld {
  readonly env?: Readonly<Record<string, string>>
  /** Texts, or octets. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly interfaces?: System['interfaces'] extends () => infer R ? R : never
  /** Both streams are terminals of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
  /** Answers to secret questions, one after the other; then, as without any, there is no terminal to ask. */
  readonly secrets?: readonly string[]
  /** Paths that cannot be written, with the errno's name. */
  readonly unwritable?: Readonly<Record<string, string>>
  /** Paths that cannot be read as octets, with the errno's name; ENOENT for those that are not there. */
  readonly unreadable?: Readonly<Record<string, string>>
  /** What passing a descriptor over standard output fails with; ENOTSOCK where that is no socket. */
  readonly passFault?: string
}

/** A simulated operating system, and what was done to it. */
export interface SimSystem {
  readonly system: System
  /** What was written to files, newest text by path; where octets were written, a character for each (latin1). */
  readonly written: ReadonlyMap<string, string>
  /** Commands given to the shell, with their variables. */
  readonly commands: readonly { readonly command: string; readonly env: Readonly<Record<string, string>> }[]
  /** Secret questions that were asked. */
  readonly questions: readonly string[]
  /** Descriptors that were handed over. */
  readonly passed: readonly number[]
  request(request: UserRequest): void
  /** The user presses Ctrl-Z; false when nobody takes it, and the process would be stopped. */
  suspend(): boolean
}

export function simSystem(world: SystemWorld): SimSystem {
  const written = new Map<string, string>()
  const commands: { command: string; env: Readonly<Record<string, string>> }[] = []
  const questions: string[] = []
  const passed: number[] = []
  const listeners = new Set<(request: UserRequest) => void>()
  const suspended = new Set<() => void>()
  const terminal = {
    isTty: world.terminal !== undefined,
    columns: () => world.terminal?.columns ?? 80,
    rows: () => world.terminal?.rows ?? 24,
  }
  const system: System = {
    env: world.env ?? {},
    platform: 'linux',
    stdout: terminal,
    stderr: terminal,
    interfaces: () => world.interfaces ?? {},
    onRequest(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSuspend(listener) {
      suspended.add(listener)
      return () => suspended.delete(listener)
    },
    readText: (path) => written.get(path) ?? textOf(world.files?.[path]),
    listFolder: (path) => listFolder(world, path, written),
    writeAtomically(path, text) {
      checkWritable(world, path)
      written.set(path, text)
    },
    async askSecret(question) {
      questions.push(question)
      return world.secrets?.[questions.length - 1]
    },
    async passDescriptor(descriptor) {
      if (world.passFault !== undefined) throw localFault(world.passFault, 'standard output', 'pass')
      passed.push(descriptor)
    },
    openInput: (path, signal) => openInput(world, path, written, signal),
    openOutput: (path, appends = false) => openOutput(world, path, written, appends),
    async shell(command, env) {
      commands.push({ command, env })
      return 0
    },
  }
  const request = (wish: UserRequest): void => {
    for (const listener of listeners) listener(wish)
  }
  const suspend = (): boolean => {
    for (const listener of suspended) listener()
    return suspended.size > 0
  }
  return { system, written, commands, questions, passed, request, suspend }
}

function textOf(file: string | Uint8Array | undefined): string | undefined {
  return typeof file === 'string' || file === undefined ? file : Buffer.from(file).toString()
}

/** As `written` has files: a character an octet. */
function octetsOf(file: string | Uint8Array = ''): string {
  const octets = typeof file === 'string' ? new TextEncoder().encode(file) : file
  return Buffer.from(octets).toString('latin1')
}

/** Folders are there for the files in them. */
function listFolder(
  { files = {}, unreadable }: SystemWorld,
  path: string,
  written: ReadonlyMap<string, string>,
): readonly string[] {
  const start = path.endsWith('/') ? path : `${path}/`
  const inside = [...Object.keys(files), ...written.keys()].filter((file) => file.startsWith(start))
  const errno = unreadable?.[path] ?? (inside.length === 0 ? 'ENOENT' : undefined)
  if (errno !== undefined) throw fileFault(errno, 'read', path)
  return [...new Set(inside.map((file) => file.slice(start.length).split('/')[0] ?? ''))].sort()
}

/** Small pieces, so that nothing in a file is by chance in one of them. */
const PIECE = 1000

async function* openInput(
  { files, unreadable }: SystemWorld,
  path: string,
  written: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal?.aborted === true) return
  const file = files?.[path]
  const ours = written.get(path)
  const octets = ours === undefined ? file : Uint8Array.from(Buffer.from(ours, 'latin1'))
  const errno = unreadable?.[path] ?? (octets === undefined ? 'ENOENT' : undefined)
  if (errno !== undefined) throw fileFault(errno, 'read', path)
  const all = typeof octets === 'string' ? new TextEncoder().encode(octets) : (octets ?? new Uint8Array())
  for (let at = 0; at < all.length && !signal?.aborted; at += PIECE) yield all.slice(at, at + PIECE)
}

function openOutput(world: SystemWorld, path: string, written: Map<string, string>, appends: boolean) {
  checkWritable(world, path)
  written.set(path, appends ? (written.get(path) ?? octetsOf(world.files?.[path])) : '')
  let open = true
  return {
    write(octets: string | Uint8Array): void {
      if (!open) throw localFault('EBADF', path)
      const text = typeof octets === 'string' ? octets : Buffer.from(octets).toString('latin1')
      written.set(path, `${written.get(path) ?? ''}${text}`)
    },
    close(): void {
      open = false
    },
  }
}

function checkWritable({ unwritable }: SystemWorld, path: string): void {
  const code = unwritable?.[path]
  if (code !== undefined) throw fileFault(code, 'write', path)
}
