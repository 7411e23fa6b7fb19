import type { Finding } from '@portkit/banner'
import type { Address, Io, Target, Transport } from '@portkit/core'
import type { PortNames } from '../grammar/service-names.ts'
import type { PortService } from '../model/port-table.ts'
import type { VersionWish } from '../settings.ts'
import { nmapName } from './service-protocols.ts'

/** A port whose service is to be found out: open, or one that may be (open|filtered). */
export interface OpenPort extends Address {
  /** The name that the user typed, else the address: servers are asked by it (SNI, HTTP). */
  readonly host: string
  readonly protocol: Transport
  readonly port: number
}

/** What is known of its service. */
export interface FoundService {
  readonly address: string
  readonly protocol: Transport
  readonly port: number
  /** undefined where neither the service nor the table of names says anything. */
  readonly service: PortService | undefined
  /** It answered: an open|filtered port is open. */
  readonly answered: boolean
}

/** Ports asked at once, of all hosts; at most four connections to one host are banner's own rule. */
const AT_ONCE = 32

/**
 * -sV: finds out what speaks at ports, by what banner knows, and gives each as soon as it is known, in no order, TCP first.
 * Ends early once `io.interrupted` is aborted; ports that were not reached are left out.
 * @throws LocalFault
 */
export async function* identifyServices(
  ports: readonly OpenPort[],
  { light, thorough, printers }: VersionWish,
  names: Pick<PortNames, 'nameOf'>,
  io: Io,
): AsyncGenerator<FoundService, void> {
  const { identify } = await import('@portkit/banner')
  const depth = light ? 'light' : thorough ? 'thorough' : 'usual'
  for (const protocol of ['tcp', 'udp'] as const) {
    const targets = ports.filter((port) => port.protocol === protocol).map(targetOf)
    for await (const finding of identify(targets, io, { depth, printers, atOnce: AT_ONCE })) {
      yield foundOf(finding, names)
    }
  }
}

function targetOf({ address, family, host, protocol, port }: OpenPort): Target {
  return { address, family, host, transport: protocol, port }
}

function foundOf(finding: Finding, names: Pick<PortNames, 'nameOf'>): FoundService {
  const { target, observation, verdict } = finding
  const { address, transport, port } = target
  const isReply = transport === 'udp' ? observation.kind === 'reply' : verdict.state === 'open'
  return {
    address,
    protocol: transport,
    port,
    service: serviceOf(finding, names.nameOf(port, transport)),
    answered: isReply,
  }
}

/** Confidence as nmap counts it. */
const SURE = 10
const WRAPPED = 8
const FROM_TABLE = 3

/** @param usual what the table of names has for the port */
function serviceOf(finding: Finding, usual: string | undefined): PortService | undefined {
  const { service, cpes } = finding
  const tunnel = finding.tls !== undefined && finding.tls.after === undefined ? 'ssl' : undefined
  if (service === undefined || service.protocol === 'tls') {
    if (isWrapped(finding)) return { name: 'tcpwrapped', method: 'probed', confidence: WRAPPED }
    return fromTable(usual, tunnel !== undefined || service !== undefined)
  }
  const { protocol, product, version, info, hostname, os } = service
  const name = nmapName(protocol)
  return { name, method: 'probed', confidence: SURE, product, version, info, hostname, os, tunnel, cpes }
}

/** What nobody said: `http?`, and `ssl/http?` where TLS is all that is known. */
function fromTable(usual: string | undefined, isTls: boolean): PortService | undefined {
  if (usual === undefined && !isTls) return undefined
  return {
    name: usual ?? 'unknown',
    method: 'table',
    confidence: FROM_TABLE,
    tunnel: isTls ? 'ssl' : undefined,
  }
}

/** The peer ended the connection by itself, before it was asked anything. */
function isWrapped({ target, outcome, exchanges, service }: Finding): boolean {
  if (target.transport !== 'tcp' || service !== undefined) return false
  if (exchanges.length === 0) return outcome === 'reset'
  if (outcome !== 'closed' && outcome !== 'reset') return false
  return exchanges.some(({ sent, end }) => sent.length === 0 && (end === 'closed' || end === 'reset'))
}
