import { describe, expect, it } from 'vitest'
import { foreignLabel, REFUSED } from '../src/command-line/refused.ts'
import { complaintAbout, run, settingsOf } from './settings-kit.ts'

describe('values that make no sense', () => {
  it.each([
    ['-T9', /^Unknown timing mode \(-T argument\)\. {2}Use either "Paranoid", "Sneaky", .* 5 \(Insane\)$/],
    ['-Tfast', /^Unknown timing mode \(-T argument\)\./],
    ['--min-rate abc', 'Argument to --min-rate must be a positive floating-point number: abc'],
    ['--max-rate 0', 'Argument to --max-rate must be a positive floating-point number: 0'],
    ['--max-rate -1', 'Argument to --max-rate must be a positive floating-point number: -1'],
    ['--min-rate 1e99', 'Argument to --min-rate must be a positive floating-point number: 1e99'],
    ['--max-retries x', '--max-retries: not a whole number from 0 to 50: x'],
    ['--max-retries -1', '--max-retries: not a whole number from 0 to 50: -1'],
    ['--max-retries 51', '--max-retries: not a whole number from 0 to 50: 51'],
    ['--host-timeout x', /^Bogus --host-timeout argument specified: x is not a time such as 100ms,/],
    ['--scan-delay -1', /^Bogus --scan-delay argument specified: -1 is not a time/],
    ['--stats-every 0', /^Bogus --stats-every argument specified: 0 is not a time above 0 such as/],
    ['--min-rtt-timeout 5x', /^Bogus --min-rtt-timeout argument specified/],
    ['--max-rtt-timeout 0', /^Bogus --max-rtt-timeout argument specified/],
    ['--initial-rtt-timeout 99d', /^Bogus --initial-rtt-timeout argument specified/],
    ['--min-parallelism 0', 'Argument to --min-parallelism must be at least 1!'],
    ['--max-parallelism 1.5', 'Argument to --max-parallelism must be at least 1!'],
    ['-M x', 'Argument to -M must be at least 1!'],
    ['--max-hostgroup 0', 'Argument to --max-hostgroup must be at least 1!'],
    ['--max-open 0', '--max-open: not a whole number from 1 to 65535: 0'],
    ['--top-ports 0', '--top-ports should be an integer 1 or greater'],
    ['--top-ports x', '--top-ports should be an integer 1 or greater'],
    ['--top-ports 1.5', '--top-ports should be an integer 1 or greater'],
    ['-sV --version-intensity 10', 'version-intensity must be between 0 and 9'],
    ['-sV --version-intensity x', 'version-intensity must be between 0 and 9'],
    ['--ttl 300', '--ttl: not a whole number from 1 to 255: 300'],
    ['--data-length 1401', '--data-length: not a whole number from 0 to 1400: 1401'],
    ['-g 0', '-g: not a port from 1 to 65535: 0'],
    ['--source-port 65536', '--source-port: not a port from 1 to 65535: 65536'],
    ['-vx', 'Invalid argument to -v: "x".'],
    ['-v11', 'Invalid argument to -v: "11".'],
    ['-dv', 'Invalid argument to -d: "v".'],
    ['-v0', '-v0 is refused: for no text at all send standard output to /dev/null'],
    ['-sQ', 'Scantype Q not supported'],
    ['-sSz', 'Scantype z not supported'],
    ['-Px', /^Illegal Argument to -P, use -Pn, -PE,/],
    ['-P', /^Illegal Argument to -P,/],
    ['-PEx', /^Illegal Argument to -P,/],
    ['-PS70000', 'Ports specified must be between 0 and 65535 inclusive'],
    ['-PA30-20', 'Your port range 30-20 is backwards. Did you mean 20-30?'],
    ['-PUssh', /^Your port specifications are illegal\./],
    ['-PS22,,80', /^Your port specifications are illegal\./],
    ['-PS-', /^Your port specifications are illegal\./],
    ['-PS1-', /^more than 1024 ports to ping a host at/],
    ['--seed -1', /^--seed: not a number of 32 bits .*: -1$/],
    ['--seed 4294967296', /^--seed: not a number of 32 bits/],
    ['--seed 1 --shard 0/4', /^--shard: parts are counted from 1: 0\/4$/],
    ['--seed 1 --shard 5/4', /^--shard: not I\/N/],
    ['--seed 1 --shard 1', /^--shard: not I\/N/],
    ['--seed 1 --shard 1/9999999999', /^--shard: not I\/N/],
    ['--colour red', '--colour: not one of auto, always, never: red'],
    ['--exit-code 1', '--exit-code: not one of nmap, state: 1'],
    ['-oX=', '-oX: must not be empty'],
    ['-iL=', '-iL: must not be empty'],
    ['--exclude-ports=', '--exclude-ports: must not be empty'],
  ] as const)('%s', async (words, why) => {
    const complaint = await complaintAbout(...words.split(' '), 't')
    if (typeof why === 'string') expect(complaint).toBe(why)
    else expect(complaint).toMatch(why)
  })

  it('-s without a letter is told the usual ones', async () => {
    expect(await complaintAbout('-s', '', 't')).toMatch(/^An option is required for -s, most common are -sT/)
  })
})

