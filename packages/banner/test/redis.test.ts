import { describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { redis } from '../src/protocols/data/redis.ts'
import { redisInfo } from '../src/protocols/data/redis-info.ts'
import { contextOf, detectorTests, octetsOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const rows = ['redis', 'redis-tls', 'redis-auth'].flatMap((name) => recorded(name))
const answer = (name: string, probe: string): Uint8Array =>
  recorded(name).find((row) => row.probe === probe && row.octets.length > 0)?.octets ?? new Uint8Array()

const info = answer('redis', 'redis-info')
const known: Service = {
  protocol: 'redis',
  product: 'Redis',
  version: '7.0.15',
  os: 'Linux 6.18.44-fc-v669 x86_64',
  details: { mode: 'standalone' },
}
const plain: Service = { protocol: 'redis' }
const locked: Service = { protocol: 'redis', info: 'needs a password' }

detectorTests(redis, [
  { title: 'by its answer to PING', octets: answer('redis', 'redis-ping'), service: plain },
  { title: 'by its answer to INFO', octets: info, service: known },
  {
    title: 'without a version that is cut',
    octets: info.slice(0, 35),
    service: { protocol: 'redis' },
  },
  { title: 'when it wants a password', octets: answer('redis-auth', 'redis-ping'), service: locked },
  { title: 'when an old one wants a password', octets: '-ERR operation not permitted\r\n', service: locked },
  { title: 'by its answer to HTTP', octets: answer('redis', 'http-get'), service: plain },
  {
    title: 'by its answer to a command that it does not know',
    octets: answer('redis', 'irc'),
    service: plain,
  },
  {
    title: 'by an older answer to such a command',
    octets: "-ERR unknown command 'HELP'\r\n",
    service: plain,
  },
  {
    title: 'in protected mode',
    octets:
      '-DENIED Redis is running in protected mode because protected mode is enabled and no password\r\n',
    service: { protocol: 'redis', product: 'Redis', info: 'protected mode' },
  },
  {
    title: 'in protected mode, by the name that it then tells',
    octets: '-DENIED KeyDB is running in protected mode because protected mode is enabled\r\n',
    service: { protocol: 'redis', product: 'KeyDB', info: 'protected mode' },
  },
  {
    title: 'in protected mode without a name, as Valkey has it',
    octets: '-DENIED Running in protected mode because protected mode is enabled\r\n',
    service: { protocol: 'redis', info: 'protected mode' },
  },
  { title: 'not by the error of POP3', octets: '-ERR Unknown command.\r\n', service: undefined },
  { title: 'not by the greeting of POP3', octets: '+OK Dovecot ready.\r\n', service: undefined },
  { title: 'not by the answer of NATS to PING', octets: 'PONG\r\n', service: undefined },
  { title: 'not by a price', octets: '$100\r\nplease', service: undefined },
  { title: 'not by a cut line', octets: '-NOAUTH Auth', service: undefined },
])

it('knows every recorded answer of redis', () => {
  const told = rows.filter(({ octets }) => octets.length > 0)
  expect(told.length).toBeGreaterThan(20)
  for (const { octets } of told)
    expect(redis.detect(octets, contextOf())).toMatchObject({ protocol: 'redis' })
})

it('rejects other answers by their first octets', () => {
  for (const text of ['-ERX', '+OK', '$a', '$5\r\nx', 'HTTP'])
    expect(redis.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

describe('asking for more of redis', () => {
  const INFO = 'INFO server\r\n'

  it.each([[[1]], [[1000]], [[3, 70]]])(
    'reads INFO behind the first answer, in segments of %j',
    async (segments) => {
      const dialogue = scriptedDialogue([{ says: '+PONG\r\n' }, { hears: INFO, says: info }], { segments })
      expect(await redis.ask?.(plain, dialogue)).toEqual(known)
      expect(dialogue.unread()).toBe('')
    },
  )

  it('reads it behind as many answers as there were', async () => {
    const dialogue = scriptedDialogue([{ says: answer('redis', 'irc') }, { hears: INFO, says: info }])
    expect(await redis.ask?.(plain, dialogue)).toEqual(known)
  })

  it('learns that a password is needed', async () => {
    const dialogue = scriptedDialogue([
      { says: answer('redis-auth', 'http-get') },
      { hears: INFO, says: '-NOAUTH Authentication required.\r\n' },
    ])
    expect(await redis.ask?.(plain, dialogue)).toEqual(locked)
  })

  it('asks nothing where everything is refused', async () => {
    const dialogue = scriptedDialogue([])
    expect(await redis.ask?.(locked, dialogue)).toEqual(locked)
    expect(await redis.ask?.(known, dialogue)).toEqual(known)
    expect(dialogue.sent).toEqual([])
  })

  it.each([
    ['no answer', ''],
    ['an unknown command', "-ERR unknown command 'INFO', with args beginning with: 'server' \r\n"],
    ['a bulk that is too long', '$99999\r\n'],
    ['a bulk without a length', '$-1\r\nabcdefghij'],
    ['a line without an end', 'x'.repeat(5000)],
    ['lines without an end', 'x\r\n'.repeat(5000)],
  ])('keeps what it knew after %s', async (_, says) => {
    const dialogue = scriptedDialogue([{ says: '+PONG\r\n' }, { hears: INFO, says }])
    expect(await redis.ask?.(plain, dialogue)).toEqual(plain)
  })
})

describe('INFO of those like redis', () => {
  it.each([
    [
      'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nserver_mode:cluster\r\n',
      { product: 'Valkey', version: '8.0.1', details: { mode: 'cluster' } },
    ],
    [
      'redis_version:6.3.4\r\nredis_mode:standalone\r\nexecutable:/usr/bin/keydb-server\r\n',
      { product: 'KeyDB', version: '6.3.4', details: { mode: 'standalone' } },
    ],
    ['redis_version:7.4.0\r\ndragonfly_version:df-v1.27.1\r\n', { product: 'Dragonfly', version: '1.27.1' }],
    ['redis_version\r\n:x\r\nos:\r\n', {}],
  ])('%j', (text, service) => {
    expect(redisInfo(text)).toEqual({ protocol: 'redis', ...service })
  })
})
