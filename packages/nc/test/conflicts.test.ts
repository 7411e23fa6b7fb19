import { describe, expect, it } from 'vitest'
import { read, settingsOf, USAGE } from './command-line-kit.ts'
import { COMBINED, MARKS, RECORDED } from './recorded-conflicts.ts'

/** Recorded runs of nc 1.219: what it was given, and what it said after `nc: `; `usage` stands for its usage alone. */
const CASES: readonly (readonly [line: string, said: string])[] = [
  ['', 'usage'],
  ['10.77.0.2', 'missing port number'],
  ['-z 10.77.0.2', 'missing port number'],
  ['-vz target.lab:22', 'missing port number'],
  ['-l -z 4000', 'cannot use -z and -l'],
  ['-k 10.77.0.2 22', 'must use -l with -k'],
  ['-z -l -k 4000', 'cannot use -z and -l'],
  ['-U -Z /tmp/x', 'cannot use -Z and -U'],
  ['-U /tmp/x 22', 'cannot use port with -U'],
  ['-U', 'usage'],
  ['-l', 'missing port number'],
  ['-l -U', 'missing socket pathname'],
  ['-u -x 10.77.0.1 10.77.0.2 22', 'no proxy support for UDP mode'],
  ['-l -x 10.77.0.1 4000', 'no proxy support for listen'],
  ['-U -x 10.77.0.1 /tmp/x', 'no proxy support for unix sockets'],
  ['-s 10.77.0.1 -x 10.77.0.1 10.77.0.2 22', 'no proxy support for local source address'],
  ['-F -U /tmp/x', 'cannot use -F and -U'],
  ['-x [fd77::1 10.77.0.2 22', 'missing closing bracket in proxy'],
  ['-x [fd77::1]x 10.77.0.2 22', 'garbage proxy port delimiter'],
  ['-l -p 4000 10.77.0.1 4001', 'usage'],
  ['-l -p 4000 4001', 'usage'],
  ['-l 10.77.0.1 4000 4001', 'usage'],
  ['-l 4000-4010', 'getaddrinfo: Servname not supported for ai_socktype'],
  ['-p 4000 22', 'usage'],
  ['-u -Z -x 10.77.0.1 10.77.0.2 22', 'no proxy support for UDP mode'],
  ['-l -s 10.77.0.1', 'missing port number'],
  ['-l -v -s 127.0.0.1 4000', 'usage'],
  // Tried by hand: which of several faults is the first.
  ['-x [::1 -uU y', 'no proxy support for UDP mode'],
  ['-x [::1', 'usage'],
  ['-x [::1]x -k h 1', 'must use -l with -k'],
  ['-x [::1 h bad', 'missing closing bracket in proxy'],
  [
    '-x 127.0.0.1:nosuch 127.0.0.1 1',
    'getaddrinfo for host "127.0.0.1" port nosuch: Servname not supported for ai_socktype',
  ],
  ['-Z h bad', 'port number invalid: bad'],
  ['-U -4 /tmp/x', 'missing port number'],
  ['-lU -6', 'missing port number'],
  ['-l -s nosuch. -p nosuch', 'getaddrinfo: Servname not supported for ai_socktype'],
]

describe('nc refuses', () => {
  it.each(CASES)('%j with %j', async (line, said) => {
    const { err, status, out } = await read(line === '' ? [] : line.split(' '))
    expect({ err, status, out }).toEqual({
      err: said === 'usage' ? USAGE : `nc: ${said}\n`,
      status: 1,
      out: '',
    })
  })
})

/** The first thing that is said about a combination of options, as a mark. */
async function markOf(combination: number, operands: number): Promise<string> {
  const values: Readonly<Record<string, string>> = { x: '127.0.0.1:1', s: '127.0.0.1', p: '0' }
  const options = Array.from(COMBINED)
    .filter((_, bit) => (combination >> bit) & 1)
    .flatMap((letter) => [`-${letter}`, ...(values[letter] === undefined ? [] : [values[letter]])])
  const { err } = await read([...options, ...['127.0.0.1', '1', '2'].slice(0, operands)])
  if (err === USAGE) return 'u'
  const [mark] = Object.entries(MARKS).find(([, said]) => err === `nc: ${said}\n`) ?? []
  return mark ?? '.'
}

