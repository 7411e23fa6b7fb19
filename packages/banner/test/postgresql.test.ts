import { describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { postgresql } from '../src/protocols/data/postgresql.ts'
import { contextOf, detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const answer = (probe: string): Uint8Array =>
  recorded('postgresql').find((row) => row.probe === probe)?.octets ?? new Uint8Array()

const message = (type: string, body: string): string =>
  `${type}\0\0\0${String.fromCharCode(4 + body.length)}${body}`
const parameter = (name: string, value: string): string => message('S', `${name}\0${value}\0`)

const WELCOME = message('R', '\0\0\0\0')
const READY = message('K', '\0\0\0\x01\0\0\0\x02') + message('Z', 'I')
const REFUSAL = message(
  'E',
  'SFATAL\0VFATAL\0C28000\0Mrole "portkit" does not exist\0Fmiscinit.c\0L756\0RX\0\0',
)
const TLS_REQUEST = '\0\0\0\x08\x04\xd2\x16\x2f'

const scram: Service = { protocol: 'postgresql', details: { authentication: ['SCRAM-SHA-256'] } }

const welcomed = (...parameters: readonly string[]): string => WELCOME + parameters.join('') + READY

detectorTests(postgresql, [
  { title: 'by how a password is asked for', octets: answer('pg-startup'), service: scram },
  {
    title: 'by an error that it gave to another protocol',
    octets: answer('smb2'),
    service: {
      protocol: 'postgresql',
      product: 'PostgreSQL',
      info: 'unsupported frontend protocol 65107.19778: server supports 3.0 to 3.0',
      details: { 'error code': '0A000' },
    },
  },
  {
    title: 'with the version that it tells whom it lets in',
    octets: welcomed(
      parameter('is_superuser', 'on'),
      parameter('server_version', '15.10 (Debian 15.10-0+deb12u1)'),
    ),
    service: {
      protocol: 'postgresql',
      product: 'PostgreSQL',
      version: '15.10',
      os: 'Debian',
      details: { authentication: 'not needed' },
    },
  },
  {
    title: 'as CockroachDB, not as the version of PostgreSQL that this plays',
    octets: welcomed(
      parameter('server_version', '13.0.0'),
      parameter('crdb_version', 'CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu)'),
    ),
    service: {
      protocol: 'postgresql',
      product: 'CockroachDB',
      version: '23.1.11',
      details: { authentication: 'not needed' },
    },
  },
  {
    title: 'as YugabyteDB likewise',
    octets: welcomed(parameter('server_version', '11.2-YB-2.18.0.0-b0')),
    service: {
      protocol: 'postgresql',
      product: 'YugabyteDB',
      version: '2.18.0.0-b0',
      details: { authentication: 'not needed' },
    },
  },
  {
    title: 'as PgBouncer, by the version that its console tells',
    octets: welcomed(parameter('server_version', '1.18.0/bouncer')),
    service: {
      protocol: 'postgresql',
      product: 'PgBouncer',
      version: '1.18.0',
      details: { authentication: 'not needed' },
    },
  },
  {
    title: 'not as PostgreSQL, of whose version another one plays a part',
    octets: welcomed(parameter('server_version', '14.0'), parameter('crate_version', '5.8.1')),
    service: { protocol: 'postgresql', details: { authentication: 'not needed' } },
  },
  {
    title: 'turning a stranger away, by names of its source',
    octets: message('E', 'SFATAL\0VFATAL\0C28000\0Mno entry\0Fauth.c\0L1\0RClientAuthentication\0\0'),
    service: {
      protocol: 'postgresql',
      product: 'PostgreSQL',
      info: 'no entry',
      details: { 'error code': '28000' },
    },
  },
  {
    title: 'letting everybody in, but not this one',
    octets: WELCOME + REFUSAL,
    service: {
      protocol: 'postgresql',
      info: 'role "portkit" does not exist',
      details: { authentication: 'not needed', 'error code': '28000' },
    },
  },
  {
    title: 'by a welcome that is cut',
    octets: WELCOME + parameter('server_version', '17beta1') + READY.slice(0, 9),
    service: {
      protocol: 'postgresql',
      product: 'PostgreSQL',
      version: '17beta1',
      details: { authentication: 'not needed' },
    },
  },
  {
    title: 'asking for md5',
    octets: message('R', '\0\0\0\x05salt'),
    service: { protocol: 'postgresql', details: { authentication: 'md5' } },
  },
  { title: 'not by one letter', octets: 'S', service: undefined },
  {
    title: 'not by a kind of authentication that there is not',
    octets: message('R', '\0\0\0\x63'),
    service: undefined,
  },
  { title: 'not by an error without a code', octets: message('E', 'SFATAL\0Mno\0\0'), service: undefined },
  { title: 'not by a parameter in front', octets: parameter('a', 'b'), service: undefined },
  { title: 'not by text', octets: 'ERROR\r\n', service: undefined },
])

it('is asked by a login in protocol 3.0', () => {
  const probe = probeOf(postgresql)
  expect(Buffer.from(probe.subarray(0, 8)).toString('hex')).toBe('0000002800030000')
  expect(probe).toHaveLength(0x28)
})

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', 'RF', 'ER', 'R\0\0\0\x01', 'R\x00\x00\xff\xff'])
    expect(postgresql.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

describe('asking for more of postgresql', () => {
  const TLS = { hears: TLS_REQUEST, says: 'S' }
  const NO_TLS = { hears: TLS_REQUEST, says: 'N' }
  const VERSION_4 = '\0\0\0\x08\0\x04\0\0'
  const refusing = (file: string) => ({
    hears: VERSION_4,
    says: message('E', `SFATAL\0C0A000\0Mno 4.0\0F${file}\0L2222\0RProcessStartupPacket\0\0`),
  })
  const offered = (isOffered: boolean): Service => ({
    ...scram,
    details: { ...scram.details, 'TLS offered': isOffered },
  })

  it.each([
    [
      'tells that TLS is offered, and by a further connection what it is',
      true,
      [[TLS], [refusing('postmaster.c')]],
    ],
    [
      'tells that TLS is not offered, and in there what it is',
      false,
      [[NO_TLS, refusing('backend_startup.c')]],
    ],
  ])('%s', async (_, isOffered, again) => {
    const dialogue = scriptedDialogue([], { again })
    const service = await postgresql.ask?.(scram, dialogue)
    expect(service).toEqual({ ...offered(isOffered), product: 'PostgreSQL' })
  })

  it.each([
    ['the error is of another source', [[TLS], [refusing('server.go')]]],
    [
      'the error tells no source',
      [[TLS], [{ hears: VERSION_4, says: message('E', 'SFATAL\0C08P01\0Mno\0\0') }]],
    ],
    ['there is no answer', [[TLS], [{ hears: VERSION_4, closes: true }]]],
    ['there is no further connection', [[TLS]]],
  ])('names no product where %s', async (_, again) => {
    expect(await postgresql.ask?.(scram, scriptedDialogue([], { again }))).toEqual(offered(true))
  })

  it('asks no more about a product that is known', async () => {
    const dialogue = scriptedDialogue([], { again: [[TLS]] })
    const known = { ...scram, product: 'CockroachDB' }
    expect(await postgresql.ask?.(known, dialogue)).toMatchObject({ product: 'CockroachDB' })
    expect(dialogue.others).toHaveLength(1)
  })

  it.each([
    ['there is no further connection', []],
    ['the answer is another', [[{ hears: TLS_REQUEST, says: 'E' }]]],
    ['there is no answer', [[{ hears: TLS_REQUEST }]]],
  ])('changes nothing when %s', async (_, again) => {
    expect(await postgresql.ask?.(scram, scriptedDialogue([], { again }))).toEqual(scram)
  })

  it('says nothing of TLS inside TLS', async () => {
    const dialogue = scriptedDialogue([], { secure: true, again: [[refusing('postmaster.c')]] })
    expect(await postgresql.ask?.(scram, dialogue)).toEqual({ ...scram, product: 'PostgreSQL' })
  })
})

describe('STARTTLS of postgresql', () => {
  it.each([
    ['S', true],
    ['N', false],
    ['', false],
  ])('goes by the answer "%s"', async (says, agreed) => {
    const dialogue = scriptedDialogue([{ hears: TLS_REQUEST, says }])
    expect(await postgresql.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.unread()).toBe('')
  })
})
