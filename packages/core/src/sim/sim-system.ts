import type { System, UserRequest } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'

/** What a simulated operating system is like. */
export interface SystemWorld {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly interfaces?: System['interfaces'] extends () => infer R ? R : never
  /** Both streams are terminals of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
  /** Answers to secret questions, one after the other; then, as without any, there is no terminal to ask. */
  readonly secrets?: readonly string[]
  /** Paths that cannot be written, with the errno's name. */
  readonly unwritable?: Readonly<Record<string, string>>
  /** What passing a descriptor over standard output fails with; ENOTSOCK where that is no socket. */
  readonly passFault?: string
}

/** A simulated operating system, and what was done to it. */
export interface SimSystem {
  readonly system: System
  /** What was written to files, newest text by path. */
  readonly written: ReadonlyMap<string, string>
  /** Commands given to the shell, with their variables. */
  readonly commands: readonly { readonly command: string; readonly env: Readonly<Record<string, string>> }[]
  /** Secret questions that were asked. */
  readonly questions: readonly string[]
  /** Descriptors that were handed over. */
  readonly passed: readonly number[]
  request(request: UserRequest): void
}

export function simSystem(world: SystemWorld): SimSystem {
  const written = new Map<string, string>()
  const commands: { command: string; env: Readonly<Record<string, string>> }[] = []
  const questions: string[] = []
  const passed: number[] = []
  const listeners = new Set<(request: UserRequest) => void>()
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
    readText: (path) => written.get(path) ?? world.files?.[path],
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
    openOutput: (path) => openOutput(world, path, written),
    async shell(command, env) {
      commands.push({ command, env })
      return 0
    },
  }
  const request = (wish: UserRequest): void => {
    for (const listener of listeners) listener(wish)
  }
  return { system, written, commands, questions, passed, request }
}

function openOutput(world: SystemWorld, path: string, written: Map<string, string>) {
  checkWritable(world, path)
  written.set(path, '')
  let open = true
  return {
    write(octets: string): void {
      if (!open) throw localFault('EBADF', path)
      written.set(path, `${written.get(path) ?? ''}${octets}`)
    },
    close(): void {
      open = false
    },
  }
}

function checkWritable({ unwritable }: SystemWorld, path: string): void {
  const code = unwritable?.[path]
  if (code !== undefined) throw localFault(code, path)
}
