import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectAnswer, ConnectRequest, Net } from '../src/io/io.ts'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { loadLibc } from '../src/io/kernel/libc.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNodeNet } from '../src/io/node/node-net.ts'
import { LocalFault } from '../src/model/errors.ts'
import { timed } from './timed.ts'

const libc = loadLibc()
const nets: [string, () => Net, boolean][] = [
  ['node:net', () => createNodeNet(nodeClock), true],
  ['system calls', () => createKernelNet(libc as NonNullable<typeof libc>, nodeClock), libc !== undefined],
]

async function listen(handler: (socket: Socket) => void, host: string): Promise<Server> {
  const server = createServer(handler)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  return server
}
const portOf = (server: Server): number => (server.address() as { port: number }).port

describe.each(nets)('connecting by %s', (_, create, available) => {
  let net: Net
  let open: Server
  let closedPort: number
  const accepted: Socket[] = []
  beforeAll(async () => {
    if (!available) return
    net = create()
    open = await listen((socket) => {
      accepted.push(socket.on('error', () => {}))
      socket.on('data', (bytes) => socket.write(bytes))
    }, '127.0.0.1')
    const closing = await listen(() => {}, '127.0.0.1')
    closedPort = portOf(closing)
    await new Promise((resolve) => closing.close(resolve))
  })
  afterAll(() => {
    for (const socket of accepted) socket.destroy()
    open?.close()
  })
  const to = (port: number, more: Partial<ConnectRequest> = {}): ConnectRequest => ({
    address: '127.0.0.1',
    family: 4,
    port,
    close: 'rst',
    ...more,
  })
  const answer = async (request: ConnectRequest): Promise<ConnectAnswer> => net.connect(request).answer

  it.skipIf(!available)('tells an open port with a time and its own end of the connection', async () => {
    const { fact, connection } = await answer(to(portOf(open)))
    expect(fact).toMatchObject({ kind: 'handshake', reset: false, syns: 1, clock: net.clock })
    expect(fact.kind === 'handshake' && fact.local).toMatchObject({ address: '127.0.0.1' })
    const { rttNs, elapsedNs } = timed(fact)
    expect(rttNs).toBeGreaterThan(0)
    expect(rttNs).toBeLessThanOrEqual(elapsedNs)
    expect(connection).toBeUndefined()
  })

  it.skipIf(!available)('tells a closed port with a time', async () => {
    const { fact } = await answer(to(closedPort))
    expect(fact).toMatchObject({ kind: 'refused', clock: 'process', syns: 1 })
    expect(timed(fact).rttNs).toBeGreaterThan(0)
  })

  it.skipIf(!available)('hands a kept connection over as a stream of bytes', async () => {
    const { connection } = await answer(to(portOf(open), { keep: 'stream' }))
    const stream = connection?.stream()
    const echoed = new Promise((resolve) => stream?.once('data', resolve))
    stream?.write('hello')
    expect(String(await echoed)).toBe('hello')
    connection?.close()
    connection?.close()
  })

  it.skipIf(!available)('leaves from the source port that it is told', async () => {
    const spare = await listen(() => {}, '127.0.0.1')
    const sourcePort = portOf(spare)
    await new Promise((resolve) => spare.close(resolve))
    const { fact } = await answer(to(portOf(open), { sourcePort, sourceAddress: '127.0.0.1' }))
    expect(fact).toMatchObject({ kind: 'handshake', local: { address: '127.0.0.1', port: sourcePort } })
  })

  it.skipIf(!available)('says a source address that is not ours is a local fault', async () => {
    const trial = async () => answer(to(portOf(open), { sourceAddress: '203.0.113.77' }))
    await expect(trial()).rejects.toThrow(LocalFault)
    await expect(trial()).rejects.toThrow(/source/)
  })

  it.skipIf(!available)('lets go of an attempt twice without harm', async () => {
    const attempt = net.connect(to(portOf(open)))
    attempt.abandon()
    expect(attempt.abandon()).not.toHaveProperty('answer')
  })

  it.skipIf(!available)('connects over IPv6', async () => {
    const server = await listen((socket) => void socket.on('error', () => {}).destroy(), '::1')
    const { fact } = await answer({ address: '::1', family: 6, port: portOf(server), close: 'rst' })
    expect(fact).toMatchObject({ kind: 'handshake', local: { address: '::1' } })
    server.close()
  })

  it.skipIf(!available)('leaves no descriptor behind after hundreds of probes of every kind', async () => {
    const { readdirSync } = await import('node:fs')
    const count = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
    await answer(to(closedPort))
    await new Promise((resolve) => setImmediate(resolve))
    const before = count()
    for (let i = 0; i < 100; i++) {
      await answer(to(closedPort))
      await answer(to(portOf(open)))
      net.connect(to(portOf(open))).abandon()
    }
    for (const socket of accepted.splice(0)) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(count()).toBeLessThanOrEqual(before + 3)
  })
})
