import type { Taken } from '../../dialogue/dialogue.ts'
import { peerText } from '../../model/peer-text.ts'
import { bigEndian, read16, read32 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'

/** CQL's binary protocol (native_protocol_v4.spec sections 2 and 2.4): frames from the server begin with 0x80 + version. */
export const OPCODE = {
  error: 0x00,
  startup: 0x01,
  ready: 0x02,
  authenticate: 0x03,
  options: 0x05,
  supported: 0x06,
  query: 0x07,
  result: 0x08,
} as const satisfies Record<string, number>

const VERSION_4 = 4
const HEAD_LENGTH = 9
const ANSWER = 0x80
const MOST = 16_384
const ANSWERS: readonly number[] = [
  OPCODE.error,
  OPCODE.ready,
  OPCODE.authenticate,
  OPCODE.supported,
  OPCODE.result,
]

export interface Frame {
  readonly opcode: number
  readonly body: Uint8Array
}

export function frame(opcode: number, body: Uint8Array = new Uint8Array()): Uint8Array {
  const head = bigEndian([
    [VERSION_4, 1],
    [0, 1],
    [0, 2],
    [opcode, 1],
    [body.length, 4],
  ])
  return concat(head, body)
}

/** The first frame of a server, of versions 3 to 5 without compression, on stream 0. */
export function readFrame(octets: Uint8Array): Taken<Frame> | 'more' | undefined {
  if (!mayBegin(octets)) return undefined
  if (octets.length < HEAD_LENGTH) return 'more'
  const length = HEAD_LENGTH + read32(octets, 5)
  if (length > MOST) return undefined
  if (octets.length < length) return 'more'
  return { value: { opcode: octets[4] ?? 0, body: octets.subarray(HEAD_LENGTH, length) }, length }
}

function mayBegin(octets: Uint8Array): boolean {
  const [version = ANSWER + VERSION_4, flags = 0, high = 0, low = 0, opcode = OPCODE.ready] = octets
  const isAnswer = version > ANSWER + 2 && version <= ANSWER + 5
  // Version 5 may be marked as a trial, and any answer may carry warnings.
  return isAnswer && (flags & ~0x18) === 0 && high === 0 && low === 0 && ANSWERS.includes(opcode)
}

/** Text with its length in two octets; undefined when it is not all there. */
export function readText(octets: Uint8Array, at: number): Taken<string> | undefined {
  const end = at + 2 + read16(octets, at)
  if (end > octets.length) return undefined
  return { value: peerText(octets.subarray(at + 2, end)), length: end - at }
}

/** The body of SUPPORTED: names, each with a list of texts (`[string multimap]`). */
export function readMultimap(octets: Uint8Array): ReadonlyMap<string, readonly string[]> | undefined {
  const map = new Map<string, readonly string[]>()
  let at = 2
  for (let left = read16(octets, 0); left > 0; left -= 1) {
    const name = readText(octets, at)
    if (name === undefined) return undefined
    at += name.length
    const values: string[] = []
    let count = read16(octets, at)
    for (at += 2; count > 0; count -= 1) {
      const value = readText(octets, at)
      if (value === undefined) return undefined
      values.push(value.value)
      at += value.length
    }
    map.set(name.value, values)
  }
  return octets.length < 2 ? undefined : map
}
