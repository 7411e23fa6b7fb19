import type { Protocol } from '../../model/protocol.ts'

/** RFC 9113 section 3.4; then SETTINGS that forbid pushes (section 6.5.2). */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x06\x04\0\0\0\0\0\0\x02\0\0\0\0'

/** RFC 9113 section 4.1. */
const HEADER_LENGTH = 9
const SETTINGS = 4

/** Of one setting (section 6.5.1); servers have no more than some ten of them. */
const SETTING_LENGTH = 6
const MOST_SETTINGS = 40

/** HTTP/2, by its first frame (RFC 9113 section 3.4): tried where ALPN agreed on it. */
export const h2: Protocol = {
  name: 'h2',
  ports: {},
  probe: () => Uint8Array.from(PREFACE, (character) => character.charCodeAt(0)),
  detect(octets, { asked, transport, ended }) {
    if (transport === 'udp') return undefined
    // Nine octets that are zero but for one are a proof only as the answer to the preface.
    const begins = beginsSettings(octets, asked === 'h2' ? 0 : SETTING_LENGTH)
    if (begins === 'more') return ended ? undefined : 'more'
    return begins ? { protocol: 'http', info: 'HTTP/2', details: { 'http version': '2' } } : undefined
  },
  async ask(service, dialogue) {
    const { askH2 } = await import('./h2-ask.ts')
    return askH2(service, dialogue)
  },
}

/** A whole SETTINGS frame of stream 0 that acknowledges nothing, with values that are allowed, of so many octets at least. */
function beginsSettings(octets: Uint8Array, least: number): boolean | 'more' {
  const [high = 0, middle = 0, low = 0, type = SETTINGS, flags = 0, ...stream] = octets.subarray(
    0,
    HEADER_LENGTH,
  )
  const length = middle * 256 + low
  if (high !== 0 || middle > 1 || type !== SETTINGS || flags !== 0 || stream.some((octet) => octet !== 0))
    return false
  if (octets.length < HEADER_LENGTH) return 'more'
  if (length < least || length % SETTING_LENGTH !== 0 || length > MOST_SETTINGS * SETTING_LENGTH) return false
  for (let at = HEADER_LENGTH; at < HEADER_LENGTH + length; at += SETTING_LENGTH) {
    if (octets.length < at + SETTING_LENGTH) return 'more'
    if (!isAllowed(octets, at)) return false
  }
  return true
}

/** Section 6.5.2. */
function isAllowed(octets: Uint8Array, at: number): boolean {
  const view = new DataView(octets.buffer, octets.byteOffset + at, SETTING_LENGTH)
  const value = view.getUint32(2)
  switch (view.getUint16(0)) {
    case 0:
      return false
    case 2:
      return value <= 1
    case 4:
      return value <= 0x7fffffff
    case 5:
      return value >= 0x4000 && value <= 0xffffff
    default:
      return true
  }
}
