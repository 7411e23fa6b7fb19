import { describe, expect, it } from 'vitest'
import { answers, greets, HTTP, look, SILENT, SSH, said, speaks, TLS13, worldOf } from './kit.ts'

const WEB = { kind: 'answers', answers: [['GET / HTTP/1.', HTTP]] } as const
const QUIET = { kind: 'greeting', text: '' } as const
const IMAP = '* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n'
/** nginx, asked without TLS. */
const PLAIN_ASKED =
  'HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nConnection: close\r\n\r\n' +
  '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>\r\n'

describe('TLS', () => {
  it('is tried after silence, and what greets inside is found', async () => {
    const world = worldOf(
      { 4711: SILENT },
      { tls: { 4711: { ...TLS13, peer: { kind: 'greeting', text: IMAP } } } },
    )
    const ran = await look('4711', world)
    expect(said(ran, 4711)).toMatch(
      /^open {2}imap {2}Dovecot.* \(TLSv1\.3, no certificate\) \[tls\+greeting\]$/,
    )
  })

  it('is tried first at its ports, and inside them the usual protocol', async () => {
    const tls = {
      443: { ...TLS13, peer: WEB },
      993: { ...TLS13, peer: { kind: 'greeting', text: IMAP } },
    } as const
    const ran = await look('443,993', worldOf({ 443: SILENT, 993: SILENT }, { tls }))
    expect(said(ran, 443)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 200 OK {2}\(TLSv1\.3.*\[tls\+probe\]$/)
    expect(said(ran, 993)).toMatch(/^open {2}imap .*\[tls\+greeting\]$/)
    expect(ran.connections).toHaveLength(2)
  })

  it('leaves a port of TLS that speaks none to what is spoken there', async () => {
    const plain = speaks(WEB)
    const ran = await look('443', worldOf({ 443: plain }))
    expect(said(ran, 443)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 200 OK {2}\[probe\]$/)
  })

  it('asks for a page inside where nobody greets', async () => {
    const ran = await look('4711', worldOf({ 4711: SILENT }, { tls: { 4711: { ...TLS13, peer: WEB } } }))
    expect(said(ran, 4711)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 200 OK {2}.*\[tls\+probe\]$/)
    expect(ran.connections).toHaveLength(2)
  })

  it('is all that is said where nothing was found inside', async () => {
    const ran = await look('4711', worldOf({ 4711: SILENT }, { tls: { 4711: { ...TLS13, peer: QUIET } } }))
    expect(said(ran, 4711)).toBe('open  tls  (TLSv1.3, no certificate) [tls]')
    expect(ran.status).toBe(0)
  })

  it('h2 is spoken where the server chooses it', async () => {
    const settings = Uint8Array.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
    const h2 = { kind: 'answers', answers: [['PRI * HTTP/2.0', settings]] } as const
    const tls = { 443: { ...TLS13, alpn: 'h2', peer: h2 } }
    const ran = await look('443', worldOf({ 443: SILENT }, { tls }))
    expect(said(ran, 443)).toMatch(/^open {2}http {2}HTTP\/2 .*\[tls\+probe\]$/)
  })

  it('h2 that was promised and not spoken is still TLS', async () => {
    const tls = { 443: { ...TLS13, alpn: 'h2', peer: QUIET } }
    const ran = await look('443', worldOf({ 443: SILENT }, { tls }))
    expect(said(ran, 443)).toBe('open  tls  (TLSv1.3, no certificate) [tls]')
  })

  it('is tried without ALPN where the server knows none of ours', async () => {
    const world = worldOf(
      { 443: SILENT },
      { tls: { 443: { fails: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' } } },
    )
    const ran = await look('443', world)
    expect(ran.connections).toHaveLength(2)
    expect(said(ran, 443)).toBe('open  tls  the TLS handshake failed: alert no application protocol  [tls]')
  })

  it.each([
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'alert handshake failure'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert certificate required'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'unsupported protocol'],
  ])('that is refused is TLS: %s', async (fails, words) => {
    const ran = await look('443', worldOf({ 443: SILENT }, { tls: { 443: { fails } } }))
    expect(said(ran, 443)).toBe(`open  tls  the TLS handshake failed: ${words}  [tls]`)
  })

  it('follows from an answer that says so', async () => {
    const tls = { 4711: { ...TLS13, peer: WEB }, 4712: { ...TLS13, peer: WEB } }
    const alert = Uint8Array.from([21, 3, 1, 0, 2, 2, 10])
    const ports = { 4711: answers(['GET', PLAIN_ASKED]), 4712: answers(['GET', alert]) }
    const ran = await look('4711,4712', worldOf(ports, { tls }))
    for (const port of [4711, 4712])
      expect(said(ran, port)).toMatch(
        /^open {2}http {2}nginx 1\.22\.1, 200 OK {2}\(TLSv1\.3.*\[tls\+probe\]$/,
      )
  })

  it('that an answer asks for and that fails leaves what was said, and says why', async () => {
    const tls = { 4711: { fails: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' } }
    const ran = await look('4711', worldOf({ 4711: answers(['GET', PLAIN_ASKED]) }, { tls }))
    expect(said(ran, 4711)).toMatch(
      /^open {2}http {2}nginx 1\.22\.1, 400 Bad Request.*alert certificate required/,
    )
  })

  it('that an answer asks for and nobody speaks leaves what was said', async () => {
    const ran = await look('4711', worldOf({ 4711: answers(['GET', PLAIN_ASKED]) }))
    expect(said(ran, 4711)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 400 Bad Request.*\[probe\]$/)
  })
})

describe('--tls and --no-tls', () => {
  const tls = { 4711: { ...TLS13, peer: WEB }, 443: { ...TLS13, peer: WEB } }

  it('--tls begins with a handshake, and says where nobody speaks TLS', async () => {
    const ran = await look('4711,22 --tls', worldOf({ 4711: SILENT, 22: greets(SSH) }, { tls }))
    expect(said(ran, 4711)).toMatch(/^open {2}http .*\[tls\+probe\]$/)
    expect(said(ran, 22)).toMatch(/nothing here speaks TLS/)
    expect(said(ran, 22)).not.toContain('OpenSSH')
  })

  it('--no-tls never shakes hands', async () => {
    const ran = await look('4711,443 --no-tls', worldOf({ 4711: SILENT, 443: SILENT }, { tls }))
    expect(said(ran, 4711)).toBe('open  silent')
    expect(said(ran, 443)).toMatch(/silent/)
  })

  it('--sni is asked for in TLS and in HTTP', async () => {
    const page = { kind: 'answers', answers: [[/Host: www\.lan\r\n/, HTTP]] } as const
    const world = worldOf({ 443: SILENT }, { tls: { 443: { ...TLS13, peer: page } } })
    expect(said(await look('443 --sni www.lan', world), 443)).toContain('nginx')
    expect(said(await look('443', world), 443)).not.toContain('nginx')
  })
})

describe('a handshake', () => {
  it('that hangs takes no more than a wait and a half', async () => {
    const ran = await look('443 --tls', worldOf({ 443: SILENT }))
    expect(ran.tookMs).toBeLessThan(1600)
    expect(said(ran, 443)).toMatch(/silent/)
  })

  it('that is reset or ended is no answer', async () => {
    const tls = {
      4711: { fails: 'ECONNRESET' },
      4712: { fails: 'EPROTO' },
      4713: { fails: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    }
    const ran = await look('4711-4713 --tls', worldOf({ 4711: SILENT, 4712: SILENT, 4713: SILENT }, { tls }))
    expect(said(ran, 4711)).toMatch(/accepted, then reset/)
    expect(said(ran, 4712)).toMatch(/accepted, then closed/)
    expect(said(ran, 4713)).toMatch(/silent/)
  })
})
