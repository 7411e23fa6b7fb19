import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { builtTool } from '@portkit/lab/tool'
import type { Lab } from '@portkit/lab/vitest'
import { afterAll, beforeAll } from 'vitest'

type InsideOptions = NonNullable<Parameters<Lab['spawn']>[2]>
type Role = NonNullable<InsideOptions['as']>
type RunResult = Awaited<ReturnType<Lab['exec']>>
type Running = ReturnType<Lab['spawn']>

/** The real tool, under the one name that means no other netcat. */
export const REAL = 'nc.openbsd'

/** Ours, and beside it the real one: it shows that the tests themselves are right. */
export const TOOLS = ['nc-ts', REAL] as const
export type ToolName = (typeof TOOLS)[number]

/** A folder that is there while the tests run. */
export interface Place {
  readonly path: string
  readonly file: (name: string) => string
}

/** Makes a folder before the tests, readable for everybody, as some servers drop their rights; it is gone after them. */
export function place(parent: () => string = tmpdir): Place {
  let path = ''
  beforeAll(() => {
    path = mkdtempSync(join(parent(), 'portkit-use-'))
    chmodSync(path, 0o755)
  })
  afterAll(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }))
  return {
    get path() {
      return path
    },
    file: (name) => join(path, name),
  }
}

/** A netcat and the scripts that use it as `$NC`, which is one word and can be given to other programs. */
export interface Tool {
  readonly path: string
  /** Runs a bash script inside to its end; an unset variable or a failing part of a pipe is an error. */
  readonly bash: (script: string, options?: InsideOptions) => Promise<RunResult>
  readonly start: (script: string, options?: InsideOptions) => Running
}

const PACKAGE = join(import.meta.dirname, '..', '..')

/** The tool of that name. Ours is as npm installs it: a link to an executable file whose first line asks for Node. */
export function tool(lab: Lab, name: ToolName, here: Place): Tool {
  const path = () => (name === REAL ? REAL : here.file('bin/nc-ts'))
  if (name !== REAL) {
    const { command } = builtTool(PACKAGE, name)
    beforeAll(() => {
      const [, [file = '']] = command()
      chmodSync(file, 0o755)
      mkdirSync(here.file('bin'))
      symlinkSync(file, path())
    })
  }
  const call = (script: string, { env = {}, ...options }: InsideOptions): Call => [
    'bash',
    ['-uo', 'pipefail', '-c', script],
    {
      timeoutMs: 30_000,
      cwd: here.path,
      ...options,
      env: { ...cleanEnv(), NC: path(), HOME: here.path, ...env },
    },
  ]
  return {
    get path() {
      return path()
    },
    bash: (script, options = {}) => lab.exec(...call(script, options)),
    start: (script, options = {}) => lab.spawn(...call(script, options)),
  }
}

type Call = [string, string[], InsideOptions]

/** What the tool's first line needs to find this Node, and nothing that would lead a program to its owner's files. */
function cleanEnv(): NodeJS.ProcessEnv {
  return { PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter), LC_ALL: 'C.UTF-8' }
}

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 4 * 1024 ** 3

/** A folder in memory where there is much of it, or else the usual one: for files that a disk would make slow. */
export function roomyFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_BYTES ? MEMORY : tmpdir()
}

/** A server from Debian with a configuration of our own, in the foreground. */
interface Server {
  readonly command: string
  readonly args: readonly string[]
  readonly as?: Role
  readonly env?: NodeJS.ProcessEnv
  readonly ready: () => boolean | Promise<boolean>
  /** What makes it end in good order; SIGTERM unless said otherwise. */
  readonly stop?: NodeJS.Signals
}

/** A server that is ready; `text` is what it has said so far. */
interface Serving {
  readonly text: () => string
  readonly stop: () => Promise<void>
}

/** Serves while the tests run: from before them, when `make` may prepare its files, until after them. */
export function server(lab: Lab, make: () => Server | Promise<Server>): Pick<Serving, 'text'> {
  let serving: Serving | undefined
  beforeAll(async () => {
    serving = await serve(lab, await make())
  })
  // Not as what beforeAll returns: that is called when the lab and the folder are gone.
  afterAll(() => serving?.stop())
  return { text: () => serving?.text() ?? '' }
}

/** Starts a server inside and waits until it is ready. It has an empty `/run` to itself, where some keep their sockets. */
export async function serve(lab: Lab, what: Server): Promise<Serving> {
  const { command, args, as = 'target', env = {}, ready, stop = 'SIGTERM' } = what
  const script = 'mount -t tmpfs none /run && mkdir /run/sshd && exec "$@"'
  const options = { as, cwd: '/', timeoutMs: 300_000, env: { ...cleanEnv(), ...env } }
  const running = lab.spawn('sh', ['-ec', script, 'sh', command, ...args], options)
  const text = () => running.stdout() + running.stderr()
  await settled(ready, running)
  return {
    text,
    stop: async () => {
      running.kill(stop)
      await running.done
    },
  }
}

const READY_MS = 20_000
const LOOK_AGAIN_MS = 20

/** Waits for what no event tells. Rejects after 20 s, or with what the program said when it ended before. */
export async function settled(ready: Server['ready'], program?: Running): Promise<void> {
  const deadline = performance.now() + READY_MS
  let over = false
  const end = () => {
    over = true
  }
  program?.done.then(end, end)
  for (;;) {
    const wasOver = over
    if (await ready()) return
    if (wasOver) throw new Error(`it ended: ${program?.stdout()}${program?.stderr()}`)
    if (performance.now() > deadline) throw new Error(`not within ${READY_MS} ms: ${ready}`)
    await pause(LOOK_AGAIN_MS)
  }
}

/** Whether somebody listens there, seen without a connection: a listener without `-k` serves one only. */
export async function listens(
  lab: Lab,
  as: Role,
  port: number,
  protocol: 'tcp' | 'udp' = 'tcp',
): Promise<boolean> {
  const option = protocol === 'tcp' ? '-Hltn' : '-Hlun'
  const { stdout } = await lab.exec('ss', [option, `sport = :${port}`], { as })
  return stdout !== ''
}
