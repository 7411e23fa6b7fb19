import { describe, expect, it } from 'vitest'
import { createExchange } from '../src/run/exchange/exchange.ts'
import { aimAt, createLog, openFor, pass, syns, world } from './exchange-kit.ts'

async function setUpWith(timeoutMs: () => number) {
  const io = world({
    ports: { '10.0.0.2:22': { does: 'refuse', afterMs: 30 }, '10.0.0.2:24': { does: 'drop' } },
  })
  const probe = syns()
  const channel = await openFor(io, [probe])
  const log = createLog(() => undefined)
  const timeoutNs = (): number => timeoutMs() * 1e6
  const exchange = createExchange({
    channel,
    clock: io.clock,
    probes: [probe],
    timeoutNs,
    listener: log.listener,
  })
  return { io, exchange, log, shoot: (port: number) => exchange.shoot([aimAt(probe, port)]) }
}

describe('the time that a shot of an exchange has', () => {
  it('may become shorter while it flies', async () => {
    let ms = 1000
    const { io, exchange, log, shoot } = await setUpWith(() => ms)
    await shoot(24)
    expect(exchange.nextEndNs()).toBe(1000e6)
    await pass({ io, exchange }, 20)
    ms = 40
    expect(exchange.nextEndNs()).toBe(40e6)
    await pass({ io, exchange }, 10)
    expect(exchange.flying).toBe(1)
    await pass({ io, exchange }, 10)
    expect(log.told.get(0)).toEqual(['sent', 'departed', 'silent'])
  })

  it('may become longer while it flies: then the answer is not late', async () => {
    let ms = 10
    const { io, exchange, log, shoot } = await setUpWith(() => ms)
    await shoot(22)
    ms = 50
    await pass({ io, exchange }, 35)
    expect(log.told.get(0)).toEqual(['sent', 'departed', 'first'])
  })

  it('is over for those that were called silent, though it became longer', async () => {
    let ms = 10
    const { io, exchange, log, shoot } = await setUpWith(() => ms)
    await shoot(22)
    await pass({ io, exchange }, 15)
    ms = 50
    await pass({ io, exchange }, 20)
    expect(log.told.get(0)).toEqual(['sent', 'departed', 'silent', 'late'])
  })

  it('can be called over: for those that waited long enough, or for all', async () => {
    const { io, exchange, log, shoot } = await setUpWith(() => 1000)
    await shoot(24)
    await pass({ io, exchange }, 20)
    await shoot(24)
    await pass({ io, exchange }, 20)
    exchange.giveUp(30e6)
    expect([...log.told.values()].map((words) => words.at(-1))).toEqual(['silent', 'departed'])
    expect(exchange.flying).toBe(1)
    exchange.giveUp()
    expect([...log.told.values()].map((words) => words.at(-1))).toEqual(['silent', 'silent'])
    expect(exchange.flying).toBe(0)
  })
})
