import { type Captured, captureFault } from './captured-packet.ts'
import { LookAhead } from './look-ahead.ts'
import { pcapFormat } from './pcap-format.ts'
import { BLOCK } from './pcapng-block.ts'

/**
 * The packets of a capture file, classic pcap or pcapng, in their order and as they come. Reads no further than its
 * reader does, holds a few hundred kilobytes at most, and lets go of the source in the end, also of an unfinished one.
 * @param source pieces of the file, which are not changed after they were handed over
 * @param name the file as messages call it
 * @returns how the capture ended: a file that stops in the middle is no error once its header was whole
 *
 * Rejects with LocalFault EBADMSG when it is no capture, or where a part of it cannot be true (the packets before it
 * are given first), and with what the source rejects with.
 */
export async function* readCapture(source: AsyncIterable<Uint8Array>, name: string): Captured {
  const head = new LookAhead(source)
  try {
    return yield* await packetsOf(head, name)
  } finally {
    await head.close()
  }
}

async function packetsOf(head: LookAhead, name: string): Promise<Captured> {
  if (!(await head.fill(MAGIC_LENGTH))) throw captureFault(name, notACapture(head))
  const format = pcapFormat(head)
  if (format !== undefined) {
    const { readPcap } = await import('./pcap-reader.ts')
    return readPcap(head, format, name)
  }
  if (head.uint32(0, true) !== BLOCK.section) throw captureFault(name, notACapture(head))
  const { readPcapng } = await import('./pcapng-reader.ts')
  return readPcapng(head, name)
}

const MAGIC_LENGTH = 4

/** How compressed files start, which captures often are. */
const COMPRESSED: readonly { readonly start: string; readonly by: string }[] = [
  { start: '1f 8b', by: 'gzip' },
  { start: '28 b5 2f fd', by: 'zstd' },
  { start: '04 22 4d 18', by: 'lz4' },
  { start: 'fd 37 7a 58', by: 'xz' },
  { start: '42 5a 68', by: 'bzip2' },
]

function notACapture(head: LookAhead): string {
  if (head.held === 0) return 'not a capture file: it is empty'
  const octets = [...head.octets(0, Math.min(head.held, MAGIC_LENGTH))]
  const start = octets.map((octet) => octet.toString(16).padStart(2, '0')).join(' ')
  const compressed = COMPRESSED.find((known) => start.startsWith(known.start))
  if (compressed !== undefined) return `it is compressed with ${compressed.by}: decompress it first`
  return `not a capture file: it starts with ${start}`
}