const MORE_TCP =
  'You specified more than one type of TCP scan.  Please choose only one of -sA, -sT, -sF, -sM, -sN, -sS, -sW, and -sX'
const NO_SCAN = '-sL and -sn (skip port scan) are not valid with any other scan types'
const NO_PORTS = 'You cannot use -F (fast scan) or -p (explicit port selection) when not doing a port scan'
const ROOT = 'You requested a scan type which requires root privileges.'
const RESUME = '--resume goes on as the run began: without'

describe('contradictions', () => {
  it.each([
    ['-sS -sT', MORE_TCP],
    ['-sSA', MORE_TCP],
    ['-sU -sX -sM', MORE_TCP],
    ['-sn -sS', NO_SCAN],
    ['-sL -sU', NO_SCAN],
    ['-sn -p 22', NO_PORTS],
    ['-sL -F', NO_PORTS],
    ['-sn --top-ports 5', 'You cannot use --top-ports when not doing a port scan'],
    ['-sn --exclude-ports 5', 'You cannot use --exclude-ports when not doing a port scan'],
    ['-sn -sV', '-sV asks open ports: it does not go with -sL and -sn (skip port scan)'],
    ['-p 22 -p 80', 'Only 1 -p option allowed, separate multiple ranges with commas.'],
    [
      '--exclude-ports 1 --exclude-ports 2',
      'Only 1 --exclude-ports option allowed, separate multiple ranges with commas.',
    ],
    [
      '-F -p 22',
      'You cannot use -F (fast scan) with -p (explicit port selection) but see --top-ports to fast scan a range of ports',
    ],
    ['-F --top-ports 5', '-F is --top-ports 100: one of them is enough'],
    ['--version-light', '--version-light is about versions of services: it goes with -sV'],
    ['--version-intensity 7', '--version-intensity is about versions of services: it goes with -sV'],
    ['-sS --allports', '--allports is about versions of services: it goes with -sV'],
    ['--unprivileged -sS', ROOT],
    ['-sTU --unprivileged', ROOT],
    ['--min-rate 100 --max-rate 10', '--min-rate=100 must be less than or equal to --max-rate=10'],
    [
      '--max-parallelism 3 --min-parallelism 9',
      '--min-parallelism=9 must be less than or equal to --max-parallelism=3',
    ],
    [
      '--min-hostgroup 10 --max-hostgroup 5',
      '--min-hostgroup=10 must be less than or equal to --max-hostgroup=5',
    ],
    [
      '--min-rtt-timeout 2 --max-rtt-timeout 1',
      '--min-rtt-timeout=2000ms must be less than or equal to --max-rtt-timeout=1000ms',
    ],
    [
      '--initial-rtt-timeout 9 --max-rtt-timeout 1',
      '--initial-rtt-timeout=9000ms must be less than or equal to --max-rtt-timeout=1000ms',
    ],
    [
      '--min-rtt-timeout 9 --initial-rtt-timeout 1',
      '--min-rtt-timeout=9000ms must be less than or equal to --initial-rtt-timeout=1000ms',
    ],
    ['-4 -6', 'Cannot use both -4 and -6 in one scan.'],
    ['--exclude a --excludefile b', '--excludefile and --exclude options are mutually exclusive.'],
    ['-iL a -iL b', 'Only one input filename allowed'],
    ['-Pn -PE', '-Pn asks no host whether it is up: it does not go with -PE'],
    ['-PS22 -Pn', '-Pn asks no host whether it is up: it does not go with -PS'],
    ['-Pn -PR', '-Pn asks no host whether it is up: it does not go with -PR'],
    ['-PS22 -PS80', 'Only one -PS option is allowed. Combine port ranges with commas.'],
    ['-PU -PU53', 'Only one -PU option is allowed. Combine port ranges with commas.'],
    ['-PR --disable-arp-ping', '-PR and --disable-arp-ping do not go together'],
    ['-sT --badsum', '--badsum is for packets of our own making: it does not go with -sT'],
    ['--unprivileged --badsum', '--badsum is for packets of our own making: it does not go with -sT'],
    ['-sT --data-length 5', '--data-length is for packets of our own making: it does not go with -sT'],
    ['-oX - -oG -', 'only one report can go to standard output'],
    ['--json --ndjson', 'only one report can go to standard output'],
    ['-oN - --json', 'only one report can go to standard output'],
    ['-oN a -oX a', 'two reports cannot go to one file: a'],
    ['-oA a -oJ a.xml', 'two reports cannot go to one file: a.xml'],
    ['-oA -', '-oA needs a name for its files: standard output takes one report'],
    ['--shard 1/2', '--shard needs --seed: all parts of a scan have the same one'],
    ['--resume f', '--resume goes on as the run began: without further targets'],
    ['--resume f -p 22', `${RESUME} -p`],
    ['--resume f -iL g', `${RESUME} -iL`],
    ['--resume f -T4', `${RESUME} -T`],
    ['--resume f --exclude a', `${RESUME} --exclude`],
    ['--resume f --checkpoint g', `${RESUME} --checkpoint`],
    ['--resume f --seed 1', `${RESUME} --seed`],
  ])('%s', async (words, why) => {
    expect(await complaintAbout(...words.split(' '), 't')).toBe(why)
  })

  it.each([
    '-sT -sU',
    '-sTV',
    '-sUT --badsum',
    '--unprivileged -sT',
    '-sLn',
    '-Pn -sn',
    '-p 22 --top-ports 1',
  ])('%s go together', async (words) => expect(await settingsOf(...words.split(' '), 't')).toBeDefined())
})

