import { expect, it } from 'vitest'
import { rdp } from '../src/protocols/screens/rdp.ts'
import { detectorTests, probeOf } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const context = { asked: 'rdp' }
const confirm = (negotiated: string): string => `\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0${negotiated}`
const TLS = confirm('\x02\x01\x08\0\x01\0\0\0')

detectorTests(rdp, [
  { title: 'by its choice of TLS', octets: TLS, context, service: { protocol: 'rdp', info: 'TLS' } },
  {
    title: 'by its choice of CredSSP',
    octets: confirm('\x02\x1f\x08\0\x02\0\0\0'),
    context,
    service: { protocol: 'rdp', info: 'CredSSP' },
  },
  {
    title: 'by a choice that nobody knows',
    octets: confirm('\x02\x1f\x08\0\x10\0\0\0'),
    context,
    service: { protocol: 'rdp', info: 'security protocol 16' },
  },
  {
    title: 'by its refusal',
    octets: confirm('\x03\0\x08\0\x05\0\0\0'),
    context,
    service: { protocol: 'rdp', details: { refusal: 'CredSSP required by server' } },
  },
  {
    title: 'by an old server that chooses nothing',
    octets: '\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0',
    context,
    service: { protocol: 'rdp', info: 'standard RDP security' },
  },
  { title: 'not where something else was asked', octets: TLS, service: undefined },
  { title: 'not by half a confirm', octets: TLS.slice(0, 15), context, service: undefined },
  { title: 'not by a disconnect', octets: TLS.replace('\xd0', '\x80'), context, service: undefined },
  { title: 'not by its own request', octets: probeOf(rdp), context, service: undefined },
])

it.each([
  ['TLS', TLS, true],
  ['CredSSP', confirm('\x02\x1f\x08\0\x02\0\0\0'), true],
  ['standard security', confirm('\x02\0\x08\0\0\0\0\0'), false],
  ['a refusal', confirm('\x03\0\x08\0\x02\0\0\0'), false],
  ['an old confirm', '\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0', false],
  ['nothing', '', false],
])('goes on in TLS after %s: %s', async (_, says, agreed) => {
  const peer = scriptedDialogue([{ hears: probeOf(rdp), says }], { segments: [5] })
  expect(await rdp.startTls?.(peer)).toBe(agreed)
  if (agreed) expect(peer.unread()).toBe('')
})
