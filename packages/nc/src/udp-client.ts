import {
  type Address,
  classify,
  type DatagramSocket,
  err,
  LocalFault,
  type Observation,
  type PortState,
  type Target,
} from '@portkit/core'
import { converse } from './converse.ts'
import { createExitStatus, STATUS } from './exit-status.ts'
import { NcFault } from './fault.ts'
import { connectFailed, localFaultMessage, succeeded } from './format.ts'
import { lookUp, lookUpLocal } from './look-up.ts'
import type { ConnectTask } from './opener.ts'
import { honestVerdict } from './own-words.ts'
import type { Run } from './run.ts'
import { testUdp } from './udp-test.ts'

/** How long nc lets a UDP port think. */
const TEST_MS = 3000

/** `-u`: tests ports, or talks with them. Gives the exit status. @throws NcFault */
export async function udpClient(run: Run, task: ConnectTask): Promise<number> {
  const { settings } = run
  if (settings.json) return (await import('./json-check.ts')).jsonChecks(run, task)
  const status = createExitStatus(settings)
  for (const port of task.ports) {
    const opened = await openUdp(run, task.host, port)
    if ('fault' in opened) {
      status.add({ state: 'filtered', succeeded: false, tested: false })
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

export interface OpenedUdp {
  readonly target: Target
  readonly socket: DatagramSocket
}

/** This machine has no way to any of the addresses; the last one says why. */
export interface UdpFault {
  readonly target: Target
  readonly fault: LocalFault
}

/** A socket connected to the first address that this machine has a way to. */
export async function openUdp(run: Run, host: string, port: number): Promise<OpenedUdp | UdpFault> {
  const { settings, io } = run
  let last: UdpFault | undefined
  for (const address of await lookUp(run, host, port)) {
    const target: Target = { ...address, host, port, transport: 'udp' }
    try {
      const sourceAddress = await sourceOf(run, address)
      const { socket: wishes, sourcePort } = settings
      const request = { ...wishes, ...address, port, sourceAddress, sourcePort, errors: wantsErrors(run) }
      return { target, socket: await io.sockets.connectUdp(request) }
    } catch (fault) {
      if (!(fault instanceof LocalFault)) throw fault
      if (fault.about !== undefined) throw new NcFault(localFaultMessage(fault, 'client', address.family))
      last = { target, fault }
      if (settings.verbose) await run.say(err(connectFailed(settings, target, fault.code)))
    }
  }
  if (last === undefined) throw new Error('a host has at least one address')
  return last
}

function wantsErrors({ settings }: Run): boolean {
  return settings.honestUdp || settings.json
}

async function sourceOf(run: Run, { family }: Address): Promise<string | undefined> {
  const { source } = run.settings
  return source === undefined ? undefined : (await lookUpLocal(run, source, family)).address
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
  else if (settings.verbose && settings.honestUdp)
    await run.say(err(honestVerdict(run, target, observation)))
  return { state, succeeded: good, tested: true }
}

/** Sends nc's test datagrams and waits for what comes of them. */
export function observeUdp({ settings, io }: Run, socket: DatagramSocket): Promise<Observation> {
  return testUdp(socket, io.clock, {
    limitMs: settings.session.timeoutMs ?? TEST_MS,
    endAtReply: settings.zero || settings.json,
    heedIcmp: settings.honestUdp || settings.json,
  })
}