describe('what nmap has and portscan does not', () => {
  it.each(Object.entries(REFUSED))('%s is refused, and why', async (name, [kind, why]) => {
    const label = foreignLabel(name)
    expect(await complaintAbout(label, ...(kind === 'value' ? ['x'] : []), 't')).toBe(
      `${label} is refused: ${why}`,
    )
  })

  it.each(['-O', '-A', '-f', '-D', '-b', '-sI', '-iR', '-oS', '--script', '--traceroute', '--port-ratio'])(
    '%s is among them',
    (label) => expect(Object.keys(REFUSED).map(foreignLabel)).toContain(label),
  )

  it.each(['-sC', '-sO', '-sY', '-sZ', '-sR', '-sSC', '-PO', '-PY80'])(
    '%s is refused, and why',
    async (word) => {
      const label = word.replace('SC', 'C').replace('80', '')
      expect(await complaintAbout(word, 't')).toMatch(new RegExp(`^${label} is refused: [a-z].{10,}$`, 'i'))
    },
  )

  it('-A names what there is', async () => expect(await complaintAbout('-A', 't')).toContain('-sV is'))
})

describe('a command line that cannot be taken apart', () => {
  const HINT = 'See the output of portscan -h for a summary of options.\n'

  it.each([
    [['--foo', 't'], "unrecognized option '--foo'"],
    [['--resum'], "option '--resume' requires an argument"],
    [['-z', 't'], "unrecognized option '-z'"],
    [['-nz', 't'], "unrecognized option '-nz'"],
    [['-p'], "option requires an argument -- 'p'"],
    [['-T'], "option requires an argument -- 'T'"],
    [['-oX'], "option '-oX' requires an argument"],
    [['--min-rate'], "option '--min-rate' requires an argument"],
    [['--open=3', 't'], "option '--open' doesn't allow an argument"],
    [['--reson', 't'], "unrecognized option '--reson'; did you mean --reason?"],
    [
      ['--min-p', '3', '--ma', '5'],
      "option '--ma' is ambiguous; possibilities: '--max-rate' '--max-retries' '--max-rtt-timeout' '--max-parallelism' " +
        "'--max-hostgroup' '--max-open' '--max-os-tries' '--max-scan-delay'",
    ],
  ])('%j ends with 255', async (argv, why) => {
    const { status, stdout, stderr } = await run(...argv)
    expect({ status, stdout, stderr }).toEqual({
      status: 255,
      stdout: '',
      stderr: `portscan: ${why}\n${HINT}`,
    })
  })

  it('nothing at all shows the help and ends with 255', async () => {
    const { status, stdout, stderr } = await run()
    expect({ status, stderr }).toEqual({ status: 255, stderr: '' })
    expect(stdout).toMatch(/^Usage: portscan \[option\]\.\.\. target/)
  })

  it('has the statuses of --exit-code state where that is asked for', async () => {
    expect((await run('--exit-code', 'state', '--foo')).status).toBe(4)
    expect((await run('--foo', '--exit-code=state')).status).toBe(4)
    expect((await run('--exit-code', 'state', '-T9', 't')).status).toBe(4)
  })

  it('tells control characters as text', async () => {
    expect((await run('--\u001b[1m')).stderr).toContain("'--\\x1b[1m'")
    expect(await complaintAbout('-v\u001b', 't')).toBe('Invalid argument to -v: "\\x1b".')
    expect(await complaintAbout('-oN', '\u001b', '-oX', '\u001b')).toContain('\\x1b')
  })
})
