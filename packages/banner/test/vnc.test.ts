import { expect, it } from 'vitest'
import { vnc } from '../src/protocols/screens/vnc.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const found = { protocol: 'vnc', info: 'protocol 3.8' }

detectorTests(vnc, [
  { title: 'by its greeting', octets: 'RFB 003.008\n', service: found },
  {
    title: 'by that of macOS',
    octets: 'RFB 003.889\n',
    service: { protocol: 'vnc', info: 'protocol 3.889' },
  },
  { title: 'not by half of it', octets: 'RFB 003.008', service: undefined },
  { title: 'not without digits', octets: 'RFB 3.8     \n', service: undefined },
  { title: 'not by something like it', octets: 'RFC 003.008\n', service: undefined },
])

it.each([
  ['RFB 003.008\n', 'RFB 003.008\n', '\x03\x02\x13\x99', ['VNC authentication', 'VeNCrypt', 'type 153']],
  ['RFB 003.889\n', 'RFB 003.008\n', '\x01\x1e', ['Diffie-Hellman (Apple)']],
  ['RFB 003.007\n', 'RFB 003.007\n', '\x01\x01', ['none']],
  ['RFB 003.003\n', 'RFB 003.003\n', '\0\0\0\x02', ['VNC authentication']],
  ['RFB 003.005\n', 'RFB 003.003\n', '\0\0\0\x01', ['none']],
])('tells the security types of %j', async (says, hears, answer, types) => {
  for (const segments of [[1], [100]]) {
    const peer = scriptedDialogue([{ says }, { hears, says: answer }], { segments })
    expect(await vnc.ask?.(found, peer)).toEqual({ ...found, details: { 'security types': types } })
  }
})

it.each([
  ['RFB 003.008\n', '\0\0\0\0\x1aToo many security failures'],
  ['RFB 003.003\n', '\0\0\0\0\0\0\0\x1aToo many security failures'],
])('tells why %j takes nobody', async (says, answer) => {
  const peer = scriptedDialogue([{ says }, { hears: () => true, says: answer, closes: true }])
  const details = { refusal: 'Too many security failures' }
  expect(await vnc.ask?.(found, peer)).toEqual({ ...found, details })
})

it.each(['', '\x05\x01', '\0\xff\xff\xff\xff'])('says what it knew after %j', async (says) => {
  const peer = scriptedDialogue([{ says: 'RFB 003.008\n' }, { hears: () => true, says }])
  expect(await vnc.ask?.(found, peer)).toEqual(found)
})
