import { beforeAll, describe, expect, it } from 'vitest'
import { run, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const world = {
  hosts: { 'db.lan': ['10.0.0.2'] },
  files: { '/etc/services': 'domain 53/udp\n' },
  datagrams: {
    '10.0.0.2:53': { does: 'echo' },
    '10.0.0.2:54': { does: 'drop' },
    '10.0.0.2:56': { does: 'icmp', type: 3, code: 13, from: '10.0.0.254' },
    '10.0.0.2:57': { does: 'icmp', type: 3, code: 1, from: '10.0.0.253' },
    '10.0.0.2:58': { does: 'log' },
    '[fd00::2]:56': { does: 'icmp', type: 1, code: 1, from: 'fd00::fe' },
  },
} as const

describe('--honest-udp', () => {
  it.each([
    ['db.lan 53', 'Connection to db.lan (10.0.0.2) 53 port [udp/domain] succeeded!', 0, 0],
    ['db.lan 54', 'nc: db.lan port 54 [udp/*] open|filtered: no-response', 1, 3],
    ['-w 1 db.lan 54', 'nc: db.lan port 54 [udp/*] open|filtered: no-response', 1, 1],
    ['-w 0 db.lan 54', 'nc: db.lan port 54 [udp/*] open|filtered: no-response', 1, 0],
    ['db.lan 55', 'nc: db.lan port 55 [udp/*] closed: port-unreach from 10.0.0.2', 1, 0],
    ['db.lan 56', 'nc: db.lan port 56 [udp/*] filtered: admin-prohibited from 10.0.0.254', 1, 1],
    ['-n 10.0.0.2 57', 'nc: 10.0.0.2 port 57 [udp/*] filtered: host-unreach from 10.0.0.253', 1, 1],
    ['fd00::2 56', 'nc: fd00::2 port 56 [udp/*] filtered: admin-prohibited from fd00::fe', 1, 1],
  ])('says of %s: %s', async (args, line, status, seconds) => {
    const ran = await run(`-uvz --honest-udp ${args}`, world)
    expect(ran).toMatchObject({ stderr: `${line}\n`, status, stdout: '' })
    expect(ran.seconds).toBeCloseTo(seconds, 2)
  })

  it('says nothing without -v, but its status is as honest', async () => {
    expect(await run('-uz --honest-udp db.lan 54', world)).toMatchObject({ stderr: '', status: 1 })
    expect(await run('-uz --honest-udp db.lan 53', world)).toMatchObject({ stderr: '', status: 0 })
  })

  it('asks no further once the port has refused', async () => {
    const { io } = await run('-uz --honest-udp db.lan 55', world)
    expect(io.datagrams).toHaveLength(2)
  })

  it('lets the last of several ports decide, as nc does', async () => {
    expect(await run('-uz --honest-udp db.lan 53 54', world)).toMatchObject({ status: 1 })
    expect(await run('-uz --honest-udp db.lan 54 53', world)).toMatchObject({ status: 0 })
  })
})

describe('without --honest-udp', () => {
  it.each([
    ['silence', '54'],
    ['an administrative ICMP refusal', '56'],
  ])('%s is a success, as for nc', async (_, port) => {
    const { stderr, status } = await run(`-uvz db.lan ${port}`, world)
    expect({ stderr, status }).toEqual({
      stderr: `Connection to db.lan (10.0.0.2) ${port} port [udp/*] succeeded!\n`,
      status: 0,
    })
  })
})

describe('a UDP session', () => {
  it('begins only with a port that answered, where honesty is asked for', async () => {
    const stdin = [{ write: 'hello' }] as const
    const silent = await run('-uv --honest-udp -q 1 db.lan 54', { ...world, stdin })
    expect(silent).toMatchObject({ status: 1 })
    expect(silent.io.datagrams.map(({ octets }) => Buffer.from(octets).toString())).not.toContain('hello')
  })
})
