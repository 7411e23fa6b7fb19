import { latin1 } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import { bigEndian, read32 } from '../../octets/big-endian.ts'

const NAMES_REQUEST = 110
const PORT_LENGTH = 4
const MOST = 4096
const MOST_NAMES = 20

/**
 * Erlang's port mapper ("NAMES_REQ" in the Erlang distribution protocol): it answers with its own port and a line for each
 * node, then hangs up.
 */
export const epmd: Protocol = {
  name: 'epmd',
  ports: { tcp: [4369] },
  probe: () =>
    bigEndian([
      [1, 2],
      [NAMES_REQUEST, 1],
    ]),
  detect(octets, { asked, port, ended }) {
    const [high = 0, second = 0] = octets
    if (high !== 0 || second !== 0) return undefined
    const text = latin1(octets.subarray(PORT_LENGTH, MOST))
    if (!'name '.startsWith(text.slice(0, 5))) return undefined
    if (!ended && octets.length < MOST) return 'more'
    const nodes = nodesOf(text)
    // A node's line says enough; the port that was asked, alone, only as the answer to this question.
    const isAlone = text === '' && asked === 'epmd' && read32(octets, 0) === port
    if (octets.length < PORT_LENGTH || (nodes.length === 0 && !isAlone)) return undefined
    return { protocol: 'epmd', ...(nodes.length === 0 ? {} : { details: { nodes } }) }
  },
}

/** `name rabbit at port 25672`, a line each. */
function nodesOf(text: string): readonly string[] {
  const lines = text.split('\n', MOST_NAMES + 1).slice(0, -1)
  return lines.flatMap((line) => {
    const [, name, port] = /^name (\S{1,255}) at port (\d{1,5})$/.exec(line) ?? []
    return name === undefined || port === undefined ? [] : [`${clip(name)} at port ${port}`]
  })
}
