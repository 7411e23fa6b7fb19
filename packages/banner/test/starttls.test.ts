import { describe, expect, it } from 'vitest'
import { greets, type Looked, look, SILENT, SSH, said, speaks, TLS13, worldOf } from './kit.ts'

const GREETING = '220 mail.lan ESMTP Postfix (Debian/GNU)\r\n'
const EHLO = '250-mail.lan\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n'

/** A mail server that answers STARTTLS so. */
const smtp = (answer: string, ehlo = EHLO) =>
  speaks({
    kind: 'answers',
    greeting: GREETING,
    answers: [
      ['EHLO', ehlo],
      ['STARTTLS', answer],
    ],
  })

function mail(
  options: string,
  answer: string,
  ehlo = EHLO,
  tls: Record<number, object> = { 25: TLS13 },
): Promise<Looked> {
  return look(`25 ${options}`, worldOf({ 25: smtp(answer, ehlo) }, { tls: tls as never }))
}

const GO = '220 2.0.0 Ready to start TLS\r\n'

describe('STARTTLS', () => {
  it.each(['smtp', 'auto'])('%s leads to the facts of TLS, behind what was found before', async (name) => {
    const ran = await mail(`--starttls ${name}`, GO)
    expect(said(ran, 25)).toMatch(
      /^open {2}smtp {2}Postfix.* {2}\(STARTTLS, TLSv1\.3, no certificate\) \[greeting\]$/,
    )
    expect(ran.mostAtOnce()).toBe(1)
  })

  it('is not tried where nobody asked for it, but by --thorough', async () => {
    expect(said(await mail('', GO), 25)).toBe('open  smtp  Postfix, STARTTLS offered  [greeting]')
    expect(said(await mail('--thorough', GO), 25)).toContain('(STARTTLS, TLSv1.3')
  })

  it('that is refused is said to be', async () => {
    const refused = '454 4.7.0 TLS not available due to local problem\r\n'
    expect(said(await mail('--starttls smtp', refused), 25)).toMatch(
      /smtp {2}Postfix.*STARTTLS was refused {2}\[greeting\]$/,
    )
    expect(said(await mail('--thorough', refused), 25)).not.toContain('refused')
  })

  it('that the server does not offer is not gone on with', async () => {
    expect(said(await mail('--starttls smtp', '502 what?\r\n', '250 mail.lan\r\n'), 25)).toMatch(
      /STARTTLS was refused/,
    )
  })

  it('with words behind the go-ahead is not gone on with: whoever put them there is in between', async () => {
    const ran = await mail('--starttls smtp', `${GO}250 evil\r\n`)
    expect(said(ran, 25)).toMatch(/STARTTLS was refused/)
    expect(said(ran, 25)).not.toContain('TLSv1.3')
  })

  it('whose handshake fails says why', async () => {
    const fails = { 25: { fails: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' } }
    expect(said(await mail('--starttls smtp', GO, EHLO, fails), 25)).toMatch(
      /smtp {2}Postfix.*the TLS handshake failed: alert handshake failure/,
    )
  })

  it('whose handshake hangs ends in time', async () => {
    const ran = await mail('--starttls smtp', GO, EHLO, { 25: { does: 'hang' } })
    expect(said(ran, 25)).toMatch(/smtp {2}Postfix/)
    expect(ran.tookMs).toBeLessThan(5000)
  })

  it('of a protocol that is not there is said not to be there', async () => {
    const world = worldOf({ 22: greets(SSH), 4711: SILENT })
    const ran = await look('22,4711 --starttls imap --timeout 10', world)
    expect(said(ran, 22)).toMatch(/ssh {2}OpenSSH.*no STARTTLS of imap: this is ssh/)
    expect(said(ran, 4711)).toMatch(/silent; no STARTTLS of imap here/)
  })

  it('of a protocol has that one tried first, whatever the port', async () => {
    const world = worldOf({ 4711: smtp(GO) }, { tls: { 4711: TLS13 } })
    const ran = await look('4711 --starttls smtp', world)
    expect(said(ran, 4711)).toMatch(/smtp {2}Postfix.*\(STARTTLS, TLSv1\.3/)
  })

  it('that a server keeps silent about ends in time', async () => {
    const mute = speaks({ kind: 'answers', greeting: GREETING, answers: [['EHLO', EHLO]] })
    const ran = await look('25 --starttls smtp', worldOf({ 25: mute }))
    expect(said(ran, 25)).toMatch(/smtp {2}Postfix.*STARTTLS was refused/)
    expect(ran.tookMs).toBeLessThan(5000)
  })
})
