import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ByteStream } from '../src/io/streams.ts'
import { streamPair, virtualClock, type Wire } from '../src/sim/sim.ts'
import { describeByteStream } from './stream-contract.ts'

const NEAR = { address: '10.0.0.1', port: 40_000 }
const FAR = { address: '10.0.0.2', port: 22 }

function pair(wire: Wire = {}) {
  const clock = virtualClock()
  const [near, far] = streamPair(clock, NEAR, FAR, wire)
  return { clock, near, far }
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value)

describeByteStream('a simulated connection', async () => pair(), { resets: true })
describeByteStream(
  'the other end of a simulated connection',
  async () => {
    const { near, far } = pair({ latencyMs: 25, bufferOctets: 1_000_000 })
    return { near: far, far: near }
  },
  { resets: true },
)
describeByteStream('a simulated UNIX connection', async () => pair({ unix: true }), { resets: false })

async function writeAll(stream: ByteStream, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await stream.write(piece)
  stream.endWrite()
}

async function readAll(stream: ByteStream, mosts: readonly number[]): Promise<number[]> {
  const seen: number[] = []
  for (let turn = 0; ; turn++) {
    const most = mosts[turn % mosts.length] ?? 1
    const chunk = await stream.read(most)
    if (chunk === undefined) return seen
    if (chunk.length === 0 || chunk.length > most) throw new Error(`${chunk.length} octets for ${most}`)
    seen.push(...chunk)
  }
}

const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 })
const mosts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })

it('carries any octets both ways at once, whatever the buffers, the delay and the sizes of reads', () =>
  fc.assert(
    fc.asyncProperty(
      pieces,
      pieces,
      mosts,
      mosts,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(0, 0.1, 30),
      async (there, back, nearMosts, farMosts, bufferOctets, latencyMs) => {
        const { near, far } = pair({ bufferOctets, latencyMs })
        const [, , atNear, atFar] = await Promise.all([
          writeAll(near, there),
          writeAll(far, back),
          readAll(near, nearMosts),
          readAll(far, farMosts),
        ])
        expect(atFar).toEqual(there.flatMap((piece) => [...piece]))
        expect(atNear).toEqual(back.flatMap((piece) => [...piece]))
      },
    ),
    { numRuns: 60 },
  ))

it('keeps one direction open after the end of the other, whatever goes over it', () =>
  fc.assert(
    fc.asyncProperty(pieces, mosts, async (back, sizes) => {
      const { near, far } = pair({ bufferOctets: 16 })
      near.endWrite()
      expect(await far.read(1)).toBeUndefined()
      const [, seen] = await Promise.all([writeAll(far, back), readAll(near, sizes)])
      expect(seen).toEqual(back.flatMap((piece) => [...piece]))
    }),
    { numRuns: 30 },
  ))

it('takes as many octets as the buffer has room for, and the rest when somebody reads', async () => {
  const { clock, near, far } = pair({ bufferOctets: 4, latencyMs: 5 })
  let done = false
  const writing = near.write(octets('abcdef')).then(() => {
    done = true
  })
  await clock.sleep(1000)
  expect(done).toBe(false)
  expect(text(await far.read(100))).toBe('abcd')
  await writing
  expect(text(await far.read(100))).toBe('ef')
})

it('lets octets travel as long as the wire says', async () => {
  const { clock, near, far } = pair({ latencyMs: 40 })
  await near.write(octets('x'))
  await far.read(1)
  expect(clock.nowNs()).toBe(40e6)
})

it('answers octets for a closed socket with a RST: the write succeeds, then the connection is broken', async () => {
  const { clock, near, far } = pair()
  far.close('fin')
  expect(await near.read(1)).toBeUndefined()
  await near.write(octets('one'))
  expect(await near.broken).toBe('EPIPE')
  expect(clock.nowNs()).toBe(0.3e6)
  await expect(near.write(octets('two'))).rejects.toMatchObject({ code: 'EPIPE' })
})

it('calls it a reset when the RST comes before any FIN', async () => {
  const { near, far } = pair()
  far.close('rst')
  expect(await near.broken).toBe('ECONNRESET')
})

it('resets when it is closed with unread octets, but not when they were read', async () => {
  const unread = pair()
  await unread.near.write(octets('unread'))
  await unread.far.readable()
  unread.far.close('fin')
  expect(await unread.near.broken).toBe('ECONNRESET')

  const read = pair()
  await read.near.write(octets('read'))
  await read.far.read(100)
  read.far.close('fin')
  expect(await read.near.read(1)).toBeUndefined()
})

it('still gives what had come before a RST', async () => {
  const { near, far } = pair()
  await far.write(octets('last words'))
  far.close('rst')
  await near.broken
  expect(text(await near.read(100))).toBe('last words')
  await expect(near.read(100)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

it('spoils what it lent as soon as the next read begins', async () => {
  const { near, far } = pair()
  await far.write(octets('abcd'))
  const lent = await near.read(2)
  void near.read(2)
  expect(lent).toEqual(Uint8Array.of(0xa5, 0xa5))
})

it('takes octets away from the writer at once, so that its memory may be used again', async () => {
  const { near, far } = pair()
  const mine = octets('mine')
  await near.write(mine)
  mine.fill(0)
  expect(text(await far.read(10))).toBe('mine')
})

it('refuses two reads or two writes at a time', async () => {
  const { near } = pair({ bufferOctets: 1 })
  void near.read(1)
  await expect(near.read(1)).rejects.toThrow('one read at a time')
  void near.write(octets('xyz'))
  await expect(near.write(octets('x'))).rejects.toThrow('one write at a time')
})

it('tells that octets are there without taking them', async () => {
  const { near, far } = pair()
  void far.write(octets('peek'))
  await near.readable()
  await near.readable()
  expect(text(await near.read(10))).toBe('peek')
})
