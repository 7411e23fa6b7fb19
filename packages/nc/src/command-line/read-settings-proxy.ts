import { UsageError } from '@portkit/core'
import type { ProxyChoice } from '../settings.ts'
import { BAD_SERVICE, lookUpFailed } from '../words/format-lookup.ts'
import type { Args } from './args.ts'
import { type ServicePorts, servicePort } from './ports.ts'

const SOCKS_PORT = '1080'
const HTTP_PORT = '3128'

/** What does not go with `-x`, in the order in which nc looks. @throws UsageError */
export function refuseProxyConflicts(args: Args, isUnix: boolean): void {
  if (args.proxy === undefined) return
  const conflicts = [
    [args.udp, 'UDP mode'],
    [args.dccp, 'DCCP mode'],
    [args.listen, 'listen'],
    [isUnix, 'unix sockets'],
    [args.source !== undefined, 'local source address'],
  ] as const
  const [, what] = conflicts.find(([isGiven]) => isGiven) ?? []
  if (what !== undefined) throw new UsageError(`no proxy support for ${what}`)
}

/** `-x` with `-X` and `-P`; undefined without `-x`. @throws UsageError */
export function proxyOf(args: Args, services: ServicePorts): ProxyChoice | undefined {
  if (args.proxy === undefined) return undefined
  const protocol = args['proxy-type'] ?? '5'
  const { host, port: given } = splitProxy(args.proxy)
  const text = given ?? (protocol === 'connect' ? HTTP_PORT : SOCKS_PORT)
  const port = servicePort(text, 'tcp', services)
  if (port === undefined) throw new UsageError(lookUpFailed(host, text, BAD_SERVICE))
  return { host, port, protocol, user: args['proxy-user'] }
}

interface Split {
  readonly host: string
  readonly port: string | undefined
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; without brackets the last colon counts. @throws UsageError */
function splitProxy(text: string): Split {
  if (!text.startsWith('[')) {
    const colon = text.lastIndexOf(':')
    return colon === -1
      ? { host: text, port: undefined }
      : { host: text.slice(0, colon), port: text.slice(colon + 1) }
  }
  const end = text.indexOf(']')
  if (end === -1) throw new UsageError('missing closing bracket in proxy')
  const host = text.slice(1, end)
  const rest = text.slice(end + 1)
  if (rest === '') return { host, port: undefined }
  if (!rest.startsWith(':')) throw new UsageError('garbage proxy port delimiter')
  return { host, port: rest.slice(1) }
}
