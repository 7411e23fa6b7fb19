import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameOf } from '../src/name.ts'
import { read, settingsOf, USAGE } from './command-line-kit.ts'

const SAFE_WAY =
  'nc: programs are never run from here; a named pipe serves one, e.g.: ' +
  'mkfifo pipe && sh <pipe 2>&1 | nc -lN 127.0.0.1 4000 >pipe\n'

describe('options that are written wrongly are followed by the usage', () => {
  it.each([
    [['-Y', 'h', '22'], "invalid option -- 'Y'"],
    [['-vz', '10.77.0.2', '-1'], "invalid option -- '1'"],
    [['-V'], "option requires an argument -- 'V'"],
    [['-vz', '10.77.0.2', '22', '-w'], "option requires an argument -- 'w'"],
    [['-lp'], "option requires an argument -- 'p'"],
    [['-\u{1b}'], "invalid option -- '\\x1b'"],
    [['--timeout'], "option '--timeout' requires an argument"],
    [['--zero=1', 'h', '1'], "option '--zero' doesn't allow an argument"],
    [['--xyzzy'], "unrecognized option '--xyzzy'"],
    [['--ipv'], "option '--ipv' is ambiguous; possibilities: '--ipv4' '--ipv6'"],
  ])('%j', async (argv, said) => {
    expect(await read(argv)).toMatchObject({ status: 1, out: '', err: `nc: ${said}\n${USAGE}` })
  })

  it('and a slip of the finger is recognised', async () => {
    const said = "nc: unrecognized option '--timeuot'\nnc: did you mean '--timeout'?\n"
    expect(await read(['--timeuot=3'])).toMatchObject({ status: 1, err: said + USAGE })
  })

  it.each([
    [['-e', '/bin/sh', '10.77.0.2', '22'], 'e'],
    [['-vc', 'ls'], 'c'],
  ])('and whoever wants to run a program learns the safe way: %j', async (argv, letter) => {
    const said = `nc: invalid option -- '${letter}'\n${USAGE}${SAFE_WAY}`
    expect(await read(argv)).toMatchObject({ status: 1, err: said })
  })
})

/** Recorded: an option, its value, and what nc says after `nc: `. */
const VALUES: readonly (readonly [option: string, value: string, said: string])[] = [
  ['-V', '1', 'no alternate routing table support available'],
  ['-w', '-1', 'timeout too small: -1'],
  ['-w', 'abc', 'timeout invalid: abc'],
  ['-w', '3000000', 'timeout too large: 3000000'],
  ['-w', '2147484', 'timeout too large: 2147484'],
  ['-w', '', 'timeout invalid: '],
  ['-w', '1_000', 'timeout invalid: 1_000'],
  ['-w', '+-5', 'timeout invalid: +-5'],
  ['-w', '99999999999999999999999', 'timeout too large: 99999999999999999999999'],
  ['-w', '-99999999999999999999999', 'timeout too small: -99999999999999999999999'],
  ['-w', '-2.5', 'timeout invalid: -2.5'],
  ['-w', '1e3', 'timeout invalid: 1e3'],
  ['-w', '5.', 'timeout invalid: 5.'],
  ['-w', '100d', 'timeout too large: 100d'],
  ['-w', '\u{1b}[2J', 'timeout invalid: \\x1b[2J'],
  ['-i', '-1', 'interval too small: -1'],
  ['-i', 'abc', 'interval invalid: abc'],
  ['-i', '4294967296', 'interval too large: 4294967296'],
  ['-q', 'abc', 'quit timer invalid: abc'],
  ['-q', '2147483648', 'quit timer too large: 2147483648'],
  ['-q', '-2147483649', 'quit timer too small: -2147483649'],
  ['-W', '0', 'receive limit too small: 0'],
  ['-W', 'abc', 'receive limit invalid: abc'],
  ['-W', '2147483648', 'receive limit too large: 2147483648'],
  ['-W', '1.5', 'receive limit invalid: 1.5'],
  ['-M', '-1', 'ttl is too small'],
  ['-M', '256', 'ttl is too large'],
  ['-M', 'abc', 'ttl is invalid'],
  ['-m', '-1', 'minttl is too small'],
  ['-m', '256', 'minttl is too large'],
  ['-m', 'abc', 'minttl is invalid'],
  ['-I', '0', 'TCP receive window too small: 0'],
  ['-I', '1073741825', 'TCP receive window too large: 1073741825'],
  ['-I', 'abc', 'TCP receive window invalid: abc'],
  ['-O', '0', 'TCP send window too small: 0'],
  ['-O', '1073741825', 'TCP send window too large: 1073741825'],
  ['-O', 'abc', 'TCP send window invalid: abc'],
  ['-T', '256', 'illegal tos value 256'],
  ['-T', '0x100', 'illegal tos value 0x100'],
  ['-T', '-1', 'illegal tos value -1'],
  ['-T', 'bogus', 'illegal tos value bogus'],
  ['-T', 'LOWDELAY', 'illegal tos value LOWDELAY'],
  ['-T', '', 'illegal tos value '],
  ['-T', '0X10', 'illegal tos value 0X10'],
  ['-T', '0xffffffffffffffffff', 'illegal tos value 0xffffffffffffffffff'],
  ['-X', '5a', 'unsupported proxy protocol'],
  ['-X', 'http', 'unsupported proxy protocol'],
  ['-X', '', 'unsupported proxy protocol'],
  ['--allow', '10.0.0.0/33', '--allow: neither an address nor a network such as 10.0.0.0/8: 10.0.0.0/33'],
  ['--deny', 'db.lan', '--deny: neither an address nor a network such as 10.0.0.0/8: db.lan'],
  ['--alpn', 'h2,', '--alpn: no protocol names such as h2,http/1.1: h2,'],
  ['--exit-code', 'x', '--exit-code: not one of nc, state: x'],
]

