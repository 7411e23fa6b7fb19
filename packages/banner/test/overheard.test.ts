import { streamPair, virtualClock } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { overhear } from '../src/run/overheard.ts'
import { octetsOf } from './detector-kit.ts'

const NEAR = { address: '10.0.0.1', port: 40_000 }
const FAR = { address: '10.0.0.2', port: 443 }

describe('a stream that is listened to', () => {
  it('is the same stream, and its beginning is kept in both directions', async () => {
    const clock = virtualClock()
    const [near, far] = streamPair(clock, NEAR, FAR, { latencyMs: 5 })
    const overheard = overhear(near, clock)
    await overheard.stream.write(octetsOf('hello'))
    expect(Buffer.from((await far.read(100)) ?? []).toString()).toBe('hello')
    await far.write(octetsOf('what?'))
    expect(Buffer.from((await overheard.stream.read(2)) ?? []).toString()).toBe('wh')
    expect(Buffer.from((await overheard.stream.read(100)) ?? []).toString()).toBe('at?')
    expect(Buffer.from(overheard.sent).toString()).toBe('hello')
    expect(Buffer.from(overheard.received).toString()).toBe('what?')
    expect(overheard.firstNs).toBe(10e6)
    overheard.stream.endWrite()
    expect(await far.read(1)).toBeUndefined()
    overheard.stream.close('rst')
    expect(await overheard.stream.read(1)).toBeUndefined()
  })

  it('keeps no more than a beginning', async () => {
    const clock = virtualClock()
    const [near, far] = streamPair(clock, NEAR, FAR)
    const overheard = overhear(near, clock)
    void far.write(new Uint8Array(50_000))
    for (let heard = 0; heard < 50_000; ) heard += (await overheard.stream.read(3000))?.length ?? 0
    expect(overheard.received).toHaveLength(4096)
    expect(overheard.sent).toHaveLength(0)
  })
})
