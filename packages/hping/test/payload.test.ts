import { simIo } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payloadOf } from '../src/run/payload.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

async function made(
  wanted: { dataLength: number; sign?: string; file?: Uint8Array | string },
  isStopped = false,
) {
  const { dataLength, sign = '', file } = wanted
  const io = simIo({ ports: {}, files: file === undefined ? {} : { f: file } })
  if (isStopped) io.interrupt()
  return payloadOf({ dataLength, sign: encode(sign), file: file === undefined ? undefined : 'f' }, io)
}

/** The first payloads, as text. */
function texts(payload: Awaited<ReturnType<typeof made>>, count: number): readonly string[] {
  if (payload === undefined) return []
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(payload instanceof Uint8Array ? payload : payload.at(i)).toString('latin1'),
  )
}

describe('payloads', () => {
  it.each([
    [{ dataLength: 0 }, []],
    [{ dataLength: 3 }, ['XXX', 'XXX']],
    [{ dataLength: 4, sign: 'ab' }, ['abXX', 'abXX']],
    [{ dataLength: 2, sign: 'ab' }, ['ab', 'ab']],
    [{ dataLength: 2, sign: 'ab', file: 'not read' }, ['ab', 'ab']],
    [{ dataLength: 3, file: 'abcdef' }, ['abc', 'def', 'abc']],
    [{ dataLength: 4, file: 'abcdef' }, ['abcd', 'ef\0\0', 'abcd']],
    [{ dataLength: 9, file: 'ab' }, ['ab\0\0\0\0\0\0\0', 'ab\0\0\0\0\0\0\0']],
    [{ dataLength: 4, sign: 's:', file: 'abc' }, ['s:ab', 's:c\0', 's:ab']],
  ])('of %j', async (wanted, expected) => {
    expect(texts(await made(wanted), expected.length)).toEqual(expected)
  })

  it('hold a file piece by piece, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.integer({ min: 1, max: 400 }),
        fc.string({ maxLength: 5 }).filter((text) => encode(text).length <= 20),
        async (file, room, sign) => {
          const before = encode(sign)
          const payload = await made({ dataLength: before.length + room, sign, file })
          if (payload === undefined || payload instanceof Uint8Array) throw new Error('one for all')
          const pieces = Math.ceil(file.length / room)
          const found = Array.from({ length: pieces }, (_, i) => payload.at(i).slice())
          expect(found.every((piece) => piece.length === payload.length)).toBe(true)
          expect(found.every((piece) => Buffer.from(piece.subarray(0, before.length)).equals(before))).toBe(
            true,
          )
          const whole = Buffer.concat(found.map((piece) => piece.subarray(before.length)))
          expect(whole.subarray(0, file.length).equals(file)).toBe(true)
          expect(whole.subarray(file.length).every((octet) => octet === 0)).toBe(true)
          // From its beginning again.
          expect(Buffer.from(payload.at(pieces)).equals(found[0] ?? new Uint8Array())).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it.each<readonly [string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^f: there is nothing in it$/],
    ['too much', new Uint8Array(2 ** 24 + 1), /^f: longer than 16777216 octets$/],
  ])('do not come from a file with %s', async (_, file, why) => {
    await expect(made({ dataLength: 3, file })).rejects.toThrow(why)
  })

  it('do not come from a file that there is not', async () => {
    const io = simIo({ ports: {} })
    await expect(payloadOf({ dataLength: 3, sign: new Uint8Array(), file: 'f' }, io)).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })

  it('are nobody’s fault when Ctrl-C came before the file was read', async () => {
    expect(texts(await made({ dataLength: 3, file: 'abc' }, true), 2)).toEqual(['\0\0\0', '\0\0\0'])
  })
})
