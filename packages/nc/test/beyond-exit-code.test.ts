import { beforeAll, describe, expect, it } from 'vitest'
import { CLOSED, ICMP, NO_ROUTE, OPEN, run, STEALTH, talks, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const world = {
  hosts: { 'db.lan': ['10.0.0.2'], 'two.lan': ['10.0.0.3', '10.0.0.2'] },
  ports: {
    '10.0.0.2:22': OPEN,
    '10.0.0.2:80': talks('close'),
    '10.0.0.2:23': CLOSED,
    '10.0.0.2:24': STEALTH,
    '10.0.0.2:25': ICMP,
    '10.0.0.2:26': NO_ROUTE,
    '10.0.0.3:22': STEALTH,
    '10.0.0.3:23': STEALTH,
  },
  datagrams: {
    '10.0.0.2:53': { does: 'echo' },
    '10.0.0.2:54': { does: 'drop' },
    '10.0.0.2:56': { does: 'icmp', type: 3, code: 13, from: '10.0.0.254' },
    '10.99.0.1:53': { does: 'fault', code: 'ENETUNREACH' },
  },
  stdin: 'null',
} as const

describe('--exit-code state', () => {
  it.each([
    ['an open port', '-z db.lan 22', 0],
    ['a session over an open port', 'db.lan 80', 0],
    ['a closed port', '-z db.lan 23', 1],
    ['a stealth port', '-z -w 1 db.lan 24', 2],
    ['an ICMP refusal', '-z db.lan 25', 2],
    ['an address that this machine has no way to', '-z db.lan 26', 3],
    ['the second address, where the first is silent', '-z -w 1 two.lan 22', 0],
    ['the last address, where none is open', '-z -w 1 two.lan 23', 1],
    ['open and closed ports', '-z db.lan 22-23', 1],
    ['open, closed and stealth ports in any order', '-z -w 1 db.lan 24 22 23', 2],
    ['a name that does not resolve', '-z no.lan 22', 3],
    ['a name under -n', '-zn db.lan 22', 3],
    ['a port that is none', '-z db.lan ssh22', 3],
    ['no port', '-z db.lan', 3],
    ['an unknown option', '-z --nope db.lan 22', 3],
    ['a UDP port that answers', '-uz db.lan 53', 0],
    ['a UDP port that refuses', '-uz db.lan 55', 1],
    ['a UDP port that is silent', '-uz db.lan 54', 2],
    ['an administrative ICMP refusal of UDP', '-uz db.lan 56', 2],
    ['a UDP address that this machine has no way to', '-uz 10.99.0.1 53', 3],
    ['ports as JSON', '-z --json -w 1 db.lan 22-24', 2],
    ['a silent UDP port as JSON', '-uz --json db.lan 54', 2],
  ])('%s: %s gives %i', async (_, args, status) => {
    expect(await run(`--exit-code state ${args}`, world)).toMatchObject({ status })
  })

  it('is a fault as JSON when this machine has no way there', async () => {
    const unreachable = { ports: { '10.0.0.2:22': NO_ROUTE } }
    expect(await run('--exit-code state -z --json 10.0.0.2 22', unreachable)).toMatchObject({ status: 3 })
  })

  it('leaves the statuses of nc alone when it is not asked for', async () => {
    const statuses: unknown[] = []
    for (const args of ['-z db.lan 22-24 -w 1', '-z db.lan 23', '-z -w 1 db.lan 24', '-z no.lan 22', '-z'])
      statuses.push((await run(args, world)).status)
    expect(statuses).toEqual([0, 1, 1, 1, 1])
  })
})
