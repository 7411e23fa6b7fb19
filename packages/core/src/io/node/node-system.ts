import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import { errnoOf, fileFault } from '../file-fault.ts'
import type { System, Terminal } from '../io.ts'
import { mayBeTerminal } from './output.ts'
import { listenForRequests, listenForSuspend } from './requests.ts'

/** The real machine: files, terminals, interfaces and programs; all that needs no system call of our own. */
export const nodeSystem: Omit<System, 'passDescriptor'> = {
  env: process.env,
  platform: process.platform,
  stdout: terminal('stdout'),
  stderr: terminal('stderr'),
  interfaces,
  onRequest: listenForRequests,
  onSuspend: listenForSuspend,
  readText,
  listFolder,
  writeAtomically,
  askSecret: async (question) => (await import('./ask-secret.ts')).askSecret(question),
  openInput,
  openOutput,
  shell,
}

/** Loading it costs a millisecond. */
const os = () => builtin<typeof import('node:os')>('node:os')

/** The streams are looked at when they are asked for: opening one costs a millisecond. */
function terminal(name: 'stdout' | 'stderr'): Terminal {
  return {
    get isTty() {
      return mayBeTerminal(name === 'stdout' ? 1 : 2) && process[name].isTTY === true
    },
    // Terminals that do not know their width say 0.
    columns: () => process[name].columns || 80,
    rows: () => process[name].rows ?? 24,
  }
}

function interfaces(): Record<string, readonly Address[]> {
  return Object.fromEntries(
    Object.entries(os().networkInterfaces()).map(([name, addresses = []]) => [
      name,
      addresses.map(({ address, family }) => ({ address, family: family === 'IPv6' ? 6 : 4 }) as const),
    ]),
  )
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT') return undefined
    throw fileFault(errno, 'read', path)
  }
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).sort()
  } catch (error) {
    const errno = errnoOf(error)
    throw errno === 'ENOTDIR'
      ? new LocalFault(errno, `cannot read ${path}: it is no folder`)
      : fileFault(errno, 'read', path)
  }
}

function writeAtomically(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(draft, text)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw fileFault(errnoOf(error), 'write', path)
  }
}

async function* openInput(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { inputFile } = await import('./input-file.ts')
  yield* inputFile(path, signal)
}

function openOutput(path: string, appends = false): ReturnType<System['openOutput']> {
  const fd = tried(path, () => openSync(path, appends ? 'a' : 'w'))
  return {
    write(octets) {
      const bytes = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets
      for (let at = 0; at < bytes.length; ) at += tried(path, () => writeSync(fd, bytes, at))
    },
    close: () => tried(path, () => closeSync(fd)),
  }
}

function tried<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw fileFault(errnoOf(error), 'write', path)
  }
}

function shell(command: string, env: Readonly<Record<string, string>>, timeoutMs: number): Promise<number> {
  return new Promise((resolve) => {
    const { spawn } = builtin<typeof import('node:child_process')>('node:child_process')
    const child = spawn('/bin/sh', ['-c', command], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : os().constants.signals[signal])),
    )
  })
}
