import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainSettings } from '../src/command-line/plain.ts'
import { read } from './command-line-kit.ts'

describe('a plain check', () => {
  it.each([
    [['-z', 'db', '22']],
    [['-nz4', '10.0.0.1', '65535']],
    [['-z', '-w', '5', 'db', '22']],
    [['-zw5', '-w0', '::1', '1']],
    [['-6', '-4', '-z', 'db', '22']],
    [['-w', '1', '-z', '', '22'].filter((word) => word !== '')],
  ])('is read without the whole command line: %j', async (argv) => {
    expect(plainSettings(argv, 'nc')).toEqual((await read(argv)).settings)
  })

  it.each([
    [['db', '22']],
    [['-vz', 'db', '22']],
    [['-z', 'db', 'ssh']],
    [['-z', 'db', '022']],
    [['-z', 'db', '0']],
    [['-z', 'db', '65536']],
    [['-z', 'db', '20-25']],
    [['-z', 'db', '22', '23']],
    [['-z', 'db']],
    [['-z', '', '22']],
    [['-z', '--', 'db', '22']],
    [['-z', '-1', '22']],
    [['-zw', 'db', '22']],
    [['-z', '-w', '2.5', 'db', '22']],
    [['-zw1234567', 'db', '22']],
    [['-z', 'db', '22', '-n']],
    [[]],
  ])('is nothing else: %j', (argv) => {
    expect(plainSettings(argv, 'nc')).toBeUndefined()
  })

  it('means what the whole command line says, whatever the words', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        '-z',
        '-n',
        '-zn4',
        '-6',
        '-w',
        '-w3',
        '-zw0',
        '5',
        '22',
        'db',
        '-',
        '--',
        '-v',
        '2147484',
      ),
      fc.stringMatching(/^-?[zn46w\d]{1,5}$/),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const plain = plainSettings(argv, 'nc')
        if (plain !== undefined) expect(plain).toEqual((await read(argv)).settings)
      }),
      { numRuns: 2000 },
    )
  })
})
