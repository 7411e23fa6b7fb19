import type { Dialogue } from '../../dialogue/dialogue.ts'
import { exactly } from '../../dialogue/readers.ts'
import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { bigEndian, read16, read32 } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

const NBDMAGIC = Uint8Array.from('NBDMAGIC', (c) => c.charCodeAt(0))
const IHAVEOPT = Uint8Array.from('IHAVEOPT', (c) => c.charCodeAt(0))
/** `cliserv_magic` of the old handshake, which has the size of the one export behind it. */
const OLD = [0x00, 0x00, 0x42, 0x02, 0x81, 0x86, 0x12, 0x53]

const FIXED_NEWSTYLE = 1
const LIST = 3
const ABORT = 2
const REPLY_SERVER = 2
/** `0x3e889045565a9`, before every reply to an option. */
const REPLY_MAGIC = [0x00, 0x03, 0xe8, 0x89, 0x04, 0x55, 0x65, 0xa9]

const MOST_EXPORTS = 50
const LONGEST_REPLY = 8192

/** Network block devices (NBD's `proto.md`): the server says first which handshake it speaks. */
export const nbd: Protocol = {
  name: 'nbd',
  ports: { tcp: [10_809] },
  detect(octets, { ended }) {
    if (hasAt(octets, 0, NBDMAGIC) === false) return undefined
    const fresh = hasAt(octets, 8, IHAVEOPT)
    const old = hasAt(octets, 8, OLD)
    if (fresh === false && old === false) return undefined
    if (octets.length < (old === true ? 16 : 18)) return ended ? undefined : 'more'
    if (old === true) return { protocol: 'nbd', info: 'old handshake' }
    const fixed = (read16(octets, 16) & FIXED_NEWSTYLE) !== 0
    return { protocol: 'nbd', info: fixed ? 'fixed new handshake' : 'new handshake' }
  },
  async ask(service, dialogue) {
    if (service.info !== 'fixed new handshake') return service
    if ((await dialogue.receive(exactly(18))) === undefined) return service
    const fixed = bigEndian([[FIXED_NEWSTYLE, 4]])
    await dialogue.send(concat(fixed, option(LIST)))
    const exports = await exportNames(dialogue)
    await dialogue.send(option(ABORT))
    return exports.length === 0 ? service : { ...service, details: { exports } }
  },
}

/** An option without data. */
const option = (number: number): Uint8Array =>
  concat(
    IHAVEOPT,
    bigEndian([
      [number, 4],
      [0, 4],
    ]),
  )

/**
 * A reply for each export, then one that says that these were all. A default export may be without a name.
 */
async function exportNames(dialogue: Dialogue): Promise<readonly string[]> {
  const names: string[] = []
  while (names.length < MOST_EXPORTS) {
    const head = await dialogue.receive(exactly(20))
    if (head === undefined || hasAt(head, 0, REPLY_MAGIC) !== true) break
    const length = read32(head, 16)
    if (read32(head, 12) !== REPLY_SERVER || length < 4 || length > LONGEST_REPLY) break
    const data = await dialogue.receive(exactly(length))
    if (data === undefined) break
    names.push(toldOctets(data.subarray(4, 4 + read32(data, 0))) ?? '')
  }
  return names
}
