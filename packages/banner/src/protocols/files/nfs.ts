import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { type RpcReply, readRpcReply, rpcCall } from './rpc-message.ts'

const PROGRAM = 100_003

/**
 * NFS (RFC 1813, RFC 7530): the procedure that does nothing, of version 0, which no server has. It says then which
 * versions it has (RFC 5531 section 9), as rpcinfo(8) finds them.
 */
export const nfs: Protocol = {
  name: 'nfs',
  ports: { tcp: [2049], udp: [2049] },
  probe: ({ random, transport }) =>
    rpcCall(random(), { program: PROGRAM, version: 0, procedure: 0 }, transport),
  detect(octets, context) {
    const reply = readRpcReply(octets, context, PROGRAM)
    return reply === undefined || reply === 'more' ? reply : serviceOf(reply)
  },
}

function serviceOf({ status, versions }: RpcReply): Service {
  if (status === 'no program' || status === 'denied')
    return { protocol: 'rpc', info: status === 'denied' ? 'call denied' : 'another program than nfs' }
  if (versions === undefined) return { protocol: 'nfs' }
  const { low, high } = versions
  return { protocol: 'nfs', info: low === high ? `version ${low}` : `versions ${low} to ${high}` }
}
