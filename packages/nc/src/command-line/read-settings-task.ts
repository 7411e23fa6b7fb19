import { type Transport, UsageError } from '@portkit/core'
import { OperandsFault } from '../fault.ts'
import type { Task } from '../settings.ts'
import { BAD_SERVICE, ownLookUpFailed } from '../words/format-lookup.ts'
import type { Args } from './args.ts'
import { parsePortList, type RandomBelow, type ServicePorts, servicePort, shufflePorts } from './ports.ts'

/** What the operands stand for; ports are still as they were typed. */
export type Operands =
  | { readonly kind: 'connect'; readonly host: string; readonly ports: readonly string[] }
  | { readonly kind: 'listen'; readonly host: string | undefined; readonly port: string }
  | { readonly kind: 'unix'; readonly path: string }

/** Options that name a family of addresses: the last one given counts. */
const FAMILIES: ReadonlySet<string> = new Set(['ipv4', 'ipv6', 'unixsock'])

export function lastFamily({ _given }: Pick<Args, '_given'>): string | undefined {
  return _given.findLast((name) => FAMILIES.has(name))
}

/**
 * Sorts the operands. `-s` and `-p` stand in for those of a listener, but not beside them.
 * @throws OperandsFault for what nc answers with its usage, UsageError
 */
export function sortOperands(args: Args): Operands {
  refuseOddOperands(args)
  if (lastFamily(args) === 'unixsock') return { kind: 'unix', path: pathOf(args) }
  const [first, second] = args._
  if (!args.listen) {
    if (first === undefined || second === undefined) throw new UsageError('missing port number')
    return { kind: 'connect', host: first, ports: args._.slice(1) }
  }
  if (first === undefined) {
    const { source, 'source-port': port } = args
    if (port === undefined) throw new UsageError('missing port number')
    return { kind: 'listen', host: source, port }
  }
  return second === undefined
    ? { kind: 'listen', host: undefined, port: first }
    : { kind: 'listen', host: first, port: second }
}

function refuseOddOperands(args: Args): void {
  const { _: words, listen, source, 'source-port': port, udp } = args
  const hasOwnPath = udp && lastFamily(args) === 'unixsock'
  const isOdd = listen
    ? words.length > 2 || (words.length > 0 && (source !== undefined || port !== undefined))
    : words.length === 0 ||
      (words.length === 1 && (port !== undefined || (source !== undefined && !hasOwnPath)))
  if (isOdd) throw new OperandsFault()
}

function pathOf({ _: words, dccp, source, 'source-port': port }: Args): string {
  const [path = source] = words
  if (dccp) throw new UsageError('cannot use -Z and -U')
  if (words.length > 1 || (words.length === 0 && port !== undefined)) {
    throw new UsageError('cannot use port with -U')
  }
  if (path === undefined) throw new UsageError('missing socket pathname')
  return path
}

/** Reads the ports. @throws UsageError */
export function taskOf(
  operands: Operands,
  args: Pick<Args, 'listen' | 'udp' | 'random-ports'>,
  services: ServicePorts,
  random: RandomBelow,
): Task {
  const transport = transportOf(args)
  switch (operands.kind) {
    case 'unix':
      return { kind: args.listen ? 'listen-unix' : 'connect-unix', path: operands.path }
    case 'listen':
      return { ...operands, port: ownPort(operands.port, transport, services) }
    case 'connect': {
      const ports = parsePortList(operands.ports, transport, services)
      return { ...operands, ports: args['random-ports'] ? shufflePorts(ports, random) : ports }
    }
  }
}

export function transportOf({ udp }: Pick<Args, 'udp'>): Transport {
  return udp ? 'udp' : 'tcp'
}

/** The port to listen at, or of `-p`; 0 lets the system choose. @throws UsageError */
export function ownPort(text: string, transport: Transport, services: ServicePorts): number {
  const port = servicePort(text, transport, services)
  if (port === undefined) throw new UsageError(ownLookUpFailed(BAD_SERVICE))
  return port
}
