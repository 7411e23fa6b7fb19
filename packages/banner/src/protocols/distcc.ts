import { latin1 } from '../dialogue/readers.ts'
import type { Protocol } from '../model/protocol.ts'

/** A token of the protocol: four letters, and a number in eight hexadecimal digits. */
const token = (name: string, value: number): string => name + value.toString(16).padStart(8, '0')

const text = (name: string, value: string): string => token(name, value.length) + value

const ARGUMENTS = ['cc', '-c', 'x.c', '-o', 'x.o']

/** To compile an empty file: what the daemon is there for. Without all of it, it closes without a word. */
const REQUEST =
  token('DIST', 1) +
  token('ARGC', ARGUMENTS.length) +
  ARGUMENTS.map((argument) => text('ARGV', argument)).join('') +
  token('DOTI', 0)

const ANSWER = 'DONE00000001STAT'

/** distcc (its protocol-1.txt; recorded from distccd 3.4): `DONE`, the protocol's version, `STAT` and the compiler's status. */
export const distcc: Protocol = {
  name: 'distcc',
  ports: { tcp: [3632] },
  probe: () => new TextEncoder().encode(REQUEST),
  detect(octets, { ended }) {
    const begun = latin1(octets.subarray(0, ANSWER.length + 8))
    const status = begun.slice(ANSWER.length)
    if (!ANSWER.startsWith(begun.slice(0, ANSWER.length)) || !/^[0-9a-f]*$/.test(status)) return undefined
    if (status.length < 8) return ended ? undefined : 'more'
    return { protocol: 'distcc', info: 'protocol 1' }
  },
}
