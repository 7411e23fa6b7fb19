import { type Services, shown, type Transport, UsageError } from '@portkit/core'

/** Whatever knows the ports of services by name. */
export type ServicePorts = Pick<Services, 'portOf'>

const HIGHEST_PORT = 65_535

/** Whether the list mentions services by name. */
export function hasNames(list: string): boolean {
  return /[^\d,-]/.test(list)
}

/**
 * `-p`: numbers from 0, ranges, `-100` (from 1), `60000-` (to 65535) and names of services, with commas between. Gives
 * each port once and ascending, which is the order in which nping goes through them.
 * @throws UsageError
 */
export function readPorts(list: string, services: ServicePorts, transport: Transport): readonly number[] {
  const isMeant = new Array<boolean>(HIGHEST_PORT + 1).fill(false)
  for (const item of list.split(',')) {
    const [from, to] = rangeOf(item, list, services, transport)
    isMeant.fill(true, from, to + 1)
  }
  return isMeant.flatMap((meant, port) => (meant ? [port] : []))
}

function rangeOf(
  item: string,
  list: string,
  services: ServicePorts,
  transport: Transport,
): readonly [from: number, to: number] {
  if (item === '') throw new UsageError(`-p: a port is missing: ${shown(list)}`)
  const [, first, dash, last] = /^(\d*)(-?)(\d*)$/.exec(item) ?? []
  if (first === undefined || last === undefined) {
    const port = services.portOf(item, transport)
    if (port === undefined) throw new UsageError(`-p: no port and no ${transport} service: ${shown(item)}`)
    return [port, port]
  }
  const from = first === '' ? 1 : portNumber(first)
  const to = dash === '' ? from : last === '' ? HIGHEST_PORT : portNumber(last)
  if (from > to) throw new UsageError(`-p: the range ${item} is backwards: write ${to}-${from}`)
  return [from, to]
}

function portNumber(digits: string): number {
  const port = Number(digits)
  if (port <= HIGHEST_PORT) return port
  throw new UsageError(`-p: not a port from 0 to ${HIGHEST_PORT}: ${shown(digits)}`)
}
