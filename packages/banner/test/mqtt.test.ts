import { describe, expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import { mqtt } from '../src/protocols/queues/mqtt.ts'
import { contextOf, detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const answer = (name: string): Uint8Array =>
  recorded(name).find(({ probe }) => probe === 'mqtt-connect')?.octets ?? new Uint8Array()

const asked = { asked: 'mqtt' }
const open = { protocol: 'mqtt', info: 'lets everybody in' }

detectorTests(mqtt, [
  { title: 'by its answer', octets: answer('mosquitto'), context: asked, service: open },
  {
    title: 'inside TLS',
    octets: answer('mosquitto-tls'),
    context: { ...asked, secure: true },
    service: open,
  },
  {
    title: 'when it wants a password',
    octets: '\x20\x02\0\x05',
    context: asked,
    service: { protocol: 'mqtt', info: 'does not let everybody in' },
  },
  {
    title: 'not by the same octets as an answer to something else',
    octets: '\x20\x02\0\0',
    service: undefined,
  },
  { title: 'not by a code that there is not', octets: '\x20\x02\0\x06', context: asked, service: undefined },
  { title: 'not by a cut answer', octets: '\x20\x02\0', context: asked, service: undefined },
])

it('asks to connect by version 3.1.1, as nobody else', () => {
  expect(latin1(probeOf(mqtt))).toBe('\x10\x1b\0\x04MQTT\x04\x02\0\x3c\0\x0fportkit12345678')
  expect(probeOf(mqtt, { random: () => 7 })).not.toEqual(probeOf(mqtt))
})

it('rejects other answers by their first octets', () => {
  for (const text of ['H', ' \x03', ' \x02\x02', ' \x02\0\x09'])
    expect(mqtt.detect(octetsOf(text), contextOf({ ...asked, ended: false }))).toBeUndefined()
})

describe('asking for more of mqtt', () => {
  const ACCEPTED = { says: '\x20\x02\0\0' }
  const SUBSCRIBE = '\x82\x18\0\x01\0\x13$SYS/broker/version\0\xc0\0'
  const SUBSCRIBED = '\x90\x03\0\x01\0'
  const PONG = '\xd0\0'
  const BYE = { hears: '\xe0\0' }
  const publish = (text: string): string =>
    `\x31${String.fromCharCode(21 + text.length)}\0\x13$SYS/broker/version${text}`

  it.each([
    ['mosquitto version 2.0.11', { product: 'mosquitto', version: '2.0.11' }],
    ['HiveMQ 4.9.0', { product: 'HiveMQ', version: '4.9.0' }],
    ['5.3.2', { version: '5.3.2' }],
    ['by chance', {}],
  ])('reads "%s", octet by octet', async (version, named) => {
    const says = SUBSCRIBED + publish(version) + PONG
    const dialogue = scriptedDialogue([ACCEPTED, { hears: SUBSCRIBE, says }, BYE], { segments: [1] })
    expect(await mqtt.ask?.(open, dialogue)).toEqual({ ...open, ...named })
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it.each([
    ['publishes none', SUBSCRIBED + PONG],
    ['says nothing', ''],
    ['publishes something else', `\x30\x05\0\x01aXX${PONG}`],
    ['sends a length without an end', '\x31\xff\xff\xff\xff'],
    ['sends packets without an end', '\x40\0'.repeat(5000)],
    ['promises more than it sends', `\x31\x7f\0\x13$SYS/broker/version`],
  ])('stays without a version where the broker %s', async (_, says) => {
    const dialogue = scriptedDialogue([ACCEPTED, { hears: SUBSCRIBE, says }, BYE])
    expect(await mqtt.ask?.(open, dialogue)).toEqual(open)
  })

  it('asks nothing of a broker that does not let it in', async () => {
    const dialogue = scriptedDialogue([])
    const closed = { protocol: 'mqtt', info: 'needs a password' }
    expect(await mqtt.ask?.(closed, dialogue)).toEqual(closed)
    expect(dialogue.sent).toEqual([])
  })
})
