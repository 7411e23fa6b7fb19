import { captureFault } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'

/** Block types (draft-ietf-opsawg-pcapng, section 11.1); all others are skipped. */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const

/** The block that starts at the next unread octet. */
export interface Block {
  readonly type: number
  /** Octets of the whole block, a multiple of 4. */
  readonly length: number
  readonly isLittleEndian: boolean
}

/** Type, length, and the length again: a block with an empty body. */
const EMPTY_BLOCK = 12
const TRAILER = 4
const BYTE_ORDER_AT = 8
const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** The file ends before what should come next. Never leaves the reader. */
export class CutShort extends Error {}

/** Waits until `count` octets are here. @throws CutShort */
async function need(head: LookAhead, count: number): Promise<void> {
  if (head.held < count && !(await head.fill(count))) throw new CutShort()
}

/**
 * Looks at the start of a block; a section header brings its own byte order. `name` is for messages.
 * Rejects with CutShort, or with LocalFault EBADMSG for a length that cannot be true.
 */
export async function enterBlock(head: LookAhead, isLittleEndian: boolean, name: string): Promise<Block> {
  await need(head, EMPTY_BLOCK)
  const type = head.uint32(0, isLittleEndian)
  const isLittle = type === BLOCK.section ? byteOrder(head, name) : isLittleEndian
  const length = head.uint32(4, isLittle)
  if (length < EMPTY_BLOCK || length % 4 !== 0) {
    throw captureFault(name, `a block of type ${type} claims to be ${length} octets long`)
  }
  return { type, length, isLittleEndian: isLittle }
}

function byteOrder(head: LookAhead, name: string): boolean {
  for (const isLittle of [true, false]) {
    if (head.uint32(BYTE_ORDER_AT, isLittle) === BYTE_ORDER_MAGIC) return isLittle
  }
  throw captureFault(name, 'a section of it has no byte order')
}

/** Holds the first `count` octets of a block's fixed part. Rejects with CutShort, or with LocalFault when it is shorter. */
export async function needOf(head: LookAhead, block: Block, count: number, name: string): Promise<void> {
  if (count > block.length - TRAILER) {
    throw captureFault(
      name,
      `a block of type ${block.type} and ${block.length} octets does not hold what it should`,
    )
  }
  await need(head, count)
}

/** Goes behind the block. Rejects with CutShort, or with LocalFault when its end contradicts its start. */
export async function leaveBlock(head: LookAhead, block: Block, name: string): Promise<void> {
  const beforeTrailer = block.length - TRAILER
  if (head.held < block.length) {
    if (!(await head.skip(beforeTrailer))) throw new CutShort()
    await need(head, TRAILER)
  } else {
    head.pass(beforeTrailer)
  }
  const again = head.uint32(0, block.isLittleEndian)
  if (again !== block.length) {
    const lengths = `${block.length} octets at its start and ${again} at its end`
    throw captureFault(name, `a block of type ${block.type} has ${lengths}`)
  }
  head.pass(TRAILER)
}
