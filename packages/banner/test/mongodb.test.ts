import { describe, expect, it } from 'vitest'
import { lowFirst, readLow32 } from '../src/octets/little-endian.ts'
import { concat } from '../src/octets/octets.ts'
import { bson } from '../src/protocols/data/bson.ts'
import { mongodb } from '../src/protocols/data/mongodb.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const answer = (values: Record<string, string | number>): Uint8Array => {
  const document = bson(values)
  return concat(lowFirst(21 + document.length, 7, 9, 2013, 0), Uint8Array.of(0), document)
}

const hello = answer({ maxWireVersion: 21, setName: 'rs0', me: 'db1.lan:27017', ok: 1 })
const service = {
  protocol: 'mongodb',
  hostname: 'db1.lan:27017',
  details: { 'replica set': 'rs0', 'newest wire version': 21 },
}

const context = { asked: 'mongodb' }

detectorTests(mongodb, [
  { title: 'by its answer to hello', octets: hello, context, service },
  {
    title: 'by not knowing hello yet',
    octets: answer({ ok: 0, errmsg: "no such command: 'hello'", code: 59 }),
    context,
    service: { protocol: 'mongodb', info: "no such command: 'hello'" },
  },
  {
    title: 'as a router',
    octets: answer({ msg: 'isdbgrid', ok: 1 }),
    context,
    service: { protocol: 'mongodb', details: { role: 'mongos' } },
  },
  { title: 'not by a document that is no answer', octets: answer({ hello: 1 }), context, service: undefined },
  { title: 'not by a cut answer', octets: hello.slice(0, 40), context, service: undefined },
  { title: 'not by the same octets unasked', octets: hello, service: undefined },
  { title: 'not by text', octets: 'HTTP/1.0 200 OK\r\n', context, service: undefined },
])

it('asks by a message of the length that it tells', () => {
  const probe = probeOf(mongodb)
  expect(readLow32(probe, 0)).toBe(probe.length)
  expect(readLow32(probe, 4)).toBe(0x091a2b3c)
  expect(readLow32(probe, 12)).toBe(2013)
})

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', '\x05\0\0\0', `\x30\0\0\0${'\0'.repeat(12)}`])
    expect(mongodb.detect(octetsOf(text), contextOf({ ...context, ended: false }))).toBeUndefined()
})

describe('asking for more of mongodb', () => {
  const isBuildInfo = (octets: Uint8Array): boolean => Buffer.from(octets).includes('\x10buildInfo\0')

  it.each([
    [
      { version: '7.0.14', ok: 1 },
      { product: 'MongoDB', version: '7.0.14' },
    ],
    [
      { version: '7.0.42', ferretdbVersion: 'v1.24.0', ok: 1 },
      { product: 'FerretDB', version: '1.24.0' },
    ],
    [{ ok: 0, errmsg: 'command buildInfo requires authentication' }, {}],
  ])('reads %j', async (values, named) => {
    const says = answer(values)
    const dialogue = scriptedDialogue([{ says: hello }, { hears: isBuildInfo, says }], { segments: [11] })
    expect(await mongodb.ask?.(service, dialogue)).toEqual({ ...service, ...named })
  })

  it('keeps what it knew when nothing comes', async () => {
    const dialogue = scriptedDialogue([{ says: hello }, { hears: isBuildInfo, says: 'x' }])
    expect(await mongodb.ask?.(service, dialogue)).toEqual(service)
  })
})
