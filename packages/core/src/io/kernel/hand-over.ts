import type { Socket } from 'node:net'
import type { Endpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import type { ConnectAnswer, ConnectFact, Connection, ConnectRequest } from '../io.ts'
import { streamOfDescriptor } from '../node/byte-stream.ts'
import type { ByteStream } from '../streams.ts'
import type { TcpSockets } from './socket.ts'

/** Closes the socket, or hands it over when the request said so. */
export function answerOf(
  sockets: TcpSockets,
  fd: number,
  request: ConnectRequest,
  fact: ConnectFact,
): ConnectAnswer {
  if (request.keep === undefined || fact.kind !== 'handshake' || fact.reset) {
    sockets.close(fd, request.close)
    return { fact }
  }
  return { fact, connection: connectionOf(sockets, fd, request, fact.local) }
}

function connectionOf(sockets: TcpSockets, fd: number, request: ConnectRequest, local: Endpoint): Connection {
  let stream: Socket | undefined
  let bytes: ByteStream | undefined
  const connection: Connection = {
    descriptor: fd,
    stream() {
      const net = builtin<typeof import('node:net')>('node:net')
      stream ??= new net.Socket({ fd, readable: true, writable: true, allowHalfOpen: true })
      return stream
    },
    bytes() {
      const { address, port } = request
      bytes ??= streamOfDescriptor(fd, { local, remote: { address, port } })
      return bytes
    },
    close() {
      connection.close = () => {}
      if (bytes !== undefined) bytes.close(request.close)
      else if (stream === undefined) sockets.close(fd, request.close)
      else if (request.close === 'rst') stream.resetAndDestroy()
      else stream.destroy()
    },
  }
  return connection
}
