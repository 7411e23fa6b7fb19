import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'

/** A repository that is not there: nobody's commits are asked for. */
const REPOSITORY = '/no-such-repository'

/** Octets of an error that are waited for. */
const MOST = 304

const HEX = /^[0-9a-f]*$/i

/**
 * A git daemon (gitprotocol-pack, gitprotocol-common): requests and answers are lines whose first four
 * hexadecimal digits give their length, those four included. Its daemon closes without a word when they do not.
 */
export const git: Protocol = {
  name: 'git',
  ports: { tcp: [9418] },
  probe({ wishes: { host } }) {
    const request = new TextEncoder().encode(
      `git-upload-pack ${REPOSITORY}\0host=${host.replace(/\0/g, '')}\0`,
    )
    const length = (4 + request.length).toString(16).padStart(4, '0')
    return Uint8Array.from([...new TextEncoder().encode(length), ...request])
  },
  detect(octets, { ended }) {
    const text = latin1(octets.subarray(0, MOST))
    if (!HEX.test(text.slice(0, 4))) return undefined
    const length = Number.parseInt(text.slice(0, 4), 16)
    if (text.length >= 4 && (length < 9 || length > 65_520)) return undefined
    const whole = Math.min(length, MOST)
    const kind = kindOf(text.slice(4, 45))
    if (kind === undefined) return undefined
    if (kind === 'more' || text.length < whole) return ended ? undefined : 'more'
    if (kind === 'advertisement') return { protocol: 'git' }
    const error = told(text.slice(8, whole))
    return error === undefined ? { protocol: 'git' } : { protocol: 'git', details: { error } }
  },
}

/** `ERR …`, or the name of an object and a blank. */
function kindOf(text: string): 'error' | 'advertisement' | 'more' | undefined {
  if (text.startsWith('ERR ')) return 'error'
  if ('ERR '.startsWith(text)) return 'more'
  if (!HEX.test(text.slice(0, 40))) return undefined
  if (text.length <= 40) return 'more'
  return text[40] === ' ' ? 'advertisement' : undefined
}
