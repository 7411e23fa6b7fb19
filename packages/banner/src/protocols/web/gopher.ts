import { latin1, line } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'

/** Types of items (RFC 1436 section 3.8, and those that came later); octets of an item at most. */
const TYPE = /^[0-9+TgIhisdMpX;<]$/
const MOST = 500

/**
 * Gopher (RFC 1436): an empty selector draws the menu, whose lines have type and title, selector, host and
 * port.
 */
export const gopher: Protocol = {
  name: 'gopher',
  ports: { tcp: [70] },
  probe: () => new TextEncoder().encode('\r\n'),
  detect(octets, { asked, sent, ended }) {
    const begun = latin1(octets.subarray(0, MOST))
    // A table's lines look alike: only an error may answer what is no empty selector.
    const type = asked === 'gopher' || asked === 'crlf' ? TYPE : /^3$/
    if (sent.length === 0 || (begun !== '' && !type.test(begun.slice(0, 1)))) return undefined
    // A title is in one line, without other control characters.
    const [title = ''] = begun.split('\t', 1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is looked for
    if (/[\0-\x1f]/.test(title)) return undefined
    const first = line(MOST)(octets, ended)
    if (first === undefined || first === 'more') return first
    const [, , host = '', port = '', plus, ...more] = first.value.split('\t')
    const isItem = /^[^\s]{1,253}$/.test(host) && /^\d{1,5}$/.test(port)
    return isItem && more.length === 0 && (plus ?? '+') === '+' ? { protocol: 'gopher' } : undefined
  },
}
