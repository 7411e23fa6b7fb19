import { latin1 } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'

/** The forms that servers use, `a` for a letter and `0` for a digit: RFC 867 leaves it to them. */
const FORMS = [
  // ctime(3), as the Internet super-servers have it.
  'aaa aaa 00 00:00:00 0000',
  'aaa aaa  0 00:00:00 0000',
  'aaa aaa 00 00:00:00 aaa 0000',
  'aaa aaa  0 00:00:00 aaa 0000',
  'aaa aaa 00 00:00:00 aaaa 0000',
  'aaa aaa  0 00:00:00 aaaa 0000',
  // RFC 867's second example, and xinetd.
  '00 aaa 00 00:00:00 aaa',
  '00 aaa 0000 00:00:00 aaa',
  '00 aaa 0000 00:00:00 aaaa',
  // ISO 8601.
  '0000-00-00 00:00:00',
  '0000-00-00a00:00:00a',
]

/** NIST's: the day's number (modified Julian date), date, time, and more about the clock. */
const NIST = '\n00000 00-00-00 00:00:00 00 0 0 '

const MONTH = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/i

/** Octets of an answer at most. */
const MOST = 80

/** Daytime (RFC 867): one line with date and time, and the end. */
export const daytime: Protocol = {
  name: 'daytime',
  ports: { tcp: [13], udp: [13] },
  // Over UDP any datagram is answered; over TCP what is sent may turn the end into a reset, which loses
  // the answer.
  probe: ({ transport }) => Uint8Array.from(transport === 'udp' ? [0x0a] : []),
  detect(octets, { ended }) {
    if (octets.length > MOST) return undefined
    const text = latin1(octets)
    const shape = text.replace(/[A-Za-z]/g, 'a').replace(/\d/g, '0')
    if (!mayBecome(shape)) return undefined
    if (!ended) return 'more'
    return isDate(text, shape) ? { protocol: 'daytime', info: clip(text) } : undefined
  },
}

function mayBecome(shape: string): boolean {
  if (shape.startsWith(NIST) || NIST.startsWith(shape)) return true
  const date = shape.replace(/[\r\n\0]+$/, '')
  return FORMS.some((form) => (date === shape ? form.startsWith(date) : form === date))
}

function isDate(text: string, shape: string): boolean {
  if (shape.startsWith(NIST)) return true
  const date = shape.replace(/[\r\n\0]+$/, '')
  return FORMS.includes(date) && (date.startsWith('0000-') || MONTH.test(text))
}
