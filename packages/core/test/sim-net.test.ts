import { expect, it } from 'vitest'
import type { ConnectRequest } from '../src/io/io.ts'
import { peerSteps, type SimIo, simIo, type World } from '../src/sim/sim.ts'

const OPEN = { does: 'accept', afterMs: 0.2 } as const
const world = (more: Partial<World> = {}): SimIo => simIo({ ports: { '10.0.0.2:22': OPEN }, ...more })

function connect(io: SimIo, more: Partial<ConnectRequest> = {}) {
  return io.net.connect({ address: '10.0.0.2', family: 4, port: 22, close: 'fin', ...more })
}

it.each<[string, Partial<ConnectRequest>, string, string]>([
  ['a source address that is not its own', { sourceAddress: '10.0.0.9' }, 'EADDRNOTAVAIL', 'source'],
  ['a source port that somebody holds', { sourcePort: 4001 }, 'EADDRINUSE', 'source'],
  ['to leave loopback with an address of it', { sourceAddress: '127.0.0.1' }, 'EINVAL', 'connect'],
  ['a time to live of nothing', { ttl: 0 }, 'EINVAL', 'ttl'],
])('refuses %s', (_, request, code, about) => {
  const io = world({ taken: ['0.0.0.0:4001'] })
  expect(() => connect(io, request)).toThrow(expect.objectContaining({ code, about }))
  expect(io.net.open()).toBe(0)
})

it('connects from an address and a port of its own', async () => {
  const io = world({ addresses: ['10.0.0.1', '10.0.0.7'] })
  const { fact } = await connect(io, { sourceAddress: '10.0.0.7', sourcePort: 4002 }).answer
  expect(fact).toMatchObject({ kind: 'handshake', local: { address: '10.0.0.7', port: 4002 } })
})

it('answers begin their way with a TTL of 64, and nothing with less gets in', async () => {
  const io = world()
  expect((await connect(io, { minTtl: 64 }).answer).fact.kind).toBe('handshake')
  const answer = Promise.resolve(connect(io, { minTtl: 65 }).answer)
  expect(await io.runFor(answer, 60)).toBe('still running')
})

it('gives up a port that drops, where the world says so', async () => {
  const io = world({ ports: { '10.0.0.2:22': { does: 'drop', givesUpAfterMs: 3000 } } })
  expect((await connect(io).answer).fact).toEqual({ kind: 'silence', waitedNs: 3e9, syns: 2 })
  expect(io.net.open()).toBe(0)
})

it('hears as one piece what comes together, and leaves the end to the next step', async () => {
  const peer = { kind: 'steps', steps: peerSteps('recv recv drain') } as const
  const io = world({ ports: { '10.0.0.2:22': { ...OPEN, peer } } })
  const { connection } = await connect(io, { keep: 'bytes' }).answer
  const stream = connection?.bytes()
  for (const text of ['one ', 'piece', '']) {
    if (text === '') await io.clock.sleep(500)
    await stream?.write(new TextEncoder().encode(text || 'another'))
  }
  stream?.endWrite()
  await io.runFor(new Promise(() => {}), 5)
  expect(io.peerLog('10.0.0.2:22')).toBe(
    " 0.0 accept\n 0.0 got b'one piece'\n 0.5 got b'another'\n 0.5 got FIN\n",
  )
})

it('knows UNIX sockets by relative paths too', async () => {
  const io = world({ unix: { 'app.sock': { does: 'refuse' } } })
  await expect(io.sockets.connectUnix('app.sock')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(io.sockets.connectUnix('none.sock')).rejects.toMatchObject({ code: 'ENOENT' })
})

it('lets a refusal be there before anything else is sent', async () => {
  const io = world({ datagrams: { '10.0.0.2:9': { does: 'closed', afterMs: 0 } } })
  const socket = await io.sockets.connectUdp({ address: '10.0.0.2', family: 4, port: 9 })
  await socket.write(new Uint8Array(1))
  await io.clock.sleep(0)
  await expect(socket.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