describe('a bad value is told in one line', () => {
  it.each(VALUES)('%s %j', async (option, value, said) => {
    const { err, status } = await read(['-vz', option, value, '10.77.0.2', '22'])
    expect({ err, status }).toEqual({ err: `nc: ${said}\n`, status: 1 })
  })

  it.each([
    [['-w', 'abc', '-i', 'abc', 'h', '1'], 'timeout invalid: abc\n'],
    [['-i', 'abc', '-w', 'abc', 'h', '1'], 'interval invalid: abc\n'],
    [['-w', 'abc', '-e'], 'timeout invalid: abc\n'],
    [['-w', 'abc', '-w', '1', 'h', '1'], 'timeout invalid: abc\n'],
    [['-w', 'abc', '-V', '1'], 'timeout invalid: abc\n'],
    [['-V', '1', '-w', 'abc'], 'no alternate routing table support available\n'],
    [['-V', '1', '-h'], 'no alternate routing table support available\n'],
    [['-w', 'abc', '-kz', 'h'], 'timeout invalid: abc\n'],
  ])('of several faults the first one counts: %j', async (argv, said) => {
    expect((await read(argv)).err).toBe(`nc: ${said}`)
  })
})

describe('values that nc takes are taken', () => {
  it.each([
    ['-T', 'lowdelay', 16],
    ['-T', 'ef', 184],
    ['-T', 'af11', 40],
    ['-T', 'af43', 152],
    ['-T', 'cs7', 224],
    ['-T', 'critical', 160],
    ['-T', 'lowcost', 2],
    ['-T', 'netcontrol', 224],
    ['-T', '0x10', 16],
    ['-T', '16', 16],
    ['-T', '255', 255],
    ['-T', '0xzz', 0],
    ['-T', '0x1g', 1],
    ['-T', '0x', 0],
    ['-T', '0x-1', 0],
    ['-T', '0x100000005', 5],
  ])('%s %s', async (option, value, tos) => {
    expect((await settingsOf(option, value, 'h', '1')).socket.tos).toBe(tos)
  })

  it.each([
    ['0', 0],
    ['2147483', 2_147_483_000],
    [' +07', 7000],
    ['-0', 0],
    ['2.5', 2500],
    ['.1', 100],
    ['500ms', 500],
    ['1s', 1000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5d', 129_600_000],
  ])('-w %j', async (value, timeoutMs) => {
    expect((await settingsOf('-w', value, 'h', '1')).session.timeoutMs).toBe(timeoutMs)
  })

  it.each([
    [['-i', '4294967295'], { intervalMs: 4_294_967_295_000 }],
    [['-i', '.5'], { intervalMs: 500 }],
    [['-q', '-1'], { quitMs: undefined, shutdownAtEof: false }],
    [['-q', '0'], { quitMs: 0, shutdownAtEof: true }],
    [['-q', '0.25'], { quitMs: 250, shutdownAtEof: true }],
    [['-N', '-q', '-1'], { quitMs: undefined, shutdownAtEof: true }],
    [['-W', '1'], { receiveLimit: 1 }],
    [['-dCt'], { readStdin: false, crlf: true, telnet: true }],
    [[], { timeoutMs: undefined, intervalMs: 0, receiveLimit: undefined, readStdin: true, crlf: false }],
  ])('%j', async (options, session) => {
    expect((await settingsOf(...options, 'h', '1')).session).toMatchObject(session)
  })

  it.each([
    [['-X', 'CONNECT', '-x', 'p'], { host: 'p', port: 3128, protocol: 'connect' }],
    [['-x', 'p'], { host: 'p', port: 1080, protocol: '5' }],
    [['-X', '4A', '-x', 'p:http'], { host: 'p', port: 80, protocol: '4A' }],
    [['-X', '4a', '-x', 'p'], { host: 'p', port: 1080, protocol: '4A' }],
    [['-X4', '-x', '[fd77::2]:99'], { host: 'fd77::2', port: 99, protocol: '4' }],
    [['-x', '[fd77::2]', '-P', 'bob'], { host: 'fd77::2', port: 1080, user: 'bob' }],
    [['-x', 'fd77::1'], { host: 'fd77:', port: 1 }],
    [['-x', 'p:'], { host: 'p', port: 0 }],
  ])('%j', async (options, proxy) => {
    expect((await settingsOf(...options, 'h', '1')).proxy).toMatchObject(proxy)
  })

  it('-X without -x connects directly', async () => {
    expect((await settingsOf('-X', '4', 'h', '1')).proxy).toBeUndefined()
  })

  it('lists of addresses are joined, in their normal form', async () => {
    const lists = ['--allow', '10.0.0.0/8,::1', '--allow', 'FD77:0::/16', '--deny', '10.0.0.7']
    const { allow, deny } = await settingsOf('-l', ...lists, '1')
    expect({ allow, deny }).toEqual({ allow: ['10.0.0.0/8', '::1/128', 'fd77::/16'], deny: ['10.0.0.7/32'] })
  })

  it('socket options that are not given are undefined, so that the quick way is open', async () => {
    const { socket } = await settingsOf('-v', 'h', '1')
    expect(Object.values(socket).every((value) => value === undefined)).toBe(true)
    expect((await settingsOf('-DbM', '3', '-m', '0', '-I', '1', '-O2', 'h', '1')).socket).toEqual({
      debug: true,
      broadcast: true,
      ttl: 3,
      minTtl: 0,
      receiveBuffer: 1,
      sendBuffer: 2,
      tos: undefined,
    })
  })

  it('TLS verifies unless told otherwise', async () => {
    expect((await settingsOf('--tls', 'h', '1')).tls).toMatchObject({ verify: true, alpn: [] })
    const insecure = ['--tls', '--tls-insecure', '--alpn', 'h2,http/1.1', '--sni', 'x', 'h', '1']
    expect((await settingsOf(...insecure)).tls).toMatchObject({
      verify: false,
      sni: 'x',
      alpn: ['h2', 'http/1.1'],
    })
  })
})

it('whole seconds of -w are what nc takes them for, whatever is around them', () => {
  const blanks = fc.constantFrom('', ' ', '\t\n ')
  const zeros = fc.nat(30).map((n) => '0'.repeat(n))
  return fc.assert(
    fc.asyncProperty(
      blanks,
      fc.constantFrom('', '+'),
      zeros,
      fc.integer({ min: 0, max: 2_147_483 }),
      async (blank, sign, zero, seconds) => {
        const { session } = await settingsOf('-w', `${blank}${sign}${zero}${seconds}`, 'h', '1')
        expect(session.timeoutMs).toBe(seconds * 1000)
      },
    ),
  )
})

it('-w never takes a time that is not a finite number of milliseconds up to its limit', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[ +-]?[\d.]{0,12}(ms|s|m|h|d)?$/),
    fc.double().map(String),
  )
  return fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { settings, err } = await read([`--timeout=${text}`, 'h', '1'])
      const ms = settings?.session.timeoutMs ?? 0
      expect(ms >= 0 && ms <= 2_147_483_000).toBe(true)
      if (settings === undefined) expect(err).toMatch(/^nc: timeout (invalid|too small|too large): .*\n$/)
    }),
  )
})

