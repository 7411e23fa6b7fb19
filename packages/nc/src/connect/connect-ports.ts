import { type ByteStream, type ConnectFact, type Connection, err, type Sweep } from '@portkit/core'
import { createExitStatus, STATUS } from '../exit-status.ts'
import type { Run } from '../run.ts'
import type { ConnectTask, Opened } from './opened.ts'
import { createOpener } from './opener.ts'

const LOOKS_A_TURN = 256
const REFUSED = { state: 'closed', succeeded: false, tested: false } as const

/**
 * Connects to each port in turn: checks it, or holds a session over it. Gives the exit status.
 * @throws NcFault, LocalFault for what ends the whole run
 */
export async function connectPorts(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  if (settings.json) return (await import('./json-check.ts')).jsonChecks(run, task)
  const status = createExitStatus(settings)
  const { open, sweep } = await createOpener(run, task)
  const glance = createGlance(run, sweep)
  try {
    for (const port of task.ports) {
      const known = await glance(port)
      if (known?.kind === 'refused' && !settings.verbose) {
        status.add(REFUSED)
        continue
      }
      const opened = await open(port, known)
      status.add(opened)
      if (opened.succeeded && (await use(run, task.host, opened))) return STATUS.ok
    }
    return status.value()
  } finally {
    sweep?.end()
  }
}

/** Looks hold up the event loop: signals have their turn now and then. */
function createGlance({ io }: Run, sweep: Sweep | undefined) {
  let looks = 0
  return async (port: number): Promise<ConnectFact | undefined> => {
    if (sweep === undefined) return undefined
    looks += 1
    if (looks % LOOKS_A_TURN === 0) await io.clock.sleep(0)
    return sweep.look(port)
  }
}

/** Tells of an open port, and makes use of the connection. Tells whether the whole run is over. */
async function use(run: Run, host: string, { port, dialled, connection, stream }: Opened): Promise<boolean> {
  if (run.settings.verbose) {
    const { succeeded } = await import('../words/format.ts')
    await run.say(err(succeeded(run, host, dialled.target.address, port)))
  }
  return connection === undefined ? false : converseOver(run, connection, stream)
}

/** Hands the connection on, or holds a session over it; closes it in the end. */
async function converseOver(
  run: Run,
  connection: Connection,
  stream: ByteStream | undefined,
): Promise<boolean> {
  const { settings } = run
  if (settings.passDescriptor) {
    await (await import('./pass-on.ts')).passOn(run, connection)
    return true
  }
  const net = stream ?? connection.bytes()
  try {
    if (settings.zero) return false
    const { converse } = await import('../session/converse.ts')
    return (await converse(run, net, { datagrams: false, listening: false })).quit
  } finally {
    net.close('fin')
  }
}
