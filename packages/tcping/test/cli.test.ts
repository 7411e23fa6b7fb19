import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { CLOSED, OPEN, run, STEALTH, VERSION } from './kit.ts'

const WORLD: World = {
  hosts: { 'db.lan': ['10.0.0.2'] },
  ports: { '10.0.0.2:22': OPEN },
  interfaces: { eth0: [{ address: '10.0.0.1', family: 4 }], lo: [{ address: '127.0.0.1', family: 4 }] },
}

/** A command line that makes no sense, and the one line that says so. */
const BAD: readonly (readonly [string, string])[] = [
  ['-c abc db.lan 22', '-c: not a whole number from 1 to 2147483647: abc'],
  ['-c 0 db.lan 22', '-c: not a whole number from 1 to 2147483647: 0'],
  ['-c -1 db.lan 22', '-c: not a whole number from 1 to 2147483647: -1'],
  ['-c 1e3 db.lan 22', '-c: not a whole number from 1 to 2147483647: 1e3'],
  ['-i fast db.lan 22', '-i: not a time from 0 to 2147483.647s (seconds, or 500ms, 2m, 1h): fast'],
  ['-W 0 db.lan 22', '-W: not a time from 1ms to 2147483.647s (seconds, or 500ms, 2m, 1h): 0'],
  ['-w 0 db.lan 22', '-w: not a time from 1ms to 2147483.647s (seconds, or 500ms, 2m, 1h): 0'],
  ['-t 256 db.lan 22', '-t: not a whole number from 1 to 255: 256'],
  ['-Q 256 db.lan 22', '-Q: not a whole number from 0 to 255: 256'],
  ['-r 0 db.lan 22', '-r: not a whole number from 1 to 2147483647: 0'],
  ['--source-port 0 db.lan 22', '--source-port: not a port from 1 to 65535: 0'],
  ['--until maybe db.lan 22', '--until: not one of open, closed: maybe'],
  [
    '--require 101% db.lan 22',
    "--require: not 'all', a whole number from 1 or a percentage up to 100%: 101%",
  ],
  ['--clock sun db.lan 22', '--clock: not one of auto, kernel, process, packet: sun'],
  ['--colour red db.lan 22', '--colour: not one of auto, always, never: red'],
  ['db.lan 0', "port out of range: '0' (1 to 65535)"],
  ['db.lan 99999', "port out of range: '99999' (1 to 65535)"],
  ['db.lan:0', "port out of range: '0' (1 to 65535)"],
  ['db.lan 80-22', "port range is backwards: '80-22' (write 22-80)"],
  ['db.lan', "port missing for 'db.lan'"],
  ['db.lan nosuch', "port missing for 'db.lan', 'nosuch' ('nosuch' is no known tcp service)"],
  ['22', "host missing before '22'"],
  [':22', "host missing in ':22'"],
  ['db.lan:', "port missing in 'db.lan:'"],
  ['http://db.lan/', "this is a URL: 'http://db.lan/' (write db.lan:80)"],
  ['https://db.lan:8443/x?y', "this is a URL: 'https://db.lan:8443/x?y' (write db.lan:8443)"],
  ['300.1.1.1 22', "IPv4 address invalid: '300.1.1.1' (four numbers from 0 to 255)"],
  ['nowhere.lan 22', 'nowhere.lan: Name or service not known'],
  ['-6 db.lan 22', 'db.lan: Name or service not known'],
  ['-4 fd00::2 22', "not an IPv4 address: 'fd00::2' (-4 was given)"],
  ['-6 10.0.0.2 22', "not an IPv6 address: '10.0.0.2' (-6 was given)"],
  ['-I eth9 db.lan 22', '-I: no interface with an address is called eth9 (there are: eth0, lo)'],
  ['-I toString db.lan 22', '-I: no interface with an address is called toString (there are: eth0, lo)'],
  ['-I fd00::1 db.lan 22', '-I: fd00::1 cannot reach 10.0.0.2: use -6'],
  ['-4 -6 db.lan 22', '-4 and -6 exclude each other'],
  ['--json --csv db.lan 22', '--json and --csv exclude each other'],
  ['--json --graph db.lan 22', '--json and --graph exclude each other'],
  ['--csv --graph db.lan 22', '--csv and --graph exclude each other'],
  ['--json -v db.lan 22', '--json and -v exclude each other'],
  ['--csv --timestamp iso db.lan 22', '--csv and --timestamp exclude each other'],
  ['--until open --require all db.lan 22', '--until and --require exclude each other'],
  ['-D --timestamp iso db.lan 22', '-D and --timestamp exclude each other'],
  ['--sni web db.lan 22', '--sni goes with --tls'],
  ['--graph db.lan 22', '--graph needs a terminal as standard output'],
  ['--syn --tls db.lan 22', '--syn and --tls exclude each other'],
  ['--syn --close rst db.lan 22', '--syn and --close exclude each other'],
  ['--syn --clock kernel db.lan 22', '--syn and --clock kernel exclude each other'],
  [
    '--clock packet --backend raw-socket db.lan 22',
    '--clock packet and --backend raw-socket exclude each other',
  ],
  ['--backend auto db.lan 22', '--backend goes with --syn or --clock packet'],
  ['--syn --backend tcp db.lan 22', '--backend: not one of auto, kernel, raw-socket: tcp'],
]

