import type { Duplex } from 'node:stream'
import { builtin } from '../builtin.ts'
import { type ByteStream, StreamFault } from '../streams.ts'

const READ_OCTETS = 16 * 1024

/**
 * A stream of octets as node:stream has it, for what wants that: read only as fast as it is taken, written only as
 * fast as the system takes it. The end of one direction leaves the other alone. It errors with StreamFault.
 */
export function duplexOver(stream: ByteStream): Duplex {
  const { Duplex } = builtin<typeof import('node:stream')>('node:stream')
  return new Duplex({
    allowHalfOpen: true,
    readableHighWaterMark: READ_OCTETS,
    writableHighWaterMark: READ_OCTETS,
    read() {
      stream.read(READ_OCTETS).then(
        // A copy: the octets are the stream's own again at its next read.
        (octets) => this.push(octets === undefined ? null : Buffer.from(octets)),
        (error: Error) => this.destroy(error),
      )
    },
    write(octets: Buffer, _encoding, done) {
      stream.write(octets).then(() => done(), done)
    },
    final(done) {
      stream.endWrite()
      done()
    },
    destroy(error, done) {
      stream.close(error === null ? 'fin' : 'rst')
      done(error)
    },
  })
}

/** An error of node:stream, node:tls or ours as a StreamFault: OpenSSL's reason in words where it gives one. */
export function streamFault(error: unknown): StreamFault {
  if (error instanceof StreamFault) return error
  if (!(error instanceof Error)) return new StreamFault('EIO', String(error))
  const { code = 'EIO', reason } = error as Error & { code?: string; reason?: unknown }
  if (code.startsWith('ERR_STREAM_')) return new StreamFault('EPIPE')
  return new StreamFault(code, typeof reason === 'string' ? reason : error.message)
}
