import { type Connection, err } from '@portkit/core'
import { createExitStatus, STATUS } from './exit-status.ts'
import { type ConnectTask, createOpener, type Opened } from './opener.ts'
import type { Run } from './run.ts'

/**
 * Connects to each port in turn: checks it, or holds a session over it. Gives the exit status.
 * @throws NcFault, LocalFault for what ends the whole run
 */
export async function connectPorts(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  if (settings.json) return (await import('./json-check.ts')).jsonChecks(run, task)
  const status = createExitStatus(settings)
  const open = await createOpener(run, task)
  for (const port of task.ports) {
    const opened = await open(port)
    status.add(opened)
    if (!opened.succeeded) continue
    if (settings.verbose) {
      const { succeeded } = await import('./format.ts')
      await run.say(err(succeeded(run, task.host, opened.dialled.target.address, port)))
    }
    if (opened.connection !== undefined && (await use(run, opened, opened.connection))) return STATUS.ok
  }
  return status.value()
}

/** Hands the connection on, or holds a session over it; closes it in the end. Tells whether the whole run is over. */
async function use(run: Run, { stream }: Opened, connection: Connection): Promise<boolean> {
  const { settings } = run
  if (settings.passDescriptor) {
    await (await import('./pass-on.ts')).passOn(run, connection)
    return true
  }
  const net = stream ?? connection.bytes()
  try {
    if (settings.zero) return false
    const { converse } = await import('./converse.ts')
    return (await converse(run, net, { datagrams: false, listening: false })).quit
  } finally {
    net.close('fin')
  }
}