describe('help', () => {
  it('of nc goes to stderr, byte for byte, whatever follows -h', async () => {
    const { err, out, status } = await read(['-zvh', '-e'])
    expect({ out, status }).toEqual({ out: '', status: 0 })
    expect(Buffer.byteLength(err)).toBe(1687)
    expect(
      err.startsWith(
        `OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}\tCommand Summary:\n\t\t-4\t\tUse IPv4\n`,
      ),
    ).toBe(true)
    expect(err.endsWith('\tPort numbers can be individual or ranges: lo-hi [inclusive]\n')).toBe(true)
  })

  it('of ours goes to stdout and names every option', async () => {
    const { out, err, status } = await read(['-w', 'abc', '--help'], 'nc-ts')
    expect({ err, status }).toEqual({ err: '', status: 0 })
    for (const letter of '46bCDdFhIiklMmNnOPpqrSsTtUuVvWwXxZz') expect(out).toContain(`-${letter}, `)
    expect(out).toContain('nc-ts -vzw 2 db.lan 5432')
  })

  it('also is a manual page', async () => {
    expect((await read(['--man'], 'nc-ts')).out).toContain('.SH "DIFFERENCES FROM NC"')
  })

  it('names the program as it was started', async () => {
    expect((await read([], 'nc.openbsd')).err).toContain('usage: nc.openbsd [-46')
    expect((await read(['h'], 'nc.openbsd')).err).toBe('nc.openbsd: missing port number\n')
  })
})

it.each([
  [undefined, 'nc-ts'],
  ['', 'nc-ts'],
  ['/usr/lib/nc-ts/dist/nc-ts.cjs', 'nc-ts'],
  ['/src/bin.ts', 'nc-ts'],
  ['/usr/bin/nc-ts', 'nc-ts'],
  ['/usr/local/bin/nc', 'nc'],
  ['/bin/nc.openbsd', 'nc.openbsd'],
  ['C:\\tools\\nc-ts.cjs', 'nc-ts'],
])('started as %j it is called %s', (argv1, name) => {
  expect(nameOf(argv1)).toBe(name)
})
