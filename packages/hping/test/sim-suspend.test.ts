import { describe, expect, it } from 'vitest'
import { run, shotsOf, visible, world } from './sim-kit.ts'

const DROP = { ports: { '10.0.0.2:22': { does: 'drop' } } } as const

async function ran(options: string, suspendMs: readonly number[], more = {}) {
  const { io, stdout, taken } = await run(`-S -i 100ms -c 8 ${options} 10.0.0.2`, world(more), { suspendMs })
  const shots = shotsOf(io)
  return {
    taken,
    raised: [...visible(stdout).matchAll(/<BS 9>(\d+): /g)].map(([, to]) => Number(to)),
    ports: shots.map(({ port }) => port),
    ttls: shots.map(({ ttl }) => ttl),
  }
}

describe('Ctrl-Z', () => {
  it('raises the port', async () => {
    const { taken, raised, ports, ttls } = await ran('-p 22', [150, 450])
    expect(taken).toEqual([true, true])
    expect(raised).toEqual([23, 24])
    expect(ports).toEqual([22, 22, 23, 23, 23, 24, 24, 24])
    expect(new Set(ttls)).toEqual(new Set([64]))
  })

  it('lowers it when pressed twice quickly', async () => {
    const { raised, ports } = await ran('-p 22', [150, 250])
    expect(raised).toEqual([23, 21])
    expect(ports).toEqual([22, 22, 23, 21, 21, 21, 21, 21])
  })

  it('twice with a fifth of a second between raises it twice', async () => {
    expect((await ran('-p 22', [150, 350])).raised).toEqual([23, 24])
    expect((await ran('-p 22', [150, 349])).raised).toEqual([23, 21])
  })

  it('goes down with every further quick stroke', async () => {
    expect((await ran('-p 22', [150, 160, 170, 180])).raised).toEqual([23, 21, 19, 17])
  })

  it.each([
    ['-p 0', [150, 160, 170], [1, 0, 0]],
    ['-p 65535', [150, 450], [0, 1]],
  ])('keeps to the ports there are: %s', async (options, strokes, raised) => {
    expect((await ran(options, strokes)).raised).toEqual(raised)
  })

  it.each(['-z -p 22', '-z'])('raises the TTL with %s', async (options) => {
    const { raised, ports, ttls } = await ran(options, [150, 250])
    expect(raised).toEqual([65, 63])
    expect(ttls).toEqual([64, 64, 65, 63, 63, 63, 63, 63])
    expect(new Set(ports).size).toBe(1)
  })

  it.each([
    ['-z -t 255 -p 22', [150], [255]],
    ['-z -t 1 -p 22', [150, 160, 170], [2, 1, 1]],
  ])('keeps to the TTLs there are: %s', async (options, strokes, raised) => {
    expect((await ran(options, strokes)).raised).toEqual(raised)
  })

  it('goes on from where ++ is', async () => {
    expect((await ran('-p ++22', [150])).ports).toEqual([22, 23, 25, 26, 27, 28, 29, 30])
  })

  it.each(['-S -p 22 -Z -c 3', '-1 -c 3', '-S --scan 24'])(
    'is left to the shell with %s',
    async (options) => {
      const { taken } = await run(`${options} -i 100ms 10.0.0.2`, world({}), { suspendMs: [150] })
      expect(taken).toEqual([false])
    },
  )

  it('is left to the shell before and behind the packets', async () => {
    const { io, taken } = await run('-S -p 22 -c 2 -i 100ms 10.0.0.2', world({}), { suspendMs: [50] })
    expect([taken, io.suspend()]).toEqual([[true], false])
  })

  it('is shown at once, though the next packet is far', async () => {
    const { stdout } = await run('-S -p 22 -i 60 10.0.0.2', world(DROP), {
      suspendMs: [1000],
      interruptMs: 2000,
    })
    expect(visible(stdout)).toMatch(/<BS 9>23: $/)
  })

  it('says nothing into records', async () => {
    const { stdout, io } = await run('-S -p 22 -c 3 -i 100ms --json 10.0.0.2', world({}), { suspendMs: [50] })
    expect(stdout).not.toContain('\b')
    expect(shotsOf(io).map(({ port }) => port)).toEqual([22, 23, 23])
  })
})
