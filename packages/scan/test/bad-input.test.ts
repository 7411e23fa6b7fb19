import { describe, expect, it } from 'vitest'
import { OPEN, rowsOf, scan, worldOf } from './kit.ts'

const WORLD = worldOf({ '10.0.0.2:22': OPEN })
const ILLEGAL =
  'Your port specifications are illegal.  Example of proper form: "-100,200-1024,T:3000-4000,U:60000-"'

/** What nmap 7.93 says; `QUITTING!` follows. */
const QUITS = [
  ['-p 65536', 'Ports specified must be between 0 and 65535 inclusive'],
  ['-p 99999999999999999999', 'Ports specified must be between 0 and 65535 inclusive'],
  ['-p 30-20', 'Your port range 30-20 is backwards. Did you mean 20-30?'],
  ['-p abc-', "Found no matches for the service mask 'abc-' and your specified protocols"],
  ['-p ,,', `Error #485: ${ILLEGAL}`],
  ['-p +5', `Error #485: ${ILLEGAL}`],
  ['-p 22;80', `Error #487: ${ILLEGAL}`],
  ['-p 0x16', `Error #487: ${ILLEGAL}`],
  ['-p 1-2-3', `Error #488: ${ILLEGAL}`],
  ['-p 22 -p 80', 'Only 1 -p option allowed, separate multiple ranges with commas.'],
  ['-sn -p 22', 'You cannot use -F (fast scan) or -p (explicit port selection) when not doing a port scan'],
  ['-sn -F', 'You cannot use -F (fast scan) or -p (explicit port selection) when not doing a port scan'],
  [
    '-T9',
    'Unknown timing mode (-T argument).  Use either "Paranoid", "Sneaky", "Polite", "Normal", "Aggressive", "Insane" or a number from 0 (Paranoid) to 5 (Insane)',
  ],
  ['--min-rate 100 --max-rate 10 -p22', '--min-rate=100 must be less than or equal to --max-rate=10'],
  ['-4 -6', 'Cannot use both -4 and -6 in one scan.'],
] as const

const STARTS = [
  ['-p T:', 'No ports specified'],
  ['-F -p 22', 'You cannot use -F (fast scan) with -p (explicit port selection)'],
  ['-sSF', 'You specified more than one type of TCP scan.'],
  ['-sn -sS', '-sL and -sn (skip port scan) are not valid with any other scan types'],
  ['--min-rate abc', 'Argument to --min-rate must be a positive floating-point number'],
  ['--max-retries x', ''],
  ['--host-timeout 5q', ''],
  ['--host-timeout -1', ''],
  ['--max-open x', ''],
  ['--top-ports 0', ''],
  ['--ttl 256', ''],
  ['--seed x', ''],
  ['-O', '-O is refused: '],
  ['-A', '-A is refused: '],
  ['-D RND:5', '-D is refused: '],
  ['--script default', '--script is refused: '],
  ['-sI zombie', '-sI is refused: '],
  ['-oX - -oG -', 'only one report can go to standard output'],
  ['-iL /no/list', 'Failed to open input file /no/list for reading'],
  ['--excludefile /no/list', ''],
  ['--servicedb /no/services', ''],
] as const

/** GNU getopt's. */
const SHAPES = [
  ['--foo', "portscan: unrecognized option '--foo'"],
  ['-p', "portscan: option requires an argument -- 'p'"],
  ['--max-rate', "portscan: option '--max-rate' requires an argument"],
  ['--open=5', "portscan: option '--open' doesn't allow an argument"],
  ['--max-r', "portscan: option '--max-r' is ambiguous"],
] as const

describe('a command line that makes no sense', () => {
  it.each(QUITS)('%s: %s', async (words, sentence) => {
    const { out, err, status, io } = await scan(['-n', ...words.split(' '), '10.0.0.2'], WORLD)
    expect(err).toBe(`${sentence}\nQUITTING!\n`)
    expect([out, status]).toEqual(['', 1])
    expect(io.wire).toEqual([])
  })

  it.each(STARTS)('%s is an error, and nothing is sent: %s', async (words, start) => {
    const { out, err, status, io } = await scan(['-n', ...words.split(' '), '10.0.0.2'], WORLD)
    expect(err.startsWith(start)).toBe(true)
    expect(err.length).toBeGreaterThan(10)
    expect(err).not.toContain('internal')
    expect([out, status]).toEqual(['', 1])
    expect(io.wire).toEqual([])
  })

  it.each(SHAPES)('%s has not the shape of one: %s', async (words, sentence) => {
    const { out, err, status } = await scan(['10.0.0.2', ...words.split(' ')], WORLD)
    expect(err.startsWith(sentence)).toBe(true)
    expect(err).toContain('\nSee the output of portscan -h for a summary of options.\n')
    expect([out, status]).toEqual(['', 255])
  })

  it('cannot write to the terminal', async () => {
    for (const words of [['--\u001b[2J'], ['-p', '\u001b[2J'], ['-oN', '/no/\u001b[2J'], ['\u001b[2J']]) {
      const world = { ...WORLD, unwritable: { '/no/\u001b[2J': 'ENOENT' } }
      const { out, err } = await scan(['-n', ...words], world)
      expect(out + err).not.toContain('\u001b')
    }
  })
})

describe('targets that make no sense are passed over with a warning, as nmap does it:', () => {
  it.each([
    ['10.0.0.2/33', 'Illegal netmask in "10.0.0.2/33". Assuming /32 (one host)\n', 1],
    ['no.lan', 'Failed to resolve "no.lan".\n', 0],
    ['10.0.0.2 no.lan', 'Failed to resolve "no.lan".\n', 1],
    ['10.0.0.256', 'Failed to resolve "10.0.0.256".', 0],
    ['10.0.0.3-1', '', 0],
  ])('%s', async (targets, warning, hosts) => {
    const { out, err, status } = await scan(`-n -p 22 ${targets}`, WORLD)
    expect(err).toContain(warning)
    expect(err).not.toBe('')
    expect(rowsOf(out)).toHaveLength(hosts)
    expect(status).toBe(0)
  })
})

it('no target at all is said, and is no error', async () => {
  const { out, err, status } = await scan('-n -p 22', WORLD)
  expect(err).toBe('WARNING: No targets were specified, so 0 hosts scanned.\n')
  expect(out).toMatch(/\nNmap done: 0 IP addresses \(0 hosts up\) scanned in 0\.0\d seconds\n$/)
  expect(status).toBe(0)
})

it('ports that are named twice are asked once, and that is said', async () => {
  const { out, err } = await scan('-n -p 22,22,20-23 10.0.0.2', WORLD)
  expect(err).toMatch(/[Dd]uplicate/)
  expect(rowsOf(out)).toHaveLength(4)
})

it('ports for UDP without -sU are said, and not asked', async () => {
  const { out, err } = await scan('-n -p T:22,U:53 10.0.0.2', WORLD)
  expect(err).toContain('Your ports include "U:" but you haven\'t specified UDP scan with -sU.\n')
  expect(rowsOf(out)).toEqual(['22/tcp open ssh'])
})