describe('a bad command line', () => {
  it.each(BAD)('%s: one line, status 2, no probe', async (line, message) => {
    const { status, stdout, stderr, io } = await run(line.split(' '), WORLD)
    expect(stderr).toBe(`tcping: ${message}\n`)
    expect(stdout).toBe('')
    expect(status).toBe(2)
    expect(io.net.attempts).toEqual([])
  })

  it.each([
    [['', '22'], "host name invalid: '' (empty, or empty between dots)"],
    [['-I', '', 'db.lan', '22'], '-I: must not be empty'],
    [['--prometheus', '', 'db.lan', '22'], '--prometheus: must not be empty'],
    [['a b', '22'], "host name invalid: 'a b' (' ' is not allowed)"],
  ])('%j: one line, status 2', async (argv, message) => {
    const { status, stdout, stderr } = await run(argv, WORLD)
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `tcping: ${message}\n` })
  })

  it.each([
    'nowhere.lan 22',
    '-4 fd00::2 22',
    '-I eth9 db.lan 22',
    'db.lan 99999',
    '--sni x db.lan 22',
    '--require all db.lan 22',
    '--until open db.lan 22',
  ])('with --exit-code state %s ends with 255', async (line) => {
    const { status } = await run(['--exit-code', 'state', ...line.split(' ')], WORLD)
    expect(status).toBe(255)
  })

  it('says where help is when nothing was given at all or an option is unknown', async () => {
    const nothing = await run([], WORLD)
    expect(nothing.stderr).toBe("tcping: host missing\n'tcping --help' shows what it understands\n")
    const unknown = await run(['--bogus', 'db.lan', '22'], WORLD)
    expect(unknown.stderr).toContain("'tcping --help' shows what it understands\n")
    expect([nothing.status, unknown.status]).toEqual([2, 2])
  })

  it.each(['a\u001b[31mb', 'a\u202eb', 'a\nb', `${'x'.repeat(64)}.lan`, 'a\u009bb'])(
    'a hostile host %j never reaches the terminal as it is',
    async (host) => {
      const { status, stderr } = await run([host, '22'], WORLD)
      expect(status).toBe(2)
      expect(stderr).toMatch(/^tcping: [^\p{Cc}\p{Bidi_Control}]+\n$/u)
    },
  )
})

