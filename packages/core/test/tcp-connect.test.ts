import { expect, it } from 'vitest'
import { LocalFault } from '../src/model/errors.ts'
import type { Target } from '../src/model/target.ts'
import { tcpConnect } from '../src/probes/tcp-connect.ts'
import { type Behaviour, simIo } from '../src/sim/sim.ts'

const target: Target = { host: 'web', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' }
const world = (behaviour: Behaviour) => simIo({ ports: { '10.0.0.2:22': behaviour } })

it('measures the handshake on the injected clock', async () => {
  const io = world({ does: 'accept', afterMs: 12.5 })
  expect(await tcpConnect().observe(target, io, 1000)).toMatchObject({
    kind: 'handshake',
    rttNs: 12.5e6,
    syns: 1,
  })
})

it('calls nothing in time silence, and frees the attempt', async () => {
  const io = world({ does: 'drop' })
  const seen = await tcpConnect().observe(target, io, 1000)
  expect(seen).toEqual({ kind: 'silence', waitedNs: 975e6, syns: 1 })
  expect(io.net.open()).toBe(0)
})

it('does not call the answer to a resent SYN a round trip', async () => {
  const io = world({ does: 'accept', afterMs: 0.3, lost: 1 })
  const seen = await tcpConnect().observe(target, io, 3000)
  expect(seen).toMatchObject({ kind: 'handshake', rttNs: undefined, elapsedNs: 1000.3e6, syns: 2 })
})

it('takes an answer that nobody had looked at when the time was up', async () => {
  const io = world({ does: 'drop' })
  const fact = { kind: 'refused', by: 'rst', rttNs: 1, clock: 'process', elapsedNs: 1, syns: 1 } as const
  const net = {
    ...io.net,
    connect: () => ({ answer: new Promise<never>(() => {}), abandon: () => ({ syns: 1, answer: { fact } }) }),
  }
  expect(await tcpConnect().observe(target, { clock: io.clock, net }, 10)).toEqual(fact)
})

it('passes local faults on', async () => {
  const io = world({ does: 'fault', code: 'EADDRINUSE', message: 'in use' })
  await expect(tcpConnect().observe(target, io, 10)).rejects.toThrow(LocalFault)
})

it('ends at once when it is aborted, with nothing left behind', async () => {
  const io = world({ does: 'drop' })
  const control = new AbortController()
  const probe = tcpConnect().observe(target, io, 1000, control.signal)
  control.abort('stop')
  await expect(probe).rejects.toBe('stop')
  expect(io.net.open()).toBe(0)
  expect(io.clock.nowNs()).toBe(0)
})

it('hands the way to leave by on to the socket', async () => {
  const io = world({ does: 'accept', afterMs: 1 })
  const way = { sourceAddress: '10.0.0.1', sourcePort: 4000, interfaceName: 'v0', ttl: 3, tos: 8 }
  await tcpConnect({ ...way, close: 'rst' }).observe(target, io, 1000)
  expect(io.net.attempts[0]?.request).toMatchObject({ ...way, close: 'rst', keep: undefined, port: 22 })
})

it('adds what the TLS handshake told', async () => {
  const tls = { kind: 'tls-failed', message: 'wrong version number' } as const
  const io = world({ does: 'accept', afterMs: 1, tls })
  expect(await tcpConnect({ tls: {} }).observe(target, io, 1000)).toMatchObject({
    kind: 'handshake',
    rttNs: 1e6,
    tls,
  })
})

it.each([
  ['db.lan', 'db.lan'],
  ['10.0.0.2', ''],
  ['FD00:0::2', ''],
])(
  'asks %s for a certificate of %j: a literal is no server name (RFC 6066 section 3)',
  async (host, name) => {
    const io = world({ does: 'accept', afterMs: 0.3 })
    const asked: string[] = []
    const net: typeof io.net = {
      ...io.net,
      async tls(_, { serverName }) {
        asked.push(serverName)
        return { kind: 'tls-failed', message: '' }
      },
    }
    await tcpConnect({ tls: {} }).observe({ ...target, host }, { ...io, net }, 1000)
    expect(asked).toEqual([name])
  },
)

it('ends a TLS handshake that hangs as soon as it is aborted', async () => {
  const io = world({ does: 'accept', afterMs: 1 })
  const control = new AbortController()
  const failed = { kind: 'tls-failed', message: 'no TLS answer in time' } as const
  const tls = (_connection: unknown, _options: unknown, signal: AbortSignal) =>
    new Promise<typeof failed>((resolve) => {
      signal.addEventListener('abort', () => resolve(failed))
      control.abort('stop')
    })
  const net = { ...io.net, tls }
  const probe = tcpConnect({ tls: {} }).observe(target, { clock: io.clock, net }, 60_000, control.signal)
  await expect(probe).rejects.toBe('stop')
  expect(io.clock.nowNs()).toBe(1e6)
})

it('closes a kept connection that came when the probe was aborted already', async () => {
  const io = world({ does: 'drop' })
  const local = { address: '10.0.0.1', port: 40000 }
  const times = { rttNs: 1, clock: 'kernel', elapsedNs: 1, syns: 1 } as const
  const fact = { kind: 'handshake', reset: false, local, ...times } as const
  let closed = 0
  const stream = () => {
    throw new Error('nobody asks for it')
  }
  const answer = {
    fact,
    connection: { stream, bytes: stream, descriptor: undefined, close: () => void closed++ },
  }
  const attempt = { answer: new Promise<never>(() => {}), abandon: () => ({ syns: 1, answer }) }
  const control = new AbortController()
  const probe = tcpConnect({ tls: {} }).observe(
    target,
    { clock: io.clock, net: { ...io.net, connect: () => attempt } },
    1000,
    control.signal,
  )
  control.abort('stop')
  await expect(probe).rejects.toBe('stop')
  expect(closed).toBe(1)
})
