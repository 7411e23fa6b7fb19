import {
  classify,
  errorRecord,
  LocalFault,
  type Observation,
  probeRecord,
  recordLine,
  type Target,
} from '@portkit/core'
import { createExitStatus, faultStatus } from '../exit-status.ts'
import { PassingFault } from '../fault.ts'
import type { Run } from '../run.ts'
import type { ConnectTask } from './opened.ts'
import { createOpener } from './opener.ts'

const TOOL = 'nc-ts'

interface Tried {
  readonly target: Target
  readonly startedAtMs: number
  readonly observation: Observation | undefined
  readonly fault: LocalFault | undefined
  /** Whether the port is open and TLS, where it is wanted, stood as well. */
  readonly succeeded: boolean
}

type Try = (port: number) => Promise<Tried>

/** `--json`: checks the ports and prints one object for each. Gives the exit status. @throws NcFault */
export async function jsonChecks(run: Run, task: ConnectTask): Promise<number> {
  const { settings, io } = run
  const status = createExitStatus(settings)
  let tryPort: Try | undefined
  for (const port of task.ports) {
    try {
      tryPort ??= await createTry(run, task)
      const tried = await tryPort(port)
      const { observation, target, succeeded } = tried
      const state = observation === undefined ? 'fault' : classify(observation, target.transport).state
      status.add({ state, succeeded, tested: target.transport === 'udp' })
      await run.say(recordLine(recordOf(run, tried)))
    } catch (fault) {
      if (!(fault instanceof PassingFault)) throw fault
      // As without JSON, a name that is not known ends the run at the first port.
      const why = fault.lookUp ?? fault
      await run.say(recordLine(errorRecord(TOOL, io.clock.wallMs(), why, { host: task.host, port })))
      return faultStatus(settings.exitCode)
    }
  }
  return status.value()
}

function recordOf({ services, io }: Run, { target, startedAtMs, observation, fault }: Tried) {
  if (observation === undefined) {
    const why = fault ?? new LocalFault('EIO', 'this machine could not try')
    return errorRecord(TOOL, io.clock.wallMs(), why, target)
  }
  const service = services.nameOf(target.port, target.transport)
  const verdict = classify(observation, target.transport)
  return probeRecord({ tool: TOOL, service }, { target, seq: 1, startedAtMs, observation, verdict })
}

async function createTry(run: Run, task: ConnectTask): Promise<Try> {
  if (run.settings.transport === 'udp') return createUdpTry(run, task)
  const { open } = await createOpener(run, task)
  return async (port) => {
    const { dialled, succeeded, stream, connection } = await open(port)
    stream?.close('fin')
    connection?.close()
    return { ...dialled, succeeded }
  }
}

async function createUdpTry(run: Run, { host }: ConnectTask): Promise<Try> {
  const { waitMs } = run.settings
  const { observeUdp, openUdp } = await import('./udp-open.ts')
  const once = async (port: number, limitMs?: number): Promise<Tried> => {
    const startedAtMs = run.io.clock.wallMs()
    const opened = await openUdp(run, host, port)
    if ('fault' in opened) return { ...opened, startedAtMs, observation: undefined, succeeded: false }
    const { target, socket } = opened
    try {
      const observation = await observeUdp(run, socket, limitMs)
      const succeeded = classify(observation, 'udp').state === 'open'
      return { target, startedAtMs, observation, fault: undefined, succeeded }
    } finally {
      socket.close('fin')
    }
  }
  if (waitMs === undefined) return (port) => once(port)
  const { untilOpen } = await import('./until-open.ts')
  return (port) => untilOpen(run, waitMs, (limitMs) => once(port, limitMs))
}
