import { beforeAll, describe, expect, it } from 'vitest'
import { CLOSED, NO_ROUTE, OPEN, run, STEALTH, talks, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const DB = '10.0.0.2:22'
const SUCCEEDED = 'Connection to 10.0.0.2 22 port [tcp/ssh] succeeded!\n'
const REFUSED = 'nc: connect to 10.0.0.2 port 22 (tcp) failed: Connection refused\n'

describe('--wait', () => {
  it('tries once a second until the port is open', async () => {
    const world = { ports: { [DB]: [CLOSED, CLOSED, CLOSED, OPEN] } }
    const { status, stderr, seconds, io } = await run('-vz --wait 30 10.0.0.2 22', world)
    expect({ status, stderr }).toEqual({ status: 0, stderr: REFUSED.repeat(3) + SUCCEEDED })
    expect(seconds).toBeCloseTo(3, 2)
    expect(io.net.attempts.map(({ atNs }) => atNs / 1e9)).toEqual([0, 1, 2, 3])
  })

  it('gives up with status 1 when the time is over, and tries to the last', async () => {
    const { status, seconds, io } = await run('-z --wait 5 10.0.0.2 22', { ports: { [DB]: CLOSED } })
    expect({ status, tries: io.net.attempts.length }).toEqual({ status: 1, tries: 5 })
    expect(seconds).toBeGreaterThan(3.9)
    expect(seconds).toBeLessThanOrEqual(5)
  })

  it('gives a stealth port three seconds at a time, and not more than is left', async () => {
    const { status, seconds, io } = await run('-z --wait 7 10.0.0.2 22', { ports: { [DB]: STEALTH } })
    expect({ status, seconds }).toEqual({ status: 1, seconds: 7 })
    expect(io.net.attempts.map(({ atNs }) => atNs / 1e9)).toEqual([0, 3, 6])
  })

  it('gives it as long as -w says', async () => {
    const { io } = await run('-z -w 2 --wait 5 10.0.0.2 22', { ports: { [DB]: STEALTH } })
    expect(io.net.attempts.map(({ atNs }) => atNs / 1e9)).toEqual([0, 2, 4])
  })

  it('finds a stealth port that opens', async () => {
    const world = { ports: { [DB]: [STEALTH, STEALTH, OPEN] } }
    const { status, seconds } = await run('-z --wait 1m 10.0.0.2 22', world)
    expect(status).toBe(0)
    expect(seconds).toBeCloseTo(6, 2)
  })

  it('waits for a name to appear, without a word', async () => {
    const hosts = { 'db.lan': [[], [], ['10.0.0.2']] }
    const { status, stderr, seconds } = await run('-z --wait 10 db.lan 22', { hosts, ports: { [DB]: OPEN } })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(seconds).toBeCloseTo(2, 2)
  })

  it('names a name that never appears', async () => {
    const { status, stderr } = await run('-z --wait 3 db.lan 22', {})
    expect(stderr).toBe('nc: getaddrinfo for host "db.lan" port 22: Name or service not known\n')
    expect(status).toBe(1)
  })

  it('follows a name to another address', async () => {
    const hosts = { 'db.lan': [['10.0.0.3'], ['10.0.0.2']] }
    const { status, io } = await run('-z --wait 10 db.lan 22', { hosts, ports: { [DB]: OPEN } })
    expect(status).toBe(0)
    expect(io.net.attempts.map(({ request }) => request.address)).toEqual(['10.0.0.3', '10.0.0.2'])
  })

  it('waits for a way there', async () => {
    const { status } = await run('-z --wait 10 10.0.0.2 22', { ports: { [DB]: [NO_ROUTE, OPEN] } })
    expect(status).toBe(0)
  })

  it.each([
    [CLOSED, 1],
    [STEALTH, 2],
  ])('with --exit-code state tells how the port was last', async (last, status) => {
    const args = '-z --exit-code state --wait 5 10.0.0.2 22'
    expect(await run(args, { ports: { [DB]: [STEALTH, CLOSED, last] } })).toMatchObject({ status })
  })

  it('holds a session once the port is open', async () => {
    const world = {
      ports: { [DB]: [CLOSED, talks('send:hello recv close')] },
      stdin: [{ write: 'hi' }],
    } as const
    const { stdout, status, io } = await run('-N --wait 10 10.0.0.2 22', world)
    expect({ stdout, status }).toEqual({ stdout: 'hello', status: 0 })
    expect(io.peerLog(DB)).toContain("got b'hi'")
  })

  it('has one object for each port as JSON, about the last try', async () => {
    const world = { ports: { [DB]: [CLOSED, CLOSED, OPEN] } }
    const { stdout } = await run('-z --json --wait 10 10.0.0.2 22 23', world, { seconds: 30 })
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toMatchObject([
      { port: 22, state: 'open', time: '2026-01-01T00:00:02.000Z' },
      { port: 23, state: 'closed' },
    ])
  })

  it('tries again while TLS does not stand', async () => {
    const world = { ports: { [DB]: talks('linger:60') }, tls: { [DB]: { fails: 'ECONNRESET' } } } as const
    const { stderr, status } = await run('-z --tls --wait 3 10.0.0.2 22', world)
    expect(stderr).toBe('nc: TLS with 10.0.0.2 port 22 failed: ECONNRESET\n'.repeat(3))
    expect(status).toBe(1)
  })
})

describe('--wait for a UDP port', () => {
  const APPEARS = { 'db.lan': [[], ['10.0.0.3'], ['10.0.0.2']] }
  const world = { hosts: APPEARS, datagrams: { '10.0.0.2:53': { does: 'echo' } } } as const

  it('tries until it is no longer refused', async () => {
    const { status, seconds, stderr } = await run('-uvz --wait 30 db.lan 53', world)
    expect(stderr).toBe('Connection to db.lan (10.0.0.2) 53 port [udp/domain] succeeded!\n')
    expect(status).toBe(0)
    expect(seconds).toBeCloseTo(2, 2)
  })

  it('takes silence for no answer where honesty is asked for', async () => {
    const silent = { datagrams: { '10.0.0.2:53': { does: 'drop' } } } as const
    const honest = await run('-uz --honest-udp --wait 7 10.0.0.2 53', silent)
    expect(honest).toMatchObject({ status: 1, seconds: 7 })
    expect(await run('-uz --wait 7 10.0.0.2 53', silent)).toMatchObject({ status: 0, seconds: 3 })
  })

  it('gives up in time, with the state that it was last in', async () => {
    const { status, seconds } = await run('-uz --exit-code state --wait 3 10.0.0.9 53', {})
    expect(status).toBe(1)
    expect(seconds).toBeLessThanOrEqual(3)
  })

  it('comes before a session, also without -v', async () => {
    const stdin = [{ write: 'hello' }] as const
    const { io } = await run('-u -q 1 --wait 30 db.lan 53', { ...world, stdin })
    const sent = io.datagrams.map(({ to, octets }) => `${to.address} ${Buffer.from(octets)}`)
    expect(sent.filter((datagram) => datagram.endsWith('hello'))).toEqual(['10.0.0.2 hello'])
    expect(sent.at(-1)).toBe('10.0.0.2 hello')
  })

  it('has one object as JSON, about the last try', async () => {
    const { stdout, status } = await run('-uz --json --wait 30 db.lan 53', world)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'open', address: '10.0.0.2', transport: 'udp' })
    expect(status).toBe(0)
  })
})
