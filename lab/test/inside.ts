import { fileURLToPath } from 'node:url'
import type { Lab } from '../src/lab.mjs'

/** What became of one connection attempt of `probe.mjs`. */
export interface Watched {
  readonly result: string
  readonly ended: 'held' | 'fin' | 'rst'
  /** Hexadecimal. */
  readonly said: string
  readonly greetedAfterMs?: number
}

export interface Attempt {
  readonly address: string
  readonly port: number
  /** End the connection from our side as soon as it is open. */
  readonly fin?: boolean
}

const SCRIPT = fileURLToPath(new URL('probe.mjs', import.meta.url))

/** Makes connections with node:net from inside the lab, all at once. */
export function watch(lab: Lab, attempts: readonly Attempt[]): Promise<readonly Watched[]> {
  return probe(lab, attempts) as Promise<readonly Watched[]>
}

/** The result of a single attempt. */
export async function watchOne(lab: Lab, attempt: Attempt): Promise<Watched> {
  const [watched] = await watch(lab, [attempt])
  if (watched === undefined) throw new Error('the probe said nothing')
  return watched
}

/** The addresses of names, or the resolver's error. */
export function resolveInside(lab: Lab, names: readonly string[]): Promise<readonly unknown[]> {
  return probe(
    lab,
    names.map((name) => ({ name })),
  )
}

async function probe(lab: Lab, tasks: readonly object[]): Promise<readonly unknown[]> {
  const { stdout, stderr, status } = await lab.exec(process.execPath, [SCRIPT, JSON.stringify(tasks)])
  if (status !== 0) throw new Error(`the probe failed: ${stderr}`)
  return JSON.parse(stdout) as unknown[]
}
