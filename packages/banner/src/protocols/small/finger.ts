import type { Protocol } from '../../model/protocol.ts'
import { firstLine } from '../kit/first-line.ts'

/**
 * What its answers begin with, and the whole first line of each (recorded from finger 0.17; Solaris and
 * BSD have a title).
 */
const ANSWERS: readonly (readonly [start: string, whole: RegExp])[] = [
  ['finger: ', /^finger: .{1,300}: no such user\.?$/],
  ['fingerd: ', /^fingerd: .{1,300}$/],
  ['No one logged on', /^No one logged on\.?$/],
  ['Login: ', /^Login: \S{1,60}\s+Name: /],
  ['Login name: ', /^Login name: \S/],
  ['Login ', /^Login\s+Name\s+TTY\s/i],
]

const STARTS = ANSWERS.map(([start]) => start)

/** Finger (RFC 1288): it answers any line with what it knows of that user. */
export const finger: Protocol = {
  name: 'finger',
  ports: { tcp: [79] },
  // Hardly a user's name: the answer tells nobody's.
  probe: () => new TextEncoder().encode('no-such-user\r\n'),
  detect(octets, { ended }) {
    const text = firstLine(octets, STARTS, ended)
    if (text === undefined || text === 'more') return text
    return ANSWERS.some(([, whole]) => whole.test(text)) ? { protocol: 'finger' } : undefined
  },
}
