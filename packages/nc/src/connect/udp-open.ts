import {
  type DatagramSocket,
  LocalFault,
  type Observation,
  type Target,
  type UdpConnectRequest,
} from '@portkit/core'
import type { Run } from '../run.ts'
import { sayFailure, settingFault } from '../words/failures.ts'
import { isOfAddress } from './dial.ts'
import { lookUp, lookUpLocal } from './look-up.ts'
import { testUdp } from './udp-test.ts'

/** How long nc lets a UDP port think. */
const TEST_MS = 3000

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
  let last: UdpFault | undefined
  for (const address of await lookUp(run, host, port)) {
    const target: Target = { ...address, host, port, transport: 'udp' }
    const opened = await openAt(run, target)
    if ('socket' in opened) return opened
    last = opened
    if (run.settings.verbose) await sayFailure(run, target, opened.fault, undefined)
  }
  if (last === undefined) throw new Error('a host has at least one address')
  return last
}

async function openAt(run: Run, target: Target): Promise<OpenedUdp | UdpFault> {
  try {
    return { target, socket: await run.io.sockets.connectUdp(await requestTo(run, target)) }
  } catch (fault) {
    if (!(fault instanceof LocalFault)) throw fault
    if (!isOfAddress(fault)) throw settingFault(fault, target.family)
    return { target, fault }
  }
}

async function requestTo(run: Run, { address, family, port }: Target): Promise<UdpConnectRequest> {
  const { socket, source, sourcePort } = run.settings
  const sourceAddress = source === undefined ? undefined : (await lookUpLocal(run, source, family)).address
  return { ...socket, address, family, port, sourceAddress, sourcePort, errors: heedsIcmp(run) }
}

/** nc notices refusals alone. */
function heedsIcmp({ settings }: Run): boolean {
  return settings.honestUdp || settings.json || settings.exitCode === 'state'
}

/** Sends nc's test datagrams and waits for what comes of them, for so long or as the user says. */
export function observeUdp(run: Run, socket: DatagramSocket, limitMs?: number): Promise<Observation> {
  const { settings, io } = run
  return testUdp(socket, io.clock, {
    limitMs: limitMs ?? settings.session.timeoutMs ?? TEST_MS,
    endAtReply: settings.zero || settings.json,
    heedIcmp: heedsIcmp(run),
  })
}
