import { type ByteStream, StreamFault, strerror } from '@portkit/core'
import { PROXY, proxyReadFailed, proxyWriteFailed } from '../words/format-proxy.ts'
import { brokenBy, ProxyFault } from './proxy-fault.ts'

/** Octets of a line that nc takes, without the line end and carriage returns. */
const LONGEST_LINE = 1023
/** Carriage returns do not count towards the line's length in nc; a proxy that sends nothing else is ended here. */
const MOST_READS = 16 * 1024
/** nc calls the end of the stream a broken pipe, too. */
const AT_THE_END = 'EPIPE'
const LF = 0x0a
const CR = 0x0d

/** A conversation with a proxy in which nothing is read that belongs to the connection behind it. */
export interface Talk {
  /** @throws ProxyFault `write failed (0/3): Broken pipe` */
  write(octets: Uint8Array): Promise<void>
  /** Exactly so many octets. @throws ProxyFault `read failed (1/4): Broken pipe`, with `said` in the place of the 4 */
  read(length: number, said?: number): Promise<Uint8Array>
  /** A line without its end, without carriage returns and what follows a NUL. @throws ProxyFault `proxy read …` */
  readLine(): Promise<Uint8Array>
}

/** Talks over the stream until the signal is aborted; then everything rejects with its reason. */
export function talkOver(stream: ByteStream, signal: AbortSignal | undefined): Talk {
  const readSome = async (most: number): Promise<Uint8Array> => {
    const octets = await orAborted(stream.read(most), signal)
    if (octets === undefined) throw new StreamFault(AT_THE_END)
    return octets
  }
  return {
    async write(octets) {
      await orAborted(stream.write(octets), signal).catch((error) => {
        throw brokenBy(error, (errno) => proxyWriteFailed(0, octets.length, errno))
      })
    },
    async read(length, said = length) {
      const all = new Uint8Array(length)
      let count = 0
      while (count < length) {
        const octets = await readSome(length - count).catch((error) => {
          throw brokenBy(error, (errno) => proxyReadFailed(count, said, errno))
        })
        all.set(octets, count)
        count += octets.length
      }
      return all
    },
    readLine: () =>
      lineOf(async () => {
        const [octet = 0] = await readSome(1).catch((error) => {
          throw brokenBy(error, (errno) => `${PROXY.reply}: ${strerror(errno)}`)
        })
        return octet
      }),
  }
}

/** One octet at a time, since the octet after the line may be the server's first. */
async function lineOf(next: () => Promise<number>): Promise<Uint8Array> {
  const line: number[] = []
  for (let reads = 0; reads < MOST_READS; reads++) {
    if (line.length > LONGEST_LINE) break
    const octet = await next()
    if (octet === LF) {
      const nul = line.indexOf(0)
      return Uint8Array.from(nul === -1 ? line : line.slice(0, nul))
    }
    if (octet !== CR) line.push(octet)
  }
  throw new ProxyFault(PROXY.lineTooLong)
}

/** What the promise gives, unless the signal is aborted first. @throws the signal's reason */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
