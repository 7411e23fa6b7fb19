import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedExit, RecordedInput } from './recorded-cases.ts'
import { collected, pipes } from './recorded-pipe.ts'

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
}

/** After its end a program's children may hold its outputs open for so long. */
const REST_MS = 300

export interface Ended {
  readonly exit: RecordedExit
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly seconds: number
}

/** A program in a namespace, whose input is a script. */
export interface Running {
  readonly done: Promise<Ended>
  readonly stderr: () => Buffer
  readonly isOver: () => boolean
  /** Ends it and its children; it then counts as having been running. */
  readonly cut: () => Promise<Ended>
}

export interface Starting {
  readonly namespace: string
  readonly command: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly input: RecordedInput
  /** The script of the input begins when this is over. */
  readonly inputFrom?: Promise<unknown>
}

/** Runs a command line by sh(1); with a terminal as its input also its outputs are the terminal. */
export function startShell({ namespace, command, cwd, env, input, inputFrom }: Starting): Running {
  const inTerminal = input.kind === 'tty'
  const shell = inTerminal
    ? ['script', '--echo', 'always', '-qefc', `exec ${command}`, '/dev/null']
    : ['sh', '-c', command]
  const stdin = inputOf(input, cwd)
  const [out, err] = pipes(cwd, 2, true)
  if (out === undefined || err === undefined) throw new Error('no pipes')
  const stdio = [stdin.read, out.write, err.write]
  const began = performance.now()
  const child = spawn('ip', ['netns', 'exec', namespace, ...shell], { cwd, env, detached: true, stdio })
  for (const fd of stdio) closeSync(fd)
  const [stdout, stderr] = [collected(out.read), collected(err.read)]
  const state = { cut: false, over: false }
  const done = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', async (status, signal) => {
      state.over = true
      const seconds = (performance.now() - began) / 1000
      stdin.close()
      await Promise.race([Promise.all([stdout.over, stderr.over]), sleep(REST_MS)])
      for (const output of [stdout, stderr]) output.leave()
      const exit = exitOf(state.cut, status, signal, inTerminal)
      resolve({ exit, stdout: stdout.octets(), stderr: stderr.octets(), seconds })
    })
  })
  done.catch(() => stdin.close())
  void feed(stdin, input, inputFrom)
  return {
    done,
    stderr: stderr.octets,
    isOver: () => state.over,
    async cut() {
      state.cut = !state.over
      killGroup(child)
      return done
    },
  }
}

/** Waits for the end, at most so long; then the program is cut off. */
export async function within(running: Running, seconds: number): Promise<Ended> {
  const limit = new AbortController()
  const late = sleep(seconds * 1000, undefined, { signal: limit.signal }).then(
    () => running.cut(),
    () => running.done,
  )
  try {
    return await Promise.race([running.done, late])
  } finally {
    limit.abort()
  }
}

function exitOf(
  cut: boolean,
  status: number | null,
  signal: NodeJS.Signals | null,
  inTerminal: boolean,
): RecordedExit {
  if (cut) return { kind: 'running' }
  if (signal !== null) return { kind: 'signal', signal: SIGNALS[signal] ?? 0 }
  // script(1) tells of a signal as shells do.
  if (inTerminal && (status ?? 0) > 128) return { kind: 'signal', signal: (status ?? 0) - 128 }
  return { kind: 'status', status: status ?? -1 }
}

interface Input {
  readonly read: number
  readonly write: (octets: Uint8Array) => void
  readonly close: () => void
}

/** A script's octets fit into a pipe, so that writing never waits (pipe(7): 65536). */
function inputOf(input: RecordedInput, folder: string): Input {
  if (input.kind === 'null') return { read: openSync('/dev/null', 'r'), write() {}, close() {} }
  const [pipe] = pipes(folder, 1, false)
  if (pipe === undefined) throw new Error('no pipe')
  let open = true
  return {
    read: pipe.read,
    write(octets) {
      if (open) writeSync(pipe.write, octets)
    },
    close() {
      if (open) closeSync(pipe.write)
      open = false
    },
  }
}

async function feed(stdin: Input, input: RecordedInput, from: Promise<unknown> | undefined): Promise<void> {
  if (input.kind === 'null') return
  await from
  try {
    for (const step of input.steps) {
      if (step.kind === 'wait') await sleep(step.seconds * 1000)
      else stdin.write(step.octets)
    }
  } catch {
    // A program may well close its input, or end without reading it.
  }
  if (input.kind === 'pipe' && input.end === 'eof') stdin.close()
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
