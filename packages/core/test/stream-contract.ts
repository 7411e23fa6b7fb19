import { createHash, randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type ByteStream, StreamFault } from '../src/io/streams.ts'

/** Two ends of one connection; `end` removes what made it. */
export interface StreamPair {
  readonly near: ByteStream
  readonly far: ByteStream
  end?(): void
}

export interface StreamTraits {
  /** Closing with `rst` breaks the other end with ECONNRESET, as TCP does. */
  readonly resets: boolean
}

/** More than any system buffers on the way. */
const MUCH = 24 * 1024 * 1024

/** What every ByteStream over a connection has to keep to. */
export function describeByteStream(
  name: string,
  makePair: () => Promise<StreamPair>,
  traits: StreamTraits,
): void {
  const pairs: StreamPair[] = []
  const open = async (): Promise<StreamPair> => {
    const pair = await makePair()
    pairs.push(pair)
    return pair
  }
  afterEach(() => {
    for (const { near, far, end } of pairs.splice(0)) {
      near.close('rst')
      far.close('rst')
      end?.()
    }
  })

  describe(name, () => {
    it('gives what the other end wrote, at most as much as asked for, and then the end for ever', async () => {
      const { near, far } = await open()
      await far.write(octets('hello'))
      far.endWrite()
      far.endWrite()
      expect(text(await near.read(2))).toBe('he')
      expect(text(await near.read(1))).toBe('l')
      expect(text(await near.read(65_536))).toBe('lo')
      expect(await near.read(1)).toBeUndefined()
      expect(await near.read(1)).toBeUndefined()
    })

    it('still sends after the other end has sent its FIN', async () => {
      const { near, far } = await open()
      far.endWrite()
      expect(await near.read(10)).toBeUndefined()
      await near.write(octets('late'))
      expect(text(await far.read(10))).toBe('late')
    })

    it('lets nobody write after endWrite', async () => {
      const { near } = await open()
      near.endWrite()
      await expect(near.write(octets('x'))).rejects.toMatchObject({ name: 'StreamFault', code: 'EPIPE' })
    })

    it('carries megabytes unharmed, both ways at once, in pieces of any size', async () => {
      const { near, far } = await open()
      const sent = randomBytes(MUCH)
      const send = async (stream: ByteStream): Promise<void> => {
        for (let at = 0; at < sent.length; at += 100_003) await stream.write(sent.subarray(at, at + 100_003))
        stream.endWrite()
      }
      const [, , a, b] = await Promise.all([send(near), send(far), digest(near, 7001), digest(far, 65_536)])
      const wanted = createHash('sha1').update(sent).digest('hex')
      expect([a, b]).toEqual([wanted, wanted])
    })

    it('keeps what was read unchanged until the next read, however slow the reader is', async () => {
      const { near, far } = await open()
      const sending = far.write(new Uint8Array(MUCH).fill(0x61)).then(() => far.endWrite())
      let sum = 0
      for (let chunk = await near.read(65_536); chunk !== undefined; chunk = await near.read(65_536)) {
        const before = chunk.slice()
        if (sum < 1_000_000) for (let i = 0; i < 5; i++) await new Promise(setImmediate)
        expect(Buffer.compare(before, chunk)).toBe(0)
        sum += chunk.length
      }
      await sending
      expect(sum).toBe(MUCH)
    })

    it('makes a writer wait while the other end does not read', async () => {
      const { near, far } = await open()
      let done = false
      const writing = near.write(new Uint8Array(MUCH)).then(() => {
        done = true
      })
      for (let i = 0; i < 50; i++) await new Promise(setImmediate)
      expect(done).toBe(false)
      expect(await count(far, MUCH)).toBe(MUCH)
      await writing
    })

    it('ends a pending read when it is closed, and may be closed twice', async () => {
      const { near } = await open()
      const reading = near.read(10)
      near.close('fin')
      near.close('rst')
      expect(await reading).toBeUndefined()
      expect(await near.read(10)).toBeUndefined()
      await expect(near.write(octets('x'))).rejects.toBeInstanceOf(StreamFault)
    })

    it('does not call an orderly end broken', async () => {
      const { near, far } = await open()
      let code: string | undefined
      void near.broken.then((why) => {
        code = why
      })
      near.endWrite()
      far.endWrite()
      expect(await near.read(1)).toBeUndefined()
      expect(await far.read(1)).toBeUndefined()
      near.close('fin')
      far.close('fin')
      await new Promise(setImmediate)
      expect(code).toBeUndefined()
    })

    it('loses nothing that was written before an orderly close', async () => {
      const { near, far } = await open()
      await far.write(octets('bye'))
      far.close('fin')
      expect(text(await near.read(10))).toBe('bye')
      expect(await near.read(10)).toBeUndefined()
    })

    it('tells that the other end is gone although it was read to its end and nobody reads or writes', async () => {
      const { near, far } = await open()
      far.endWrite()
      expect(await near.read(10)).toBeUndefined()
      far.close('rst')
      expect(await near.broken).toBe('EPIPE')
      await expect(near.write(octets('x'))).rejects.toMatchObject({ code: 'EPIPE' })
      expect(await near.read(10)).toBeUndefined()
    })

    if (!traits.resets) return

    it('fails a waiting read, later reads and writes when it is reset', async () => {
      const { near, far } = await open()
      const reading = expect(near.read(10)).rejects.toMatchObject({ name: 'StreamFault', code: 'ECONNRESET' })
      far.close('rst')
      await reading
      expect(await near.broken).toBe('ECONNRESET')
      await expect(near.read(10)).rejects.toMatchObject({ code: 'ECONNRESET' })
      await expect(near.write(octets('x'))).rejects.toMatchObject({
        code: expect.stringMatching(/^(EPIPE|ECONNRESET)$/),
      })
    })

    it('tells of a reset also while what came before has not been read', async () => {
      const { near, far } = await open()
      await far.write(octets('unread'))
      await far.write(octets('unread too'))
      far.close('rst')
      expect(await near.broken).toBe('ECONNRESET')
    })

    it('fails a write that waits when it is reset', async () => {
      const { near, far } = await open()
      const writing = expect(near.write(new Uint8Array(MUCH))).rejects.toMatchObject({ name: 'StreamFault' })
      await new Promise(setImmediate)
      far.close('rst')
      await writing
    })
  })
}

function octets(value: string): Uint8Array {
  return Buffer.from(value)
}

function text(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString()
}

async function digest(stream: ByteStream, most: number): Promise<string> {
  const hash = createHash('sha1')
  for (let chunk = await stream.read(most); chunk !== undefined; chunk = await stream.read(most)) {
    expect(chunk.length).toBeLessThanOrEqual(most)
    hash.update(chunk)
  }
  return hash.digest('hex')
}

async function count(stream: ByteStream, wanted: number): Promise<number> {
  let sum = 0
  while (sum < wanted) sum += (await stream.read(65_536))?.length ?? Number.POSITIVE_INFINITY
  return sum
}
