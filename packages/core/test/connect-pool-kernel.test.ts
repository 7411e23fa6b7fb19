import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { watchedPool } from './connect-pool-worlds.ts'

const libc = loadLibc()
const missing = libc === undefined ? ' (skipped: needs 64-bit Linux and koffi)' : ''
const V4 = { address: '127.0.0.1', family: 4 } as const
const V6 = { address: '::1', family: 6 } as const

/** The C library with some calls in other words; a pool on it. */
function poolOn(changed: (real: Libc) => Partial<Libc>) {
  const real = libc as Libc
  const net = createKernelNet({ ...real, ...changed(real) }, nodeClock)
  return watchedPool({ net, clock: nodeClock })
}

describe.skipIf(libc === undefined)(`the kernel’s pool${missing}`, () => {
  let server: Server
  let open = 0
  let closed = 0
  beforeAll(async () => {
    const listen = async (): Promise<Server> => {
      const made = createServer((socket) => socket.on('error', () => {}).destroy())
      await new Promise<void>((resolve) => made.listen(0, '::', resolve))
      return made
    }
    const portOf = (made: Server): number => (made.address() as { port: number }).port
    server = await listen()
    open = portOf(server)
    const closing = await listen()
    closed = portOf(closing)
    await new Promise((resolve) => closing.close(resolve))
  })
  afterAll(() => server?.close())

  it('asks port after port with one socket, open ones too', async () => {
    let made = 0
    const { pool, until } = poolOn((real) => ({
      socket: (...args) => {
        made++
        return real.socket(...args)
      },
    }))
    for (let i = 1; i <= 60; i++) {
      expect(pool.begin(V4, i % 5 === 0 ? open : closed, i)).toBeUndefined()
      expect((await until(i)).at(-1)).toBe(`${i} ${i % 5 === 0 ? 'handshake' : 'refused'}`)
    }
    expect(made).toBe(1)
    pool.close()
  })

  it('lets an idle socket of the other family go where no descriptor is left', async () => {
    let left = 1
    const { pool, until } = poolOn((real) => ({
      socket: (...args) => {
        if (left === 0) return -1
        left--
        return real.socket(...args)
      },
      close: (fd) => {
        left++
        return real.close(fd)
      },
      errno: () => 'EMFILE',
    }))
    expect(pool.begin(V4, closed, 1)).toBeUndefined()
    expect(pool.begin(V6, closed, 9)).toMatchObject({ code: 'EMFILE' })
    await until(1)
    left = 0
    expect(pool.begin(V6, closed, 2)).toBeUndefined()
    expect(await until(2)).toEqual(['1 refused', '2 refused'])
    pool.close()
  })

  it('says so when no socket can be watched, and leaves none behind', () => {
    let open = 0
    const { pool } = poolOn((real) => ({
      socket: (...args) => {
        open++
        return real.socket(...args)
      },
      close: (fd) => {
        open--
        return real.close(fd)
      },
      epollControl: (epoll, operation, fd, event) =>
        open > 0 ? -1 : real.epollControl(epoll, operation, fd, event),
      errno: () => 'ENOSPC',
    }))
    expect(pool.begin(V4, closed, 1)).toMatchObject({ code: 'ENOSPC' })
    expect([open, pool.flying]).toEqual([0, 0])
    pool.close()
  })

  it('asks each socket for ICMP errors where the system does not tell of many at once', async () => {
    const { pool, until } = poolOn(() => ({ poll: () => -1 }))
    for (let tag = 0; tag < 50; tag++) pool.begin(V4, closed, tag)
    expect(new Set((await until(50)).map((line) => line.split(' ')[1]))).toEqual(new Set(['refused']))
    pool.close()
  })

  it('names the error of a connect() that no network makes', () => {
    const { pool } = poolOn(() => ({ connect: () => -1, errnoNumber: () => 99 }))
    expect(pool.begin(V4, closed, 1)).toMatchObject({ code: 'EADDRNOTAVAIL' })
    expect(pool.begin({ address: 'fe80::1%nowhere', family: 6 }, closed, 2)).toMatchObject({ code: 'ENODEV' })
    expect(pool.flying).toBe(0)
    pool.close()
  })

  it('uses memory and descriptors again, pool after pool', async () => {
    let allocated = 0
    const real = libc as Libc
    const counting: Libc = {
      ...real,
      allocate: (octets) => {
        allocated += octets
        return real.allocate(octets)
      },
    }
    const net = createKernelNet(counting, nodeClock)
    const descriptors = (): number => readdirSync('/proc/self/fd').length
    const use = async (): Promise<void> => {
      const { pool, until } = watchedPool({ net, clock: nodeClock })
      for (let tag = 0; tag < 20; tag++)
        pool.begin(tag % 2 === 0 ? V4 : V6, tag % 3 === 0 ? open : closed, tag)
      await until(10)
      pool.close()
    }
    await use()
    const before = { allocated, descriptors: descriptors() }
    for (let i = 0; i < 30; i++) await use()
    expect(allocated).toBe(before.allocated)
    // Those of the server, which has its own time to notice.
    expect(descriptors()).toBeLessThanOrEqual(before.descriptors + 20)
  })
})
