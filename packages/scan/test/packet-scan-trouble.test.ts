import type { Mischief, World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, portsOf, range, rejects, rowsOf, STEALTH, scan, worldOf } from './kit.ts'

const THERE = '10.0.0.2'
const PORTS = { [`${THERE}:22`]: OPEN, [`${THERE}:24`]: STEALTH, [`${THERE}:25`]: rejects() }
const RIGHT = [
  '22/tcp open ssh syn-ack ttl 64',
  '23/tcp closed telnet reset ttl 64',
  '24/tcp filtered unknown no-response',
  '25/tcp filtered smtp admin-prohibited ttl 64 from 10.0.0.254',
]
const SILENT = ['22 ssh', '23 telnet', '24 unknown', '25 smtp'].map((line) => {
  const [port, name] = line.split(' ')
  return `${port}/tcp filtered ${name} no-response`
})

async function rowsWith(mischief: Mischief, more: Omit<World, 'ports'> = {}) {
  // The machine itself answers: only its ports are troubled.
  const troubled = Object.fromEntries(range(22, 25).map((port) => [`${THERE}:${port}`, mischief]))
  const { out, err } = await scan(
    `-n -sS --reason -p 22-25 ${THERE}`,
    worldOf(PORTS, { mischief: troubled, ...more }),
  )
  expect(err).toBe('')
  return rowsOf(out)
}

describe('answers', () => {
  it.each([
    ['whose first probe is lost come to the second one', { lost: [0] }],
    ['that come again count once', { againMs: [0.1, 3, 150] }],
    ['with the wrong checksums that local links leave to the hardware count', { badSum: true }],
    ['that come while the next pass waits count', { lateMs: 150 }],
  ])('%s', async (_, mischief) => expect(await rowsWith(mischief)).toEqual(RIGHT))

  it.each([
    ['with a wrong acknowledgment number', { ackOff: 1 }, SILENT.slice(0, 3)],
    ['from another address', { from: '10.0.0.9' }, SILENT.slice(0, 3)],
  ])('%s are none', async (_, mischief, silent) => {
    expect((await rowsWith(mischief)).slice(0, silent.length)).toEqual(silent)
  })

  it.each([
    ['is cut to its first octets', 20],
    ['is cut to nothing', 0],
    ['is another packet', new Uint8Array(60).fill(0x45)],
  ])('of ICMP whose quote %s are none', async (_, quote) => {
    expect((await rowsWith({ quote }))[3]).toBe(SILENT[3])
  })
})

describe('a scan through a network that loses packets', () => {
  const open = range(1, 400).filter((port) => port % 7 === 0)
  const truth = new Map(range(1, 400).map((port) => [port, port % 7 === 0 ? 'open' : 'closed']))

  it.each([
    ['one in ten ports', 'once', (port: number) => (port % 10 === 3 ? [0] : [])],
    ['every port', 'once', () => [0]],
    [
      'one in twenty ports',
      'twice',
      (port: number) => (port % 20 === 3 ? [0, 1] : port % 3 === 0 ? [0] : []),
    ],
  ])('asks %s again that was not heard %s, and has no state wrong', async (_, __, lostAt) => {
    const mischief = Object.fromEntries(
      range(1, 400).map((port) => [`${THERE}:${port}`, { lost: lostAt(port) }]),
    )
    const world = worldOf(portsOf(THERE, open, OPEN), { mischief })
    const { out } = await scan(`-n -vvvv -p 1-400 ${THERE} -oG out`, world)
    expect(out).toContain('Completed SYN Stealth Scan')
    const ndjson = await scan(`-n -p 1-400 ${THERE} --ndjson`, world)
    const states = new Map(
      ndjson.out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === 'port')
        .map(({ port, state }) => [port, state]),
    )
    expect(new Map([...states].sort(([a], [b]) => a - b))).toEqual(truth)
  })
})

describe('what this machine cannot send', () => {
  it('is said, and is no verdict', async () => {
    const failures = range(0, 3000).map((packet) => ({ packet, does: 'fault', code: 'EPERM' }) as const)
    const { out, err, status } = await scan(`-Pn -n -p 22-25 10.9.9.9`, {
      ...worldOf(PORTS),
      hops: { '10.9.9.9': [{ address: '10.0.0.254' }] },
      link: { failures },
    })
    expect(err).toContain('10.9.9.9: 4 ports could not be asked: ')
    expect(rowsOf(out)).toEqual([])
    expect(status).toBe(0)
  })

  it('passes when there was no room for a moment', async () => {
    const failures = range(3, 9).map((packet) => ({ packet, does: 'no-room', forMs: 5 }) as const)
    expect(await rowsWith({}, { link: { failures } })).toEqual(RIGHT)
  })

  it('ends the run with what is known when the interface goes down', async () => {
    const world = worldOf(PORTS, { link: { downAtMs: 20 } })
    const { out, err, status } = await scan(`-n -p 1-400 ${THERE} -oG file`, world)
    expect(err).toMatch(/down/)
    expect(rowsOf(out)).toContain('22/tcp open ssh')
    expect(status).toBe(1)
  })
})
