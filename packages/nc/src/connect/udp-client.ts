import { classify, err } from '@portkit/core'
import { createExitStatus, type PortOutcome, STATUS } from '../exit-status.ts'
import type { Run } from '../run.ts'
import { converse } from '../session/converse.ts'
import { succeeded } from '../words/format.ts'
import { honestVerdict } from '../words/own-words.ts'
import type { ConnectTask } from './opened.ts'
import { type OpenedUdp, observeUdp, openUdp } from './udp-open.ts'

/** `-u`: tests ports, or talks with them. Gives the exit status. @throws NcFault */
export async function udpClient(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  if (settings.json) return (await import('./json-check.ts')).jsonChecks(run, task)
  const status = createExitStatus(settings)
  for (const port of task.ports) {
    const { opened, ...outcome } = await tryPort(run, task, port)
    status.add(outcome)
    try {
      if (outcome.succeeded && opened !== undefined && !settings.zero) {
        const { quit } = await converse(run, opened.socket, { datagrams: true, listening: false })
        if (quit) return STATUS.ok
      }
    } finally {
      opened?.socket.close('fin')
    }
  }
  return status.value()
}

interface Tried extends PortOutcome {
  /** Only of a port that is taken for open. */
  readonly opened?: OpenedUdp
}

async function tryPort(run: Run, task: ConnectTask, port: number): Promise<Tried> {
  const { waitMs } = run.settings
  const once = async (limitMs?: number): Promise<Tried> => {
    const opened = await openUdp(run, task.host, port)
    if ('fault' in opened) return { state: 'fault', succeeded: false, tested: false }
    const outcome = await checked(run, task, opened, limitMs)
    if (outcome.succeeded) return { ...outcome, opened }
    opened.socket.close('fin')
    return outcome
  }
  if (waitMs === undefined) return once()
  return (await import('./until-open.ts')).untilOpen(run, waitMs, once)
}

/** The test that `-v`, `-z` and `--wait` ask for; without them a port is taken as it is. */
async function checked(
  run: Run,
  task: ConnectTask,
  { target, socket }: OpenedUdp,
  limitMs: number | undefined,
): Promise<PortOutcome> {
  const { settings } = run
  const tests = settings.verbose || settings.zero || settings.waitMs !== undefined
  if (!tests) return { state: 'open', succeeded: true, tested: false }
  const observation = await observeUdp(run, socket, limitMs)
  const state = classify(observation, 'udp').state
  const good = settings.honestUdp ? state === 'open' : state === 'open' || observation.kind === 'silence'
  if (settings.verbose && good) await run.say(err(succeeded(run, task.host, target.address, target.port)))
  else if (settings.verbose && settings.honestUdp) await run.say(err(honestVerdict(run, target, observation)))
  return { state, succeeded: good, tested: true }
}
