import { expect, it } from 'vitest'
import { productIn, systemIn } from '../src/protocols/kit/products.ts'
import { imap } from '../src/protocols/mail/imap.ts'
import { pop3 } from '../src/protocols/mail/pop3.ts'
import { contextOf, octetsOf } from './detector-kit.ts'

it.each([
  ['ESMTP Postfix (Debian/GNU)', 'Debian'],
  ['ESMTP Sendmail 8.15.2/8.15.2/Debian-22; Fri, 20 Nov 2026', 'Debian'],
  ['Cyrus timsieved v2.4.17-Debian', 'Debian'],
  ['ProFTPD 1.3.5 Server (Ubuntu) [10.0.0.2]', 'Ubuntu'],
])('reads the system in "%s"', (text, system) => {
  expect(systemIn(text)).toBe(system)
})

it.each([
  'POP3 server ready <1896.697170952@web-ubuntu.example.org>',
  'ready <1896.697170952@web-ubuntu>',
  'mail-debian.example.org ready',
  'mail-debian-2.example.org ready',
  'ready on 10.0.0.2/windows.example.org',
])('takes no name of a host for a system: "%s"', (text) => {
  expect(systemIn(text)).toBeUndefined()
})

it.each([
  [imap, '* OK Dovecot.example.org IMAP4rev1 ready\r\n'],
  [imap, '* OK [CAPABILITY IMAP4rev1] Stalwart.example.org ready\r\n'],
  [pop3, '+OK Dovecot.example.org POP3 ready\r\n'],
])('takes no name of a host for a product', (protocol, greeting) => {
  const service = protocol.detect(octetsOf(greeting), contextOf())
  expect(service).toMatchObject({ protocol: protocol.name })
  expect(service).not.toMatchObject({ product: expect.anything() })
})

it('looks only at the beginning of a text', () => {
  const rules = [{ product: 'x', says: /x(\d)/ }]
  expect(productIn(rules, 'ax1')).toEqual({ product: 'x', version: '1' })
  expect(productIn(rules, `${' '.repeat(400)}x1`)).toBeUndefined()
})
