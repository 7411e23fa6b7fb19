import { clip } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read32 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'
import { type Frame, frame, OPCODE, readFrame, readMultimap, readText } from './cassandra-frame.ts'

const MOST_VERSIONS = 10

/** Cassandra's CQL: OPTIONS is answered before any login, with versions of the language and the protocol only. */
export const cassandra: Protocol = {
  name: 'cassandra',
  ports: { tcp: [9042] },
  probe: () => frame(OPCODE.options),
  detect(octets, { ended }) {
    const answer = readFrame(octets)
    if (answer === undefined) return undefined
    if (answer === 'more') return ended ? undefined : 'more'
    return serviceOf(answer.value)
  },
  async ask(service, dialogue) {
    await dialogue.receive(readFrame)
    await dialogue.send(frame(OPCODE.startup, startup()))
    const started = await dialogue.receive(readFrame)
    if (started?.opcode === OPCODE.authenticate) return { ...service, info: 'needs a password' }
    if (started?.opcode !== OPCODE.ready) return service
    await dialogue.send(frame(OPCODE.query, query('SELECT release_version FROM system.local')))
    const rows = await dialogue.receive(readFrame)
    const version = rows?.opcode === OPCODE.result ? versionIn(rows.body) : undefined
    if (version === undefined) return service
    // ScyllaDB tells the version of Cassandra that it is compatible with.
    if (service.product !== undefined) return { ...service, info: `compatible with Cassandra ${version}` }
    return { ...service, product: 'Cassandra', version }
  },
}

/** `[string map]` of one entry (section 4.1.1). */
function startup(): Uint8Array {
  return concat(bigEndian([[1, 2]]), shortText('CQL_VERSION'), shortText('3.0.0'))
}

/** A long text, then the consistency ONE and no flags (section 4.1.4). */
function query(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text)
  return concat(bigEndian([[octets.length, 4]]), octets, Uint8Array.of(0, 1, 0))
}

function shortText(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text)
  return concat(bigEndian([[octets.length, 2]]), octets)
}

/** The one value of the one row of rows (section 4.2.5.2), whose column is text. */
function versionIn(body: Uint8Array): string | undefined {
  const ROWS = 2
  const GLOBAL_TABLE = 1
  const isOne = read32(body, 0) === ROWS && read32(body, 4) === GLOBAL_TABLE && read32(body, 8) === 1
  let at = 12
  // The names of keyspace, table and column.
  for (let names = 3; names > 0; names -= 1) at += readText(body, at)?.length ?? body.length
  const rowsAt = at + 2
  const length = read32(body, rowsAt + 4)
  const value = body.subarray(rowsAt + 8, rowsAt + 8 + length)
  if (!isOne || read32(body, rowsAt) !== 1 || value.length !== length) return undefined
  const text = peerText(value)
  return /^\d[\w.+~-]{0,60}$/.test(text) ? text : undefined
}

function serviceOf({ opcode, body }: Frame): Service | undefined {
  if (opcode === OPCODE.error) return fromError(body)
  const options = opcode === OPCODE.supported ? readMultimap(body) : undefined
  const languages = options?.get('CQL_VERSION')
  if (options === undefined || languages === undefined) return undefined
  const told = (values: readonly string[]): readonly string[] =>
    values.slice(0, MOST_VERSIONS).map((value) => clip(value))
  const protocols = options.get('PROTOCOL_VERSIONS')
  const isScylla = [...options.keys()].some((name) => name.startsWith('SCYLLA_'))
  return {
    protocol: 'cassandra',
    ...(isScylla ? { product: 'ScyllaDB' } : {}),
    details: {
      'CQL versions': told(languages),
      ...(protocols === undefined ? {} : { 'protocol versions': told(protocols) }),
    },
  }
}

/** A code of four octets and a message: of an older server, for version 4 of the protocol. */
function fromError(body: Uint8Array): Service | undefined {
  const message = readText(body, 4)
  // 0x000a is the protocol error; other codes are below 0x3000.
  if (message === undefined || read32(body, 0) >= 0x3000 || message.value === '') return undefined
  return { protocol: 'cassandra', info: clip(message.value) }
}
