import type { ByteStream, DatagramSocket, Endpoint } from '@portkit/core'

/**
 * A socket that is bound only, for a server that answers from another port (RFC 1350 section 4): the first datagram of its
 * address decides which port that is.
 */
export function answeredFromAnyPort(socket: DatagramSocket, server: Endpoint): ByteStream {
  let known: Promise<void> | undefined
  const closed = new AbortController()
  const meet = async (): Promise<void> => {
    for (;;) {
      const from = await socket.sender(closed.signal)
      if (from.address === server.address) return socket.connect(from)
      // A stranger's: it is taken and forgotten.
      await socket.read(1)
    }
  }
  return {
    local: socket.local,
    remote: server,
    broken: socket.broken,
    async read(most) {
      known ??= meet()
      try {
        await known
      } catch (reason) {
        if (closed.signal.aborted) return undefined
        throw reason
      }
      return socket.read(most)
    },
    write: (octets) => (known === undefined ? socket.sendTo(octets, server) : socket.write(octets)),
    endWrite: () => {},
    close(how) {
      closed.abort()
      socket.close(how)
    },
  }
}
