import { expect, it } from 'vitest'
import { nbd } from '../src/protocols/files/nbd.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const GREETING = 'NBDMAGICIHAVEOPT\0\x03'
const found = { protocol: 'nbd', info: 'fixed new handshake' }

detectorTests(nbd, [
  { title: 'by its greeting (nbd-server 3.24)', octets: GREETING, service: found },
  {
    title: 'by one without fixes',
    octets: 'NBDMAGICIHAVEOPT\0\0',
    service: { protocol: 'nbd', info: 'new handshake' },
  },
  {
    title: 'by the old one',
    octets: 'NBDMAGIC\0\0\x42\x02\x81\x86\x12\x53\0\0\0\0\0\x10\0\0',
    service: { protocol: 'nbd', info: 'old handshake' },
  },
  { title: 'not by half of it', octets: 'NBDMAGICIHAVE', service: undefined },
  { title: 'not with another second word', octets: 'NBDMAGICNBDMAGIC\0\x03', service: undefined },
])

const LIST = '\0\0\0\x01IHAVEOPT\0\0\0\x03\0\0\0\0'
const ABORT = 'IHAVEOPT\0\0\0\x02\0\0\0\0'
const reply = (type: string, data: string): string =>
  `\0\x03\xe8\x89\x04\x55\x65\xa9\0\0\0\x03\0\0\0${type}\0\0\0${String.fromCharCode(data.length)}${data}`
const name = (text: string): string => `\0\0\0${String.fromCharCode(text.length)}${text}`

it.each([[undefined], [[1]], [[3, 11]]])(
  'tells the exports, however they were split: %j',
  async (segments) => {
    const says = reply('\x02', name('disk')) + reply('\x02', name('caf\xc3\xa9')) + reply('\x01', '')
    const peer = scriptedDialogue(
      [{ says: GREETING }, { hears: LIST, says }, { hears: ABORT }],
      segments === undefined ? {} : { segments },
    )
    expect(await nbd.ask?.(found, peer)).toEqual({ ...found, details: { exports: ['disk', 'café'] } })
    expect(peer.turnsLeft()).toBe(0)
  },
)

it.each([
  ['a refusal', reply('\x02', '').replace('\0\0\0\x02', '\x80\0\0\x02')],
  ['a length without end', '\0\x03\xe8\x89\x04\x55\x65\xa9\0\0\0\x03\0\0\0\x02\xff\xff\xff\xff'],
  ['other octets', 'x'.repeat(40)],
  ['nothing', ''],
])('says what it knew after %s', async (_, says) => {
  const peer = scriptedDialogue([{ says: GREETING }, { hears: LIST, says }, { hears: ABORT }])
  expect(await nbd.ask?.(found, peer)).toEqual(found)
})

it('does not read exports without end', async () => {
  const says = reply('\x02', name('a')).repeat(300)
  const peer = scriptedDialogue([{ says: GREETING }, { hears: LIST, says }, { hears: ABORT }])
  expect(await nbd.ask?.(found, peer)).toHaveProperty('details.exports.length', 50)
})
