import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** MS-TDS sections 2.2.3.1 and 2.2.6.5: a packet's head, then options of a token, an offset and a length. */
const PRELOGIN = 0x12
const ANSWER = [0x04, 0x01] as const
const HEAD_LENGTH = 8
const OPTION_LENGTH = 5
const TOKEN = { version: 0, encryption: 1, instance: 2, thread: 3, end: 0xff } as const
const MOST = 512
const MOST_OPTIONS = 16

const ENCRYPTION = ['offered', 'on', 'not supported', 'required'] as const

/** Microsoft SQL Server's Tabular Data Stream: the answer to PRELOGIN has the server's version. */
export const mssql: Protocol = {
  name: 'mssql',
  ports: { tcp: [1433] },
  probe: prelogin,
  detect(octets, { ended }) {
    if (hasAt(octets, 0, ANSWER) === false) return undefined
    const length = read16(octets, 2)
    const more = ended ? undefined : 'more'
    if (octets.length < 4) return (octets[2] ?? 0) * 256 > MOST ? undefined : more
    if (length <= HEAD_LENGTH || length > MOST || hasAt(octets, HEAD_LENGTH, [TOKEN.version]) === false)
      return undefined
    return octets.length < length ? more : fromOptions(optionsOf(octets.subarray(HEAD_LENGTH, length)))
  },
}

/** No version, encryption if there is any, no instance, no thread. */
function prelogin(): Uint8Array {
  const values = [
    [TOKEN.version, 6],
    [TOKEN.encryption, 1],
    [TOKEN.instance, 1],
    [TOKEN.thread, 4],
  ] as const
  let at = values.length * OPTION_LENGTH + 1
  const options = values.map(([token, size]) => {
    const option = bigEndian([
      [token, 1],
      [at, 2],
      [size, 2],
    ])
    at += size
    return option
  })
  const data = concat(
    ...options,
    Uint8Array.of(TOKEN.end),
    new Uint8Array(at - values.length * OPTION_LENGTH - 1),
  )
  const head = bigEndian([
    [PRELOGIN, 1],
    [1, 1],
    [HEAD_LENGTH + data.length, 2],
    [0, 4],
  ])
  return concat(head, data)
}

/** The values by their tokens; undefined when one lies outside. */
function optionsOf(data: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>()
  for (let at = 0; options.size < MOST_OPTIONS; at += OPTION_LENGTH) {
    const token = data[at]
    if (token === TOKEN.end) return options
    const [offset, length] = [read16(data, at + 1), read16(data, at + 3)]
    if (token === undefined || options.has(token) || offset + length > data.length) return undefined
    options.set(token, data.subarray(offset, offset + length))
  }
  return undefined
}

function fromOptions(options: ReadonlyMap<number, Uint8Array> | undefined): Service | undefined {
  const version = options?.get(TOKEN.version)
  if (version === undefined || version.length !== 6) return undefined
  const [major = 0, minor = 0] = version
  const encryption = ENCRYPTION[options?.get(TOKEN.encryption)?.[0] ?? ENCRYPTION.length]
  return {
    protocol: 'mssql',
    product: 'Microsoft SQL Server',
    version: `${major}.${minor}.${read16(version, 2)}`,
    ...(encryption === undefined ? {} : { details: { encryption } }),
  }
}
