import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cassandra } from '../src/protocols/data/cassandra.ts'
import { readMultimap } from '../src/protocols/data/cassandra-frame.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const short = (number: number): string => String.fromCharCode(number >> 8, number & 0xff)
const text = (value: string): string => short(value.length) + value
const list = (...values: readonly string[]): string => short(values.length) + values.map(text).join('')
const frame = (opcode: number, body: string): string =>
  `\x84\0\0\0${String.fromCharCode(opcode)}\0\0${short(body.length)}${body}`

const cql = text('CQL_VERSION') + list('3.4.6')
const supported = frame(
  6,
  short(3) +
    text('PROTOCOL_VERSIONS') +
    list('3/v3', '4/v4', '5/v5') +
    text('COMPRESSION') +
    list('snappy', 'lz4') +
    cql,
)

detectorTests(cassandra, [
  {
    title: 'with the versions of language and protocol',
    octets: supported,
    service: {
      protocol: 'cassandra',
      details: { 'CQL versions': ['3.4.6'], 'protocol versions': ['3/v3', '4/v4', '5/v5'] },
    },
  },
  {
    title: 'as ScyllaDB',
    octets: frame(6, short(2) + text('SCYLLA_NR_SHARDS') + list('2') + cql),
    service: { protocol: 'cassandra', product: 'ScyllaDB', details: { 'CQL versions': ['3.4.6'] } },
  },
  {
    title: 'by an error of an older one',
    octets: frame(0, `\0\0\0\x0a${text('Invalid or unsupported protocol version (4)')}`),
    service: { protocol: 'cassandra', info: 'Invalid or unsupported protocol version (4)' },
  },
  { title: 'not by a list without a language', octets: frame(6, short(0)), service: undefined },
  { title: 'not by a list that is cut', octets: frame(6, `${short(2)}${cql}`), service: undefined },
  { title: 'not by an answer that is cut', octets: supported.slice(0, 40), service: undefined },
  { title: 'not by an error without a message', octets: frame(0, '\0\0\0\x0a'), service: undefined },
])

it('asks for options by version 4', () => {
  expect([...probeOf(cassandra)]).toEqual([4, 0, 0, 0, 5, 0, 0, 0, 0])
})

it('rejects other answers by their first octets', () => {
  for (const octets of ['HTTP', '\x84\x01', '\x84\0\x01', '\x84\0\0\0\x07', '\x84\0\0\0\x06\xff\0\0\0'])
    expect(cassandra.detect(octetsOf(octets), contextOf({ ended: false }))).toBeUndefined()
})

it('reads lists of everything without throwing', () => {
  fc.assert(fc.property(fc.uint8Array(), (octets) => void readMultimap(octets)))
})

describe('asking for more of cassandra', () => {
  const service = { protocol: 'cassandra' }
  const first = { says: supported }
  const STARTUP = `\x04\0\0\0\x01\0\0\0\x16\0\x01${text('CQL_VERSION')}${text('3.0.0')}`
  const SELECT = 'SELECT release_version FROM system.local'
  const QUERY = `\x04\0\0\0\x07\0\0\0\x2f\0\0\0\x28${SELECT}\0\x01\0`
  const ready = { hears: STARTUP, says: frame(2, '') }
  const rows = (version: string): string =>
    frame(
      8,
      `\0\0\0\x02\0\0\0\x01\0\0\0\x01${text('system')}${text('local')}${text('release_version')}\0\x0d` +
        `\0\0\0\x01\0\0${text(version)}`,
    )

  it.each([[[1]], [[1000]]])('reads its version, in segments of %j', async (segments) => {
    const dialogue = scriptedDialogue([first, ready, { hears: QUERY, says: rows('4.1.3') }], { segments })
    expect(await cassandra.ask?.(service, dialogue)).toEqual({
      ...service,
      product: 'Cassandra',
      version: '4.1.3',
    })
  })

  it('does not take the version that ScyllaDB is compatible with for its own', async () => {
    const scylla = { ...service, product: 'ScyllaDB' }
    const dialogue = scriptedDialogue([first, ready, { hears: QUERY, says: rows('3.0.8') }])
    const info = 'compatible with Cassandra 3.0.8'
    expect(await cassandra.ask?.(scylla, dialogue)).toEqual({ ...scylla, info })
  })

  it('learns that a password is needed', async () => {
    const says = frame(3, text('org.apache.cassandra.auth.PasswordAuthenticator'))
    const dialogue = scriptedDialogue([first, { hears: STARTUP, says }])
    expect(await cassandra.ask?.(service, dialogue)).toEqual({ ...service, info: 'needs a password' })
  })

  it.each([
    '',
    frame(8, ''),
    frame(8, '\0\0\0\x02'),
    rows('4.1.3').slice(0, -4),
    rows('by chance'),
    frame(0, ''),
  ])('keeps what it knew after other rows', async (says) => {
    const dialogue = scriptedDialogue([first, ready, { hears: QUERY, says }])
    expect(await cassandra.ask?.(service, dialogue)).toEqual(service)
  })

  it('keeps what it knew when it may not begin', async () => {
    const dialogue = scriptedDialogue([first, { hears: STARTUP, says: 'no' }])
    expect(await cassandra.ask?.(service, dialogue)).toEqual(service)
  })
})
