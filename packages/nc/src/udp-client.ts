import { classify, err, type PortState } from '@portkit/core'
import { converse } from './converse.ts'
import { createExitStatus, STATUS } from './exit-status.ts'
import { succeeded } from './format.ts'
import type { ConnectTask } from './opener.ts'
import { honestVerdict } from './own-words.ts'
import type { Run } from './run.ts'
import { type OpenedUdp, observeUdp, openUdp } from './udp-open.ts'

/** `-u`: tests ports, or talks with them. Gives the exit status. @throws NcFault */
export async function udpClient(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  if (settings.json) return (await import('./json-check.ts')).jsonChecks(run, task)
  const status = createExitStatus(settings)
  for (const port of task.ports) {
    const opened = await openUdp(run, task.host, port)
    if ('fault' in opened) {
      status.add({ state: 'fault', succeeded: false, tested: false })
      continue
    }
    try {
      const outcome = await checked(run, task, opened)
      status.add(outcome)
      if (outcome.succeeded && !settings.zero) {
        const { quit } = await converse(run, opened.socket, { datagrams: true, listening: false })
        if (quit) return STATUS.ok
      }
    } finally {
      opened.socket.close('fin')
    }
  }
  return status.value()
}

interface Checked {
  readonly state: PortState
  readonly succeeded: boolean
  readonly tested: boolean
}

/** The test that `-v` and `-z` ask for; without them a port is taken as it is. */
async function checked(run: Run, task: ConnectTask, { target, socket }: OpenedUdp): Promise<Checked> {
  const { settings } = run
  if (!settings.verbose && !settings.zero) return { state: 'open', succeeded: true, tested: false }
  const observation = await observeUdp(run, socket)
  const state = classify(observation, 'udp').state
  const good = settings.honestUdp ? state === 'open' : state === 'open' || observation.kind === 'silence'
  if (settings.verbose && good) await run.say(err(succeeded(run, task.host, target.address, target.port)))
  else if (settings.verbose && settings.honestUdp) await run.say(err(honestVerdict(run, target, observation)))
  return { state, succeeded: good, tested: true }
}
