import { LocalFault } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileLimit } from '../src/guns/file-limit.ts'

const limits = (soft: string): string =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max core file size        0                    unlimited            bytes     ',
    `Max open files            ${soft.padEnd(20)} 1048576              files     `,
    'Max locked memory         8388608              8388608              bytes     ',
  ].join('\n')

const system = (text: string | undefined, open: number) => ({
  readText: (path: string) => (path === '/proc/self/limits' ? text : expect.fail(path)),
  listFolder: (path: string) =>
    path === '/proc/self/fd' ? Array.from({ length: open }, (_, i) => String(i)) : expect.fail(path),
})

describe('the most sockets at once', () => {
  it.each([
    ['1024', 24, 936],
    ['1048576', 20, 1048492],
    ['64', 24, 30],
    ['26', 24, 1],
    ['25', 24, 1],
    ['3', 24, 1],
    ['unlimited', 24, Number.POSITIVE_INFINITY],
  ])('with `ulimit -n %s` and %i files open are %f', (soft, open, most) => {
    expect(fileLimit(system(limits(soft), open))).toBe(most)
  })

  it.each([
    ['has no such file', undefined],
    ['tells no such limit', 'Max cpu time  unlimited  unlimited  seconds\n'],
    ['tells it in other words', 'Max open files            many    many    files\n'],
    ['tells nothing', ''],
  ])('are unknown where the system %s', (_, text) => {
    expect(fileLimit(system(text, 24))).toBeUndefined()
  })

  it('are unknown where reading is forbidden, and what is open counts for nothing where only that is', () => {
    const forbidden = (): never => {
      throw new LocalFault('EACCES', 'not permitted')
    }
    expect(fileLimit({ readText: forbidden, listFolder: forbidden })).toBeUndefined()
    expect(fileLimit({ ...system(limits('1024'), 24), listFolder: forbidden })).toBe(960)
  })

  it('are at least one and leave room, whatever the limit', () =>
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(200), (soft, open) => {
        const most = fileLimit(system(limits(String(soft)), open)) ?? 0
        expect(most).toBeGreaterThanOrEqual(1)
        if (soft - open > 1) expect(most).toBeLessThan(soft - open)
      }),
    ))

  it('does not hide errors of the program', () => {
    const broken = (): never => {
      throw new TypeError('broken')
    }
    expect(() => fileLimit({ readText: broken, listFolder: broken })).toThrow(TypeError)
  })
})
