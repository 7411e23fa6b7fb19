import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Net, Sweep } from '../src/io/io.ts'
import { createErrorQueue } from '../src/io/kernel/error-queue.ts'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { createPendingSlot } from '../src/io/kernel/pending.ts'
import { createTcpSockets } from '../src/io/kernel/socket.ts'
import { KernelSweep } from '../src/io/kernel/sweep.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { timed } from './timed.ts'

const libc = loadLibc()
const missing = libc === undefined ? ' (skipped: needs 64-bit Linux and koffi)' : ''
const LOOPBACK = [
  ['127.0.0.1', 4],
  ['::1', 6],
] as const

describe.skipIf(libc === undefined).each(LOOPBACK)(`sweeping %s${missing}`, (address, family) => {
  const servers: Server[] = []
  let net: Net
  let sweep: Sweep
  const request = { address, family, close: 'fin' } as const
  const listen = async (): Promise<number> => {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    servers.push(server)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, address, resolve))
    return (server.address() as { port: number }).port
  }
  let openPort = 0
  let closedPort = 0
  beforeAll(async () => {
    net = createKernelNet(libc as Libc, nodeClock)
    sweep = net.sweep?.(request) as Sweep
    openPort = await listen()
    closedPort = await listen()
    const closing = servers.pop()
    await new Promise((resolve) => closing?.close(resolve))
  })
  afterAll(() => {
    sweep?.end()
    for (const server of servers) server.close()
  })
  const probe = async (port: number) =>
    sweep.look(port) ?? (await net.connect({ ...request, port }).answer).fact

  it('tells closed and open ports apart in any order, with times', async () => {
    for (const port of [closedPort, closedPort, openPort, openPort, closedPort, openPort, closedPort]) {
      const fact = await probe(port)
      expect(fact).toMatchObject(
        port === openPort
          ? { kind: 'handshake', reset: false, local: { address }, syns: 1 }
          : { kind: 'refused', by: 'rst', clock: 'process', syns: 1 },
      )
      const { rttNs, elapsedNs } = timed(fact)
      expect(rttNs).toBeGreaterThan(0)
      expect(rttNs).toBeLessThanOrEqual(elapsedNs)
    }
  })

  it('ends the connections of open ports in an orderly way', async () => {
    const ended = new Promise((resolve) => {
      const [server] = servers
      server?.once('connection', (socket) => socket.once('end', () => resolve('end')).once('error', resolve))
    })
    expect(await probe(openPort)).toMatchObject({ kind: 'handshake' })
    expect(await ended).toBe('end')
  })

  it('needs one socket for all closed ports, each from another source port', () => {
    let made = 0
    const used = new Set<number>()
    const counting: Libc = {
      ...(libc as Libc),
      socket: (...args) => {
        made++
        return (libc as Libc).socket(...args)
      },
      connect: (fd, at, length) => {
        const result = (libc as Libc).connect(fd, at, length)
        const port = sockets.local(fd)?.port
        if (port) used.add(port)
        return result
      },
    }
    const sockets = createTcpSockets(libc as Libc)
    const parts = {
      libc: counting,
      clock: nodeClock,
      sockets: createTcpSockets(counting),
      takeIcmp: createErrorQueue(counting),
      pending: createPendingSlot(counting),
    }
    const counted = new KernelSweep(parts, request)
    const facts = Array.from({ length: 50 }, () => counted.look(closedPort))
    counted.end()
    expect(new Set(facts.map((fact) => fact?.kind))).toEqual(new Set(['refused']))
    expect(made).toBe(1)
    expect(used.size).toBeGreaterThan(25)
  })

  it('leaves faults of this machine to the ordinary way, which names them', () => {
    const nowhere = family === 4 ? '255.255.255.255' : 'ff02::1'
    const faulty = net.sweep?.({ ...request, address: nowhere })
    expect(faulty?.look(9)).toBeUndefined()
    faulty?.end()
    expect(() => net.sweep?.({ ...request, ttl: 999 }).look(9)).toThrow(/ttl 999/)
  })
})

describe.skipIf(libc === undefined)(`a sweep’s silent port${missing}`, () => {
  it('is waited for with the same SYN by the next connect, and given up by the next look', () => {
    const closed: number[] = []
    let opened = 10
    // A network that never answers.
    const silent = {
      ...(libc as Libc),
      socket: () => opened++,
      connect: () => -1,
      errnoNumber: () => (connects++ % 2 === 0 ? 115 : 114),
      setsockopt: () => 0,
      close: (fd: number) => {
        closed.push(fd)
        return 0
      },
    } satisfies Libc
    let connects = 0
    let now = 0
    const clock = { ...nodeClock, nowNs: () => (now += 1e6) }
    const pending = createPendingSlot(silent)
    const parts = {
      libc: silent,
      clock,
      sockets: createTcpSockets(silent),
      takeIcmp: () => undefined,
      pending,
    }
    const request = { address: '10.0.0.1', family: 4, close: 'fin' } as const
    const sweep = new KernelSweep(parts, request)
    expect(sweep.look(1)).toBeUndefined()
    expect(pending.take({ ...request, port: 2 })).toBeUndefined()
    expect(pending.take({ ...request, port: 1 })).toMatchObject({ fd: 10, startNs: 1e6 })
    expect(sweep.look(2)).toBeUndefined()
    expect(sweep.look(3)).toBeUndefined()
    expect(closed).toEqual([11])
    sweep.end()
    sweep.end()
    expect(closed).toEqual([11, 12])
  })
})
