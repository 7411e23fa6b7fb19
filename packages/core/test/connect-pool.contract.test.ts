import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectFact } from '../src/io/io.ts'
import { POOL_WORLDS, type PoolWorld, watchedPool } from './connect-pool-worlds.ts'

describe.each(POOL_WORLDS)('%s', (_, make, available) => {
  let world: PoolWorld
  beforeAll(async () => {
    if (available) world = await make()
  })
  afterAll(() => world?.end())
  const never = new AbortController().signal

  it.skipIf(!available)('tells open and closed ports apart by their tags', async () => {
    const { pool, until } = watchedPool(world)
    expect(pool.begin(world.at, world.open, 0)).toBeUndefined()
    expect(pool.begin(world.at, world.closed, 2 ** 31 - 1)).toBeUndefined()
    expect(pool.flying).toBe(2)
    expect(new Set(await until(2))).toEqual(new Set(['0 handshake', '2147483647 refused']))
    expect(pool.flying).toBe(0)
    pool.close()
  })

  it.skipIf(!available)('times answers, with the number of SYNs where the system tells it', async () => {
    const { pool } = watchedPool(world)
    const facts: ConnectFact[] = []
    pool.begin(world.at, world.open, 1)
    pool.begin(world.at, world.closed, 2)
    while (facts.length < 2) {
      await pool.ready(1000, never)
      pool.collect((_tag, fact) => void facts.push({ ...fact }), expect.fail)
    }
    for (const fact of facts) {
      if (fact.kind === 'silence') expect.fail('no answer came')
      expect(fact.rttNs).toBeGreaterThan(0)
      expect(fact.rttNs).toBeLessThanOrEqual(fact.elapsedNs)
      expect([1, undefined]).toContain(fact.syns)
    }
    pool.close()
  })

  it.skipIf(!available)('keeps what does not answer until it is told to let the oldest go', async () => {
    const { silent } = world
    if (silent === undefined) return
    const { pool, told, collect, expire } = watchedPool(world)
    for (const tag of [5, 3, 4]) expect(pool.begin(world.at, silent, tag)).toBeUndefined()
    await pool.ready(20, never)
    expect(collect()).toBe(0)
    expire(3600e9)
    expect({ told, flying: pool.flying }).toEqual({ told: [], flying: 3 })
    expire(0)
    expect({ told, flying: pool.flying }).toEqual({ told: ['5 silent', '3 silent', '4 silent'], flying: 0 })
    expire(0)
    expect(told).toHaveLength(3)
    pool.close()
  })

  it.skipIf(!available)('hands over an answer that came before its time was up', async () => {
    const { pool, told, expire } = watchedPool(world)
    pool.begin(world.at, world.closed, 8)
    await pool.ready(5000, never)
    expire(0)
    expect(told).toEqual(['8 refused'])
    pool.close()
  })

  it.skipIf(!available)('mixes nothing up on sockets that were used before', async () => {
    const { silent } = world
    const { pool, told, until, expire } = watchedPool(world)
    const expected: string[] = []
    for (let round = 0; round < 20; round++) {
      const ports = [world.closed, world.open, ...(silent === undefined ? [] : [silent])]
      const words = ['refused', 'handshake', 'silent']
      for (const [i, port] of ports.entries()) {
        const tag = round * 3 + ((i + round) % 3)
        expect(pool.begin(world.at, port, tag)).toBeUndefined()
        expected.push(`${tag} ${words[i]}`)
      }
      await until(expected.length - (silent === undefined ? 0 : 1))
      expire(0)
    }
    expect([...told].sort()).toEqual(expected.sort())
    pool.close()
  })

  it.skipIf(!available)('lets the next ones begin while an answer is told', async () => {
    const { pool } = watchedPool(world)
    let count = 0
    const begin = (): void => {
      count++
      if (count <= 300)
        expect(pool.begin(world.at, count % 50 === 0 ? world.open : world.closed, count)).toBeUndefined()
    }
    begin()
    while (count <= 300) if (pool.collect(begin, expect.fail) === 0) await pool.ready(1000, never)
    expect(pool.flying).toBe(0)
    pool.close()
  })

  it.skipIf(!available)('lets the next one begin while one is given up, and keeps that', () => {
    const { silent } = world
    if (silent === undefined) return
    const { pool } = watchedPool(world)
    const again = (tag: number): void => void pool.begin(world.at, silent, tag + 1)
    pool.begin(world.at, silent, 1)
    for (let i = 0; i < 3; i++) pool.expire(0, expect.fail, again, expect.fail)
    expect(pool.flying).toBe(1)
    pool.close()
  })

  it.skipIf(!available)('has thousands under way at once', async () => {
    const { pool, until } = watchedPool(world)
    for (let tag = 0; tag < 3000; tag++) {
      const fault = pool.begin(world.at, tag % 100 === 7 ? world.open : world.closed, tag)
      expect(fault).toBeUndefined()
    }
    const words = new Map((await until(3000)).map((line) => line.split(' ') as [string, string]))
    expect(words.size).toBe(3000)
    const wrong = [...words].filter(
      ([tag, word]) => word !== (Number(tag) % 100 === 7 ? 'handshake' : 'refused'),
    )
    expect(wrong).toEqual([])
    pool.close()
  })

  it.skipIf(!available)('calls a source address that is not ours a fault of this machine', async () => {
    const { pool, faults, until } = watchedPool(world, { sourceAddress: world.notOurs })
    const fault = pool.begin(world.at, world.open, 1)
    if (fault === undefined) await until(1)
    expect(fault ?? faults[0]).toMatchObject({ name: 'LocalFault' })
    expect(pool.flying).toBe(0)
    pool.close()
  })

  it.skipIf(!available)('takes no port for open that a socket met itself at', async () => {
    const { closed, at } = world
    const { pool, until } = watchedPool(world, { sourceAddress: world.ours, sourcePort: closed })
    expect(pool.begin(at, closed, 1)).toBeUndefined()
    expect(await until(1)).toEqual(['1 refused'])
    pool.close()
  })

  it.skipIf(!available)('gives all up when it is closed, also while somebody waits', async () => {
    const { pool, told, collect, expire } = watchedPool(world)
    for (const port of [world.silent ?? world.closed, world.closed, world.open])
      pool.begin(world.at, port, port)
    await pool.ready(5000, never)
    collect()
    const before = told.length
    pool.begin(world.at, world.silent ?? world.closed, 1)
    const waiting = pool.ready(3600e3, never)
    pool.close()
    pool.close()
    await waiting
    await pool.ready(3600e3, never)
    expire(0)
    expect({ more: collect(), flying: pool.flying, told: told.length }).toEqual({
      more: 0,
      flying: 0,
      told: before,
    })
    expect(pool.begin(world.at, world.open, 1)).toMatchObject({ name: 'LocalFault' })
  })

  it.skipIf(!available)('may be closed by whoever is told', async () => {
    const { pool } = watchedPool(world)
    for (let tag = 0; tag < 20; tag++) pool.begin(world.at, world.closed, tag)
    let told = 0
    const see = (): void => {
      told++
      pool.close()
    }
    while (told === 0) if (pool.collect(see, expect.fail) === 0) await pool.ready(1000, never)
    expect({ told, flying: pool.flying }).toEqual({ told: 1, flying: 0 })
  })

  it.skipIf(!available)('waits no longer than it is told, nor when the wait is called off', async () => {
    const { pool } = watchedPool(world)
    if (world.silent !== undefined) pool.begin(world.at, world.silent, 1)
    await pool.ready(1, never)
    const cancel = new AbortController()
    const waiting = pool.ready(3600e3, cancel.signal)
    cancel.abort()
    await waiting
    await pool.ready(3600e3, cancel.signal)
    await pool.ready(0, never)
    pool.close()
  })
})
