import { beforeAll, describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import {
  type Circumstances,
  CLOSED,
  ICMP,
  NO_ROUTE,
  OPEN,
  run,
  STEALTH,
  talks,
  warmUp,
} from './beyond-kit.ts'

beforeAll(warmUp)

const EVIL = 'x\u001b]0;owned\u0007.lan'

const world = {
  hosts: { 'db.lan': ['10.0.0.2'], 'two.lan': ['10.0.0.3', '10.0.0.2'], [EVIL]: ['10.0.0.2'] },
  nameErrors: { 'later.lan': { code: 'EAI_AGAIN', text: 'Temporary failure in name resolution' } },
  ports: {
    '10.0.0.2:22': OPEN,
    '10.0.0.2:23': CLOSED,
    '10.0.0.2:24': STEALTH,
    '10.0.0.2:25': ICMP,
    '10.0.0.2:26': { does: 'accept', afterMs: 0.2, reset: true },
    '10.0.0.2:27': { does: 'unreachable', afterMs: 3000, code: 'EHOSTUNREACH' },
    '10.0.0.2:28': NO_ROUTE,
    '10.0.0.2:443': talks('linger:600'),
    '10.0.0.2:444': talks('linger:600'),
    '10.0.0.3:22': CLOSED,
    '10.0.0.3:24': CLOSED,
  },
  datagrams: {
    '10.0.0.2:53': { does: 'echo' },
    '10.0.0.2:54': { does: 'drop' },
    '10.0.0.2:56': { does: 'icmp', type: 3, code: 13, from: '10.0.0.254' },
    '10.99.0.1:53': { does: 'fault', code: 'ENETUNREACH' },
  },
  tls: {
    '10.0.0.2:443': { protocol: 'TLSv1.3', cipher: 'c' },
    '10.0.0.2:444': { fails: 'CERT_HAS_EXPIRED' },
  },
} as const

async function json(args: string | readonly string[], how: Circumstances = {}) {
  const ran = await run(
    typeof args === 'string' ? `--json -z ${args}` : ['--json', '-z', ...args],
    world,
    how,
  )
  const lines = ran.stdout.split('\n').filter((line) => line !== '')
  const records = lines.map((line): Record<string, unknown> => JSON.parse(line))
  for (const record of records) {
    expect(schemaErrors(record), JSON.stringify(record)).toBe(FITS)
    expect(record).toMatchObject({ schema: 'portkit/1', tool: 'nc-ts' })
  }
  return { ...ran, records }
}

describe('--json', () => {
  it.each([
    ['db.lan 22', { state: 'open', reason: 'syn-ack', rttMs: 0.25, service: 'ssh' }, 0],
    ['db.lan 23', { state: 'closed', word: 'closed', rttMs: 0.3 }, 1],
    ['-w 2 db.lan 24', { state: 'filtered', word: 'stealth', rttMs: null, elapsedMs: 2000 }, 1],
    ['db.lan 25', { state: 'filtered', icmp: { type: 3, code: 13, from: '10.0.0.254' } }, 1],
    ['db.lan 26', { state: 'open', reset: true }, 1],
    ['db.lan 27', { state: 'filtered', reason: 'host-unreach' }, 1],
    ['two.lan 22', { address: '10.0.0.2', host: 'two.lan', state: 'open' }, 0],
    ['-w 1 two.lan 24', { address: '10.0.0.2', state: 'filtered' }, 1],
    ['-n 10.0.0.2 22', { host: '10.0.0.2', state: 'open', transport: 'tcp' }, 0],
    ['-u db.lan 53', { state: 'open', word: 'open', transport: 'udp', port: 53 }, 0],
    ['-u db.lan 54', { state: 'open|filtered', rttMs: null, elapsedMs: 3000 }, 1],
    ['-u -w 1 db.lan 54', { state: 'open|filtered', elapsedMs: 1000 }, 1],
    ['-u db.lan 55', { state: 'closed' }, 1],
    ['-u db.lan 56', { state: 'filtered', icmp: { type: 3, code: 13, from: '10.0.0.254' } }, 1],
  ])('tells of %s in one object', async (args, fields, status) => {
    const { records, stderr, status: ended } = await json(args)
    expect(records).toMatchObject([{ type: 'probe', seq: 1, ...fields }])
    expect({ ended, stderr }).toEqual({ ended: status, stderr: '' })
  })

  it.each([
    ['db.lan 28', { code: 'ENETUNREACH', host: 'db.lan', address: '10.0.0.2', port: 28 }],
    ['-u 10.99.0.1 53', { code: 'ENETUNREACH', address: '10.99.0.1', port: 53 }],
    ['no.lan 22', { code: 'ENOTFOUND', message: 'Name or service not known', host: 'no.lan', port: 22 }],
    ['no.lan 1-65535', { code: 'ENOTFOUND', port: 1 }],
    ['-u later.lan 53', { code: 'EAI_AGAIN', host: 'later.lan', port: 53 }],
    ['-n db.lan 22', { code: 'ENOTFOUND', host: 'db.lan' }],
    ['-6 10.0.0.2 22', { code: 'EADDRFAMILY', host: '10.0.0.2' }],
  ])('tells of what kept it from trying as an error: %s', async (args, fields) => {
    const { records, stderr, status } = await json(args)
    expect(records).toMatchObject([{ type: 'error', ...fields }])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect((await json(`--exit-code state ${args}`)).status).toBe(3)
  })

  it('has one object for each port, in the order of the ports, also those given twice', async () => {
    const { records, status } = await json('-w 1 db.lan 22-25 22')
    expect(records.map(({ port, word }) => [port, word])).toEqual([
      [22, 'open'],
      [23, 'closed'],
      [24, 'stealth'],
      [25, expect.any(String)],
      [22, 'open'],
    ])
    expect(status).toBe(0)
  })

  it('has the times at which the ports were tried', async () => {
    const { records } = await json('-w 1 db.lan 24 22')
    expect(records.map(({ time }) => time)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'])
  })

  it('goes on after a port that this machine could not try', async () => {
    const { records } = await json('db.lan 28 22')
    expect(records.map(({ type }) => type)).toEqual(['error', 'probe'])
  })

  it('leaves the lines of -v to standard error', async () => {
    const { records, stderr } = await json('-v db.lan 23')
    expect(records).toHaveLength(1)
    expect(stderr).toBe('nc: connect to db.lan (10.0.0.2) port 23 (tcp) failed: Connection refused\n')
  })

  it('lets go of a connection whose TLS it has tried', async () => {
    const { records, status, seconds } = await json('--tls db.lan 443')
    expect(records).toMatchObject([{ state: 'open', port: 443 }])
    expect({ status, seconds }).toMatchObject({ status: 0, seconds: expect.closeTo(0.001, 2) })
  })

  it('is no success where TLS fails', async () => {
    const { records, status, stderr } = await json('--tls db.lan 444')
    expect(records).toMatchObject([{ state: 'open' }])
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'nc: TLS with db.lan port 444 failed: CERT_HAS_EXPIRED\n',
    })
  })

  it('shows nothing raw of a name that would change the terminal', async () => {
    const { stdout, records } = await json([EVIL, '22', '23'])
    expect(records).toMatchObject([{ host: EVIL }, { host: EVIL }])
    expect(stdout).not.toContain('\u001b')
  })

  it('ends quietly when its reader has had enough, and tries no further port', async () => {
    const { records, status, stderr, io } = await json('-w 1 db.lan 22-60000', { readerLeavesAfter: 2 })
    expect(records).toHaveLength(2)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(io.net.attempts).toHaveLength(3)
  })
})