it('every combination of ten options and up to three operands is refused with the same words as by nc', async () => {
  const combinations = 2 ** COMBINED.length
  expect(RECORDED).toHaveLength(4 * combinations)
  const differences: string[] = []
  for (let combination = 0; combination < combinations; combination += 1) {
    for (let operands = 0; operands < 4; operands += 1) {
      const recorded = RECORDED[4 * combination + operands]
      const mark = await markOf(combination, operands)
      if (mark !== recorded) differences.push(`${combination} with ${operands}: ${mark}, not ${recorded}`)
    }
  }
  expect(differences).toEqual([])
})

it('-Z is refused by name, once all else is in order', async () => {
  expect(await read(['-Z', 'h', '1'])).toMatchObject({ status: 1, err: 'nc: -Z: DCCP is not supported\n' })
})

describe('of -4, -6 and -U', () => {
  it.each([
    [['-4', '-6', 'h', '1'], 6],
    [['-6', '-4', 'h', '1'], 4],
    [['-46', '--ipv4', 'h', '1'], 4],
    [['-4', '-U', 'path'], undefined],
    [['h', '1'], undefined],
  ] as const)('the last one counts: %j', async (argv, family) => {
    expect((await settingsOf(...argv)).family).toBe(family)
  })

  it('only a last -U makes the operand a path', async () => {
    expect((await settingsOf('-4', '-U', 'path')).task).toEqual({ kind: 'connect-unix', path: 'path' })
    expect((await settingsOf('-U', '-4', 'path', '1')).task).toEqual({
      kind: 'connect',
      host: 'path',
      ports: [1],
    })
  })
})

describe('options that nc does not have are refused where they mean nothing:', () => {
  it.each([
    ['--tls -u h 1', 'cannot use --tls and -u'],
    ['--tls -U p', 'cannot use --tls and -U'],
    ['--tls -lU --cert c --key k p', 'cannot use --tls and -U'],
    ['--tls -F h 1', 'cannot use --tls and -F'],
    ['--tls -t h 1', 'cannot use --tls and -t'],
    ['--json -l 1', 'cannot use --json and -l'],
    ['--json -U p', 'cannot use --json and -U'],
    ['--json -z -x proxy h 1', 'cannot use --json and -x'],
    ['--json h 1', 'must use -z with --json'],
    ['--wait 3 -l 1', 'cannot use --wait and -l'],
    ['--wait 3 -U p', 'cannot use --wait and -U'],
    ['--hex-dump f -z h 1', 'cannot use --hex-dump and -z'],
    ['--progress -z h 1', 'cannot use --progress and -z'],
    ['--progress -F h 1', 'cannot use --progress and -F'],
    ['--honest-udp h 1', 'must use -u with --honest-udp'],
    ['--honest-udp -lu 1', 'cannot use -l and --honest-udp'],
    ['--allow ::1 h 1', 'must use -l with --allow'],
    ['--deny ::1 -lU p', 'cannot use -U and --deny'],
    ['--sni x h 1', 'must use --tls with --sni'],
    ['--tls --cert c h 1', 'must use --key with --cert'],
    ['--tls --key c h 1', 'must use --cert with --key'],
    ['--tls -l 1', 'must use --cert and --key with -l with --tls'],
    ['--tls -l --cert c --key k --sni x 1', 'cannot use -l and --sni'],
  ])('%s', async (line, said) => {
    expect(await read(line.split(' '))).toMatchObject({ status: 1, err: `nc: ${said}\n` })
  })

  it('and with --exit-code state that is status 3', async () => {
    expect(await read(['--exit-code', 'state', '-zl', '1'])).toMatchObject({ status: 3 })
    expect(await read(['--exit-code', 'state', '-w', 'abc', 'h', '1'])).toMatchObject({ status: 3 })
    expect(await read(['--exit-code', 'state', '-e', 'h', '1'])).toMatchObject({ status: 3 })
  })
})
