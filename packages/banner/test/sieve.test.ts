import { describe, expect, it } from 'vitest'
import { sieve } from '../src/protocols/mail/sieve.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const GREETING =
  '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"SIEVE" "fileinto reject"\r\n"SASL" ""\r\n"STARTTLS"\r\n' +
  '"VERSION" "1.0"\r\nOK "Dovecot (Debian) ready."\r\n'

detectorTests(sieve, [
  {
    title: 'Dovecot',
    octets: GREETING,
    service: {
      protocol: 'sieve',
      product: 'Dovecot Pigeonhole',
      info: 'STARTTLS offered',
      details: {
        capabilities: [
          'IMPLEMENTATION Dovecot Pigeonhole',
          'SIEVE fileinto reject',
          'SASL',
          'STARTTLS',
          'VERSION 1.0',
        ],
      },
    },
  },
  {
    title: 'Cyrus, by its version',
    octets: '"IMPLEMENTATION" "Cyrus timsieved v2.4.17-Debian-2.4.17"\r\n"SIEVE" "fileinto"\r\nOK\r\n',
    service: {
      protocol: 'sieve',
      product: 'Cyrus timsieved',
      version: '2.4.17',
      details: {
        capabilities: ['IMPLEMENTATION Cyrus timsieved v2.4.17-Debian-2.4.17', 'SIEVE fileinto'],
      },
    },
  },
  { title: 'not without its capabilities', octets: '"SASL" ""\r\nOK\r\n', service: undefined },
  { title: 'not by quotation marks', octets: '"hello\r\n', service: undefined },
  { title: 'not when it never ends', octets: '"SIEVE" "x"\r\n'.repeat(60), service: undefined },
])

describe('STARTTLS of sieve', () => {
  const go = (says: string) => ({ hears: 'STARTTLS\r\n', says })

  it.each([
    ['is agreed on', [{ says: GREETING }, go('OK "Begin TLS"\r\n')], true],
    ['is refused', [{ says: GREETING }, go('NO\r\n')], false],
    ['has words of somebody behind it', [{ says: GREETING }, go('OK\r\n"SIEVE" "x"\r\n')], false],
    ['is not offered', [{ says: GREETING.replace('"STARTTLS"\r\n', '') }], false],
  ])('%s', async (_, turns, agreed) => {
    const dialogue = scriptedDialogue(turns, { segments: [200] })
    expect(await sieve.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.turnsLeft()).toBe(0)
  })
})
