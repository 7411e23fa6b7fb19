import {
  classify,
  errorRecord,
  LocalFault,
  type Observation,
  probeRecord,
  recordLine,
  type Target,
} from '@portkit/core'
import { createExitStatus } from './exit-status.ts'
import { type ConnectTask, createOpener } from './opener.ts'
import type { Run } from './run.ts'

const TOOL = 'nc-ts'

interface Tried {
  readonly target: Target
  readonly startedAtMs: number
  readonly observation: Observation | undefined
  readonly fault: LocalFault | undefined
}

/** `--json`: checks the ports and prints one object for each. Gives the exit status. @throws NcFault */
export async function jsonChecks(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  const status = createExitStatus(settings)
  const tcp = settings.transport === 'tcp' ? await createOpener(run, task) : undefined
  for (const port of task.ports) {
    const tried = tcp === undefined ? await tryUdp(run, task.host, port) : (await tcp.open(port)).dialled
    const { observation, target } = tried
    const state = observation === undefined ? 'filtered' : classify(observation, target.transport).state
    status.add({ state, succeeded: state === 'open', tested: target.transport === 'udp' })
    await run.say(recordLine(recordOf(run, tried)))
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

async function tryUdp(run: Run, host: string, port: number): Promise<Tried> {
  const { observeUdp, openUdp } = await import('./udp-open.ts')
  const startedAtMs = run.io.clock.wallMs()
  const opened = await openUdp(run, host, port)
  if ('fault' in opened) return { ...opened, startedAtMs, observation: undefined }
  try {
    return {
      target: opened.target,
      startedAtMs,
      observation: await observeUdp(run, opened.socket),
      fault: undefined,
    }
  } finally {
    opened.socket.close('fin')
  }
}
