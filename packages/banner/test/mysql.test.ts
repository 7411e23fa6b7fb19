import { describe, expect, it } from 'vitest'
import { mysql } from '../src/protocols/data/mysql.ts'
import { mysqlVersion } from '../src/protocols/data/mysql-version.ts'
import { contextOf, detectorTests, octetsOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const answer = (name: string): Uint8Array =>
  recorded(name).find(({ octets }) => octets.length > 0)?.octets ?? new Uint8Array()

const mariadb = answer('mariadb')
const denied = answer('mariadb-deny')

const packet = (body: string): string => `${String.fromCharCode(body.length)}\0\0\0${body}`

const SALT = 'abcdefgh'
/** As MySQL 8 sends it: capabilities 0xdfffffff, an authentication of 21 octets. */
const mysql8 = packet(
  `\x0a8.0.36\0\x09\0\0\0${SALT}\0\xff\xff\xff\x02\0\xff\xdf\x15${'\0'.repeat(10)}${'s'.repeat(12)}\0caching_sha2_password\0`,
)
/** As versions before 4.1 do: without the upper half of anything. */
const mysql3 = packet(`\x0a3.23.58\0\x09\0\0\0${SALT}\0\x2c\0\x08\x02\0${'\0'.repeat(13)}`)

detectorTests(mysql, [
  {
    title: 'as MariaDB by its greeting, not as what old clients need to read there',
    octets: mariadb,
    service: {
      protocol: 'mysql',
      product: 'MariaDB',
      version: '10.11.19',
      os: 'Debian',
      details: { 'TLS offered': false, authentication: 'mysql_native_password' },
      evidence: [{ field: 'mysql.banners', text: '5.5.5-10.11.19-MariaDB-0+deb12u1' }],
    },
  },
  {
    title: 'as MariaDB without a version by its refusal',
    octets: denied,
    service: {
      protocol: 'mysql',
      product: 'MariaDB',
      info: "Host '10.78.0.1' is not allowed to connect to this MariaDB server",
      details: { 'error code': 1130 },
      evidence: [
        { field: 'mysql.error', text: "Host '10.78.0.1' is not allowed to connect to this MariaDB server" },
      ],
    },
  },
  {
    title: 'with TLS and the way to authenticate of version 8',
    octets: mysql8,
    service: {
      protocol: 'mysql',
      product: 'MySQL',
      version: '8.0.36',
      details: { 'TLS offered': true, authentication: 'caching_sha2_password' },
      evidence: [{ field: 'mysql.banners', text: '8.0.36' }],
    },
  },
  {
    title: 'of old age',
    octets: mysql3,
    service: {
      protocol: 'mysql',
      product: 'MySQL',
      version: '3.23.58',
      details: { 'TLS offered': false },
      evidence: [{ field: 'mysql.banners', text: '3.23.58' }],
    },
  },
  {
    title: 'without a product by an error that names none',
    octets: packet('\xff\x10\x04#08004Too many connections'),
    service: {
      protocol: 'mysql',
      info: 'Too many connections',
      details: { 'error code': 1040 },
      evidence: [{ field: 'mysql.error', text: 'Too many connections' }],
    },
  },
  { title: 'not by a length and a line end', octets: '\x05\0\0\0\x0aabcd', service: undefined },
  { title: 'not by text', octets: 'HTTP/1.0 200 OK\r\n', service: undefined },
  { title: 'not by a cut packet', octets: mariadb.slice(0, 60), service: undefined },
  { title: 'not by an error without a message', octets: '\x03\0\0\0\xff\x10\x04', service: undefined },
])

it('rejects other answers by their first octets', () => {
  for (const text of ['SSH-', 'HTTP/1.1', '220 ', '\x16\x03\x03\0\x7a', '\x05\0\0\x01'])
    expect(mysql.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

describe('a server version of MySQL', () => {
  it.each([
    ['11.4.2-MariaDB-ubu2404', { product: 'MariaDB', version: '11.4.2', os: 'Ubuntu' }],
    ['5.5.68-MariaDB', { product: 'MariaDB', version: '5.5.68' }],
    ['5.5.5-MariaDB', { product: 'MariaDB', version: '5.5.5' }],
    ['10.6.16-11-MariaDB-enterprise-log', { product: 'MariaDB', version: '10.6.16-11' }],
    ['8.0.39-0ubuntu0.22.04.1', { product: 'MySQL', version: '8.0.39', os: 'Ubuntu' }],
    ['5.7.44-log', { product: 'MySQL', version: '5.7.44' }],
    ['5.1.73-1+deb6u1-log', { product: 'MySQL', version: '5.1.73', os: 'Debian' }],
    ['8.0.11-TiDB-v7.5.1', { product: 'TiDB', version: '7.5.1' }],
    ['8.0.30-Vitess', { product: 'Vitess' }],
    ['8.0.35-27', { version: '8.0.35-27' }],
    ['8.0.mysql_aurora.3.05.2', { version: '8.0.mysql_aurora.3.05.2' }],
  ])('%s', (text, named) => {
    expect(mysqlVersion(text)).toEqual(named)
  })
})

describe('STARTTLS of mysql', () => {
  const isRequest = (octets: Uint8Array): boolean =>
    octets.length === 36 && octets[0] === 32 && octets[3] === 1 && ((octets[5] ?? 0) & 0x08) !== 0

  it('is asked for once the greeting offers it, octet by octet', async () => {
    const dialogue = scriptedDialogue([{ says: mysql8 }, { hears: isRequest }], { segments: [1] })
    expect(await mysql.startTls?.(dialogue)).toBe(true)
    expect(dialogue.turnsLeft()).toBe(0)
    expect(dialogue.unread()).toBe('')
  })

  it.each([
    ['a server that does not offer it', mariadb],
    ['a server that refuses', denied],
    ['a server of something else', 'SSH-2.0-x\r\n'],
    ['a server that says nothing', ''],
    ['a greeting without an end to its version', packet('\x0a8.0')],
  ])('is not asked of %s', async (_, says) => {
    const dialogue = scriptedDialogue([{ says }])
    expect(await mysql.startTls?.(dialogue)).toBe(false)
    expect(dialogue.sent).toEqual([])
  })
})
