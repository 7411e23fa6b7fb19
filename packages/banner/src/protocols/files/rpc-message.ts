import type { Transport } from '@portkit/core'
import type { DetectContext } from '../../model/protocol.ts'
import { bigEndian, read32 } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** ONC RPC (RFC 5531 section 9). Offsets in octets, without the marks of records. */
const AT = { kind: 4, program: 12, status: 8, verifier: 12 } as const
const CALL_LENGTH = 40
const [CALL, REPLY] = [0, 1]

/** Before each fragment of a record over TCP (section 11): its length, and whether it is the last one. */
const MARK_LENGTH = 4
const LAST = 0x80000000
const MOST_FRAGMENTS = 64
const MOST_LENGTH = 65_536

export interface RpcReply {
  /** `denied`: by version of RPC or for want of credentials; the others are accept_stat. */
  readonly status: 'success' | 'no program' | 'version mismatch' | 'failed' | 'denied'
  /** The lowest and highest version, of a mismatch. */
  readonly versions?: { readonly low: number; readonly high: number }
  /** What the procedure gave back, of a success. */
  readonly results: Uint8Array
}

/** A call of a procedure without arguments or credentials. */
export function rpcCall(
  xid: number,
  { program, version, procedure }: Readonly<Record<'program' | 'version' | 'procedure', number>>,
  transport: Transport,
): Uint8Array {
  const numbers = [xid, CALL, 2, program, version, procedure, 0, 0, 0, 0]
  const call = bigEndian(numbers.map((value) => [value, 4] as const))
  return transport === 'tcp' ? concat(bigEndian([[LAST | CALL_LENGTH, 4]]), call) : call
}

/** The reply to what was sent, if that was a call of this program; whole if it came over TCP, else with all that came. */
export function readRpcReply(
  octets: Uint8Array,
  { sent, transport, ended }: Pick<DetectContext, 'sent' | 'transport' | 'ended'>,
  program: number,
): RpcReply | 'more' | undefined {
  const head = transport === 'tcp' ? MARK_LENGTH : 0
  if (sent.length < head + CALL_LENGTH || read32(sent, head + AT.program) !== program) return undefined
  const wanted = [...sent.subarray(head, head + 4), 0, 0, 0, REPLY]
  if (hasAt(octets, head, wanted) === false) return undefined
  const body = transport === 'tcp' ? unframed(octets) : octets
  const reply = body === undefined || body === 'more' ? body : replyIn(body)
  // A record that is whole gets no longer.
  if (reply !== 'more') return reply
  return ended || (body !== 'more' && transport === 'tcp') ? undefined : 'more'
}

/** The record without its marks. */
function unframed(octets: Uint8Array): Uint8Array | 'more' | undefined {
  const parts: Uint8Array[] = []
  let at = 0
  for (let i = 0; i < MOST_FRAGMENTS; i += 1) {
    if (octets.length < at + MARK_LENGTH) return 'more'
    const mark = read32(octets, at)
    const end = at + MARK_LENGTH + (mark % LAST)
    if (end > MOST_LENGTH) return undefined
    if (octets.length < end) return 'more'
    parts.push(octets.subarray(at + MARK_LENGTH, end))
    if (mark >= LAST) return concat(...parts)
    at = end
  }
  return undefined
}

const STATUS = ['success', 'no program', 'version mismatch'] as const
const NOTHING = new Uint8Array()

/** Octets of a verifier (section 8.2). */
const MOST_VERIFIER = 400

function replyIn(body: Uint8Array): RpcReply | 'more' | undefined {
  if (body.length < AT.verifier) return 'more'
  if (read32(body, AT.status) !== 0) return { status: 'denied', results: NOTHING }
  if (body.length < AT.verifier + 8) return 'more'
  const length = read32(body, AT.verifier + 4)
  if (length > MOST_VERIFIER) return undefined
  const at = AT.verifier + 8 + Math.ceil(length / 4) * 4
  if (body.length < at + 4) return 'more'
  const status = STATUS[read32(body, at)] ?? 'failed'
  if (status === 'success') return { status, results: body.subarray(at + 4) }
  if (status !== 'version mismatch') return { status, results: NOTHING }
  if (body.length < at + 12) return 'more'
  const versions = { low: read32(body, at + 4), high: read32(body, at + 8) }
  return { status, versions, results: NOTHING }
}