describe('the way of the packets', () => {
  it('is as the options say, for every probe', async () => {
    const line = '-c 2 -I eth0 -t 9 -Q 16 --source-port 4000 db.lan 22'
    const { io } = await run(line.split(' '), WORLD)
    const way = { interfaceName: 'eth0', ttl: 9, tos: 16, sourcePort: 4000, close: 'rst', keep: undefined }
    expect(io.net.attempts.map(({ request }) => request)).toMatchObject([way, way])
  })

  it('closes with FIN unless ports could run out, or --close says otherwise', async () => {
    const closes = async (line: string) => {
      const { io } = await run(`-c 1 ${line} db.lan 22`.split(' '), WORLD)
      return io.net.attempts[0]?.request.close
    }
    expect(await closes('-q')).toBe('fin')
    expect(await closes('-f')).toBe('rst')
    expect(await closes('-i 0')).toBe('rst')
    expect(await closes('--close rst')).toBe('rst')
    expect(await closes('-f --close fin')).toBe('fin')
  })

  it('takes an address of the interface where the system cannot bind to one, of the family that is probed', async () => {
    const eth0 = [
      { address: '10.0.0.1', family: 4 },
      { address: 'fd00::1', family: 6 },
    ] as const
    const world: World = { ...WORLD, clock: 'process', interfaces: { eth0 } }
    const four = await run(['-c', '1', '-I', 'eth0', 'db.lan', '22'], world)
    expect(four.io.net.attempts[0]?.request.sourceAddress).toBe('10.0.0.1')
    const six = await run(['-c', '1', '-I', 'eth0', 'fd00::2', '22'], world)
    expect(six.io.net.attempts[0]?.request.sourceAddress).toBe('fd00::1')
    const both = await run(['-c', '1', '-I', 'eth0', 'db.lan', 'fd00::2', '22'], world)
    expect(both).toMatchObject({ status: 2, stderr: 'tcping: -I: 10.0.0.1 cannot reach fd00::2: use -4\n' })
  })

  it('probes every port of a list, and ranges', async () => {
    const { io } = await run(['-c', '1', 'db.lan', '22,80,8000-8002,ssh'], WORLD)
    expect(io.net.attempts.map(({ request }) => request.port)).toEqual([22, 80, 8000, 8001, 8002])
  })
})

describe('what a probe costs', () => {
  it('-c 1 ends with the answer, at once', async () => {
    const { io } = await run(['-c', '1', 'db.lan', '22'], WORLD)
    expect(io.clock.nowNs()).toBe(0.25e6)
  })

  it('keeps the interval from start to start, whatever answers take', async () => {
    const world: World = { ports: { '10.0.0.2:22': [OPEN, STEALTH, CLOSED, OPEN] } }
    const { io } = await run(['-c', '4', '-i', '0.2', '10.0.0.2', '22'], world)
    expect(io.net.attempts.map(({ atNs }) => atNs / 1e6)).toEqual([0, 200, 400, 600])
    expect(io.net.open()).toBe(0)
  })
})

describe('about the program', () => {
  it.each([
    ['--version', new RegExp(`^tcping ${VERSION}\n$`)],
    ['--help', /--until/],
    ['--man', /^\.TH/m],
    ['--completion=bash', /tcping/],
    ['--completion=zsh', /tcping/],
    ['--completion=fish', /tcping/],
  ])('%s goes to standard output with status 0, without a probe', async (option, text) => {
    const { status, stdout, stderr, io } = await run([option], WORLD)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(text)
    expect(io.net.attempts).toEqual([])
  })

  it('tells every option in its help', async () => {
    const { stdout } = await run(['--help'], WORLD)
    const options = '-c -i -W -w -4 -6 -I -q -a -D -f -n -v -r -F --until --beep --on-change --json --csv'
    const more =
      '--prometheus --timestamp --tls --report --exit-code --require --close --clock --graph --syn --backend'
    for (const option of `${options} ${more}`.split(' ')) expect(stdout).toContain(option)
  })
})
