import { latin1 } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'

const START = '( success ( '
const MOST = 2000

const GREETING = /^\( success \( (\d{1,4}) (\d{1,4}) \( ([\w. -]{0,300})\) \( ([\w. -]{0,1500})\) \) \)/

/**
 * svnserve, by its greeting (Subversion's ra_svn protocol, section 2): `( success ( MIN MAX ( MECHANISMS ) (
 * CAPABILITIES ) ) )`.
 */
export const svn: Protocol = {
  name: 'svn',
  ports: { tcp: [3690] },
  detect(octets, { ended }) {
    const text = latin1(octets.subarray(0, MOST))
    const [, , protocol, mechanisms = '', capabilities = ''] = GREETING.exec(text) ?? []
    if (protocol === undefined) return mayBecome(text) && !ended ? 'more' : undefined
    const details = { capabilities: words(capabilities), mechanisms: words(mechanisms) }
    const told = Object.entries(details).filter(([, value]) => value.length > 0)
    return { protocol: 'svn', info: `protocol ${protocol}`, details: Object.fromEntries(told) }
  },
}

const mayBecome = (text: string): boolean =>
  text.length < MOST && START.startsWith(text.slice(0, START.length)) && /^[\w(). -]*$/.test(text)

const MOST_WORDS = 40

const words = (text: string): readonly string[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => clip(word, 80))
