import { type Io, LocalFault, type ProbePayload } from '@portkit/core'
import { joined } from '@portkit/core/wire'
import type { Settings } from '../settings.ts'
import { USUAL } from './usual.ts'

/** Octets of a file that are kept: what a payload is made of fits in memory. */
const MOST_OCTETS = 2 ** 24

type Wanted = Pick<Settings, 'dataLength' | 'sign' | 'file'>

/**
 * The payloads of a run: the signature, then `X`, or the file's next octets, which begin anew behind its end. Zeros
 * stand behind its last octet. Rejects with LocalFault when the file cannot be read, is empty or too long.
 */
export async function payloadOf(
  { dataLength, sign, file }: Wanted,
  io: Pick<Io, 'system' | 'interrupted'>,
): Promise<ProbePayload | undefined> {
  if (dataLength === 0) return undefined
  const plain = new Uint8Array(dataLength).fill(USUAL.filler)
  plain.set(sign)
  const room = dataLength - sign.length
  if (file === undefined || room === 0) return plain
  const octets = await octetsOf(file, io)
  const pieces = Math.ceil(octets.length / room)
  // One buffer for all: whoever builds a packet copies it.
  const piece = plain.slice()
  return {
    length: dataLength,
    at(index) {
      const from = (index % pieces) * room
      piece.fill(0, sign.length)
      piece.set(octets.subarray(from, from + room), sign.length)
      return piece
    },
  }
}

async function octetsOf(path: string, { system, interrupted }: Pick<Io, 'system' | 'interrupted'>) {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of system.openInput(path, interrupted)) {
    length += piece.length
    if (length > MOST_OCTETS) throw new LocalFault('EFBIG', `${path}: longer than ${MOST_OCTETS} octets`)
    pieces.push(piece)
  }
  // Ctrl-C ends the reading, and then nothing is sent.
  if (length === 0 && !interrupted.aborted) throw new LocalFault('ENODATA', `${path}: there is nothing in it`)
  return joined(pieces, length)
}
