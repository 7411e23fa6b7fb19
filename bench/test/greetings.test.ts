import { describe, expect, it } from 'vitest'
import { GREETERS } from '../src/greetings.mjs'

describe('the key exchange behind the SSH greeting', () => {
  const { greeting } = GREETERS.ssh
  const packet = greeting.subarray(greeting.indexOf('\r\n') + 2)

  it('is one whole packet (RFC 4253 section 6)', () => {
    expect(packet.length).toBe(4 + packet.readUInt32BE(0))
    expect(packet.length % 8).toBe(0)
    expect(packet[4]).toBeGreaterThanOrEqual(4)
  })

  it('has ten lists of names (RFC 4253 section 7.1)', () => {
    const end = packet.length - (packet[4] ?? 0)
    let at = 5 + 1 + 16
    for (let list = 0; list < 10; list += 1) at += 4 + packet.readUInt32BE(at)
    expect(packet[5]).toBe(20)
    expect(end - at).toBe(5)
  })
})

it.each([
  ['smtp', 'EHLO there', /^250-.*\r\n250 .*\r\n$/s],
  ['smtp', 'NOOP', /^502 /s],
  ['ftp', 'FEAT', /^211-.*\r\n211 End\r\n$/s],
  ['pop3', 'CAPA', /^\+OK\r\n.*\r\n\.\r\n$/s],
  ['imap', 'p1 CAPABILITY', /^\* CAPABILITY IMAP4rev1 .*\r\np1 OK /s],
  ['imap', 'p9 LOGOUT', /^\* BYE .*\r\np9 OK /s],
  ['imap', 'p2 ID NIL', /^p2 BAD /s],
] as const)('lets %s answer %j', (kind, line, reply) => {
  expect(GREETERS[kind].reply(line)).toMatch(reply)
})
