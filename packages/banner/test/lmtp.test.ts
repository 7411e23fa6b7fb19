import { describe, expect, it } from 'vitest'
import { lmtp } from '../src/protocols/mail/lmtp.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

detectorTests(lmtp, [
  {
    title: 'by its greeting',
    octets: '220 mail.example.org LMTP Cyrus LMTP 3.2.6 ready\r\n',
    service: {
      protocol: 'lmtp',
      product: 'Cyrus',
      version: '3.2.6',
      hostname: 'mail.example.org',
      evidence: [{ field: 'smtp.banner', text: 'mail.example.org LMTP Cyrus LMTP 3.2.6 ready' }],
    },
  },
  { title: 'not where it is SMTP', octets: '220 mail.example.org ESMTP\r\n', service: undefined },
])

const HELLO = {
  hears: 'LHLO portkit.invalid\r\n',
  says: '250-mail.example.org\r\n250-STARTTLS\r\n250 DSN\r\n',
}

describe('lmtp', () => {
  it('tells its extensions', async () => {
    const dialogue = scriptedDialogue([{ says: '220 x LMTP\r\n' }, HELLO, { hears: 'QUIT\r\n' }])
    expect(await lmtp.ask?.({ protocol: 'lmtp' }, dialogue)).toEqual({
      protocol: 'lmtp',
      hostname: 'mail.example.org',
      info: 'STARTTLS offered',
      details: { extensions: ['STARTTLS', 'DSN'] },
    })
  })

  it('goes into TLS', async () => {
    const go = { hears: 'STARTTLS\r\n', says: '220 Go\r\n' }
    expect(await lmtp.startTls?.(scriptedDialogue([{ says: '220 x LMTP\r\n' }, HELLO, go]))).toBe(true)
  })
})
