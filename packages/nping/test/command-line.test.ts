import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPTIONS } from '../src/command-line/options.ts'
import { REFUSED } from '../src/command-line/refused.ts'
import { complaintAbout, run, settingsOf } from './command-line-kit.ts'

const HOST = '10.77.0.2'

/** Command lines with what they come to, without a target: the test adds one. */
const READ: readonly (readonly [argv: string, part: object])[] = [
  [
    '',
    {
      mode: undefined,
      count: undefined,
      intervalNs: 1e9,
      timeoutMs: 1000,
      verbosity: 0,
      debug: 0,
      ports: undefined,
    },
  ],
  ['--tcp-connect', { mode: 'tcp-connect' }],
  ['-tcp-connect', { mode: 'tcp-connect' }],
  ['-tcp', { mode: 'tcp' }],
  ['--tcp --tcp', { mode: 'tcp' }],
  ['--udp', { mode: 'udp' }],
  ['--u', { mode: undefined, error: true }],
  ['--ud', { mode: 'udp' }],
  ['-icmp', { mode: 'icmp', icmp: { kind: 'echo', id: undefined, seq: undefined } }],
  ['--echo-request', { mode: 'icmp' }],
  ['--timestamp', { mode: 'icmp', icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--timestamp-request', { mode: 'icmp', icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type time', { icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type timestamp', { icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type 13', { icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type 0xd', { icmp: { kind: 'timestamp', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type e --icmp-code 0', { icmp: { kind: 'echo', id: undefined, seq: undefined } }],
  ['--icmp --icmp-type 8 --icmp-id 77 --icmp-seq rand', { icmp: { kind: 'echo', id: 77, seq: 'random' } }],
  ['--arp', { mode: 'arp' }],
  ['--arp-request', { mode: 'arp' }],
  ['--arp --arp-type ARP-request', { mode: 'arp' }],
  ['--arp --arp-op ARP', { mode: 'arp' }],
  ['--tcp --tr', { traceroute: true }],
  ['--tcp --traceroute', { traceroute: true }],
  ['-tr', { traceroute: true, mode: undefined }],
  ['-4', { family: 4 }],
  ['--ipv4', { family: 4 }],
  ['--IPv4', { family: 4 }],
  ['-6 -4', { family: 4 }],
  ['-p22', { ports: [22] }],
  ['-p 22,80', { ports: [22, 80] }],
  ['--dest-p 80', { ports: [80] }],
  ['-dest-port=80', { ports: [80] }],
  ['-p 9 -p 10', { ports: [10] }],
  ['-p 111,22,22', { ports: [22, 111] }],
  ['-p ssh,https', { ports: [22, 443] }],
  ['-p -3', { ports: [1, 2, 3] }],
  ['-p 0', { ports: [0] }],
  ['-p 65534-', { ports: [65_534, 65_535] }],
  ['-g 53', { sourcePort: 53 }],
  ['-g0', { sourcePort: 0 }],
  ['--source-port rand', { sourcePort: 'random' }],
  ['-c1', { count: 1 }],
  ['-c 0', { count: 0 }],
  ['--c 0x10', { count: 16 }],
  ['-count=010', { count: 8 }],
  ['--delay 0', { intervalNs: 1000 }],
  ['--delay 0010ms', { intervalNs: 10e6 }],
  ['--delay 1.5', { intervalNs: 1.5e9 }],
  ['--delay 9.99', { intervalNs: 9.99e9 }],
  ['--delay .25ms', { intervalNs: 250_000 }],
  ['--delay 300us', { intervalNs: 300_000 }],
  ['--delay 1500ns', { intervalNs: 1500 }],
  ['--delay 2m', { intervalNs: 120e9 }],
  ['--delay 0.25h', { intervalNs: 900e9 }],
  ['--delay 10s', { intervalNs: 10e9 }],
  ['--rate 600', { intervalNs: 1e9 / 600 }],
  ['--rate 2.5', { intervalNs: 4e8 }],
  ['--rate 1000000', { intervalNs: 1000 }],
  ['--ra 10', { error: true }],
  ['--rate 10 --delay 2', { intervalNs: 2e9 }],
  ['--delay 2 --rate 10', { intervalNs: 1e8 }],
  ['--timeout 250ms', { timeoutMs: 250 }],
  ['-v', { verbosity: 1 }],
  ['-vvv', { verbosity: 3 }],
  ['-vvvvvv', { verbosity: 4 }],
  ['-v3', { verbosity: 3 }],
  ['-v-2', { verbosity: -2 }],
  ['-v -v -q', { verbosity: 1 }],
  ['--verbose', { verbosity: 1 }],
  ['--verb=2', { verbosity: 2 }],
  ['-q', { verbosity: -1 }],
  ['-q2', { verbosity: -2 }],
  ['-qqq', { verbosity: -3 }],
  ['--reduce-verbosity', { verbosity: -1 }],
  ['--quiet', { verbosity: -4 }],
  ['--debug', { verbosity: 4, debug: 9 }],
  ['--debug -d1 -q0', { verbosity: 0, debug: 1 }],
  ['-d', { verbosity: 1, debug: 1 }],
  ['-d2', { verbosity: 2, debug: 2 }],
  ['-ddd', { verbosity: 3, debug: 3 }],
  ['-d9', { verbosity: 4, debug: 9 }],
  ['-v3 -d1', { verbosity: 1, debug: 1 }],
  ['-H', { hideSent: true }],
  ['--hide', { hideSent: true }],
  ['-HN', { hideSent: true, noCapture: true }],
  ['-N', { noCapture: true }],
  ['-e lo', { interfaceName: 'lo' }],
  ['--interf=lo', { interfaceName: 'lo' }],
  ['-S 10.77.0.1', { sourceAddress: '10.77.0.1' }],
  ['--source-ip 10.77.0.1', { sourceAddress: '10.77.0.1' }],
  ['-ttl 5', { ip: { ttl: 5, tos: undefined, id: undefined, dontFragment: false, mtu: undefined } }],
  ['--ttl 5 --hop 6', { ip: { ttl: 6, tos: undefined, id: undefined, dontFragment: false, mtu: undefined } }],
  ['--tos 16 --id 0x10 -df', { ip: { ttl: undefined, tos: 16, id: 16, dontFragment: true, mtu: undefined } }],
  ['--tc 7 -f', { ip: { ttl: undefined, tos: 7, id: undefined, dontFragment: false, mtu: 72 } }],
  ['--mtu 24 -f', { ip: { ttl: undefined, tos: undefined, id: undefined, dontFragment: false, mtu: 24 } }],
  [
    '--tcp --seq 1 --ack random --win 0',
    { tcp: { flags: 2, seq: 1, ack: 'random', window: 0, likeSystem: false } },
  ],
  ['--tcp --w=3', { tcp: { flags: 2, seq: undefined, ack: undefined, window: 3, likeSystem: false } }],
  [
    '--tcp --like',
    { tcp: { flags: 2, seq: undefined, ack: undefined, window: undefined, likeSystem: true } },
  ],
  ['--badsum', { badSum: true }],
  ['--data 0xdeAD', { payload: { octets: Uint8Array.of(0xde, 0xad) } }],
  ['--data dead', { payload: { octets: Uint8Array.of(0xde, 0xad) } }],
  ['--data \\xde\\xad', { payload: { octets: Uint8Array.of(0xde, 0xad) } }],
  ['--data-string hé', { payload: { octets: Uint8Array.of(0x68, 0xc3, 0xa9) } }],
  ['--data-string=', { payload: { octets: new Uint8Array() } }],
  ['--data-length 0', { payload: { randomLength: 0 } }],
  ['--data-length 20', { payload: { randomLength: 20 } }],
  ['--privileged', { privileged: 'yes' }],
  ['--privileged --unprivileged', { privileged: 'no' }],
  ['--unp', { privileged: 'no' }],
  ['--send-ip', { mode: undefined }],
  ['--udp --udp-payloads', { udpPayloads: true }],
  ['--json --rtt --exit-code nping', { json: true, rtt: true, exitCode: 'nping' }],
  ['--backend kernel --clock process', { backend: 'kernel', clock: 'process' }],
  ['--write a.pcap', { write: 'a.pcap', read: undefined }],
]

describe('the command line', () => {
  it.each(READ)('understands %s', async (line, part) => {
    const argv = [...line.split(' ').filter((word) => word !== ''), HOST]
    if ('error' in part) expect(await complaintAbout(...argv)).toMatch(/is ambiguous/)
    else expect(await settingsOf(...argv)).toMatchObject(part)
  })

  it.each([
    ['--dest x', /^nping-ts: option --dest is ambiguous: .*--dest-port/],
    ['--bogus', /^nping-ts: unknown option --bogus/],
    ['-x', /^nping-ts: unknown option -x/],
    ['--tcp -p', /needs a value/],
    ['--badsum=1', /takes no value/],
    ['--debug=3', /takes no value/],
  ])('says what is wrong with the spelling %s', async (line, words) => {
    expect(await complaintAbout(...line.split(' '))).toMatch(words)
  })

  it('lets our own names give way to the abbreviations that nping takes', async () => {
    expect(await settingsOf('--c', '3', HOST)).toMatchObject({ count: 3 })
    expect(await settingsOf('--tcp', '--w', '3', HOST)).toMatchObject({ tcp: { window: 3 } })
    expect(await settingsOf('--v', HOST).catch((error: Error) => error.message)).toContain('is ambiguous')
    expect(await settingsOf('--f', '18', HOST).catch((error: Error) => error.message)).toContain(
      'is ambiguous',
    )
    for (const name of ['clock', 'write', 'json', 'timeout', 'max-targets', 'like-system'] as const) {
      expect(OPTIONS[name].yields).toBe(true)
    }
  })

  it.each(Object.entries(REFUSED))('refuses --%s by its reason', async (name, [kind, why]) => {
    const argv = kind === 'flag' ? [`--${name}`] : [`--${name}`, '1']
    expect(await complaintAbout(...argv, HOST)).toBe(`nping-ts: --${name} is refused: ${why}`)
  })

  it.each([
    ['--echo-c pw', 'echo-client'],
    ['-bpf tcp', 'bpf-filter'],
    ['--ev', 'evil'],
    ['--spoof 0', 'spoof-mac'],
    ['-redirect', undefined],
  ])('knows a refused option by an abbreviation: %s', async (line, name) => {
    const words = await complaintAbout(...line.split(' '), HOST)
    expect(words).toContain(name === undefined ? 'unknown option' : `--${name} is refused: `)
  })

  it('needs no target to report on a capture, and takes targets in the order of nping', async () => {
    expect(await settingsOf('--read', 'a.pcap')).toMatchObject({
      read: 'a.pcap',
      targets: [],
      targetCount: 0,
    })
    const { targets, targetCount } = await settingsOf('a.lan', '10.0.0.0/30', '--dest-ip', '10.9.0.1', '::1')
    expect(targets.map(({ text }) => text)).toEqual(['10.9.0.1', 'a.lan', '10.0.0.0/30', '::1'])
    expect(targetCount).toBe(7)
  })

  it('shows help for no words at all and ends with the status of a mistake', async () => {
    const { stdout, stderr, status } = await run()
    expect(status).toBe(2)
    expect(stderr).toBe('')
    expect(stdout).toContain('Usage: nping-ts [option]... target...')
  })

  it('shows help for -h, names every option but the hidden ones, and succeeds', async () => {
    const { stdout, status } = await run('-h')
    expect(status).toBe(0)
    const shown = Object.entries(OPTIONS).filter(([, spec]) => !('hidden' in spec))
    for (const [name] of shown) expect(stdout).toContain(`--${name}`)
    expect(stdout).not.toContain('--echo-client')
    expect(stdout).toContain('--verbose[=N]')
  })

  it.each(['-V', '--version', '-version'])('shows its version for %s in the shape of nping', async (word) => {
    expect(await run(word)).toMatchObject({ status: 0, stdout: '\nNping-ts version 1.2.3 ( portkit )\n' })
  })

  it('writes a manual page that lists what is refused, and completion that does not', async () => {
    const man = await run('--man')
    expect(man.stdout).toContain('.SH "REFUSED ON PURPOSE"')
    expect(man.stdout).toContain('\\-\\-echo\\-client')
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await run('--completion', shell)
      expect(stdout).toContain('tcp-connect')
      expect(stdout).not.toContain('echo-client')
    }
  })

  it('ends with 1 for a mistake when the exit status is to be that of nping', async () => {
    expect((await run('--exit-code', 'nping', '--tcp', '--udp', HOST)).status).toBe(1)
    expect((await run('--tcp', '--udp', HOST)).status).toBe(2)
  })

  it.each([
    [['--bogus', '--exit-code', 'nping', HOST], 1],
    [['--bogus', '--exit-code=nping', HOST], 1],
    [['-exit-code=nping', '--bogus', HOST], 1],
    [['--bogus', HOST, 'nping'], 2],
    [['--bogus', '--exit-code', 'state', HOST], 2],
  ])('looks for that wish also behind what it cannot read: %j', async (argv, status) => {
    expect((await run(...argv)).status).toBe(status)
  })

  it('reads or refuses any words, and never breaks', async () => {
    const names = Object.keys(OPTIONS)
    const word = fc.oneof(
      fc.constantFrom(...names).map((name) => `--${name}`),
      fc.constantFrom(...names).chain((name) => fc.string({ maxLength: 6 }).map((v) => `-${name}=${v}`)),
      fc.string({ maxLength: 8 }),
      fc.constantFrom('10.0.0.1', '::1', 'a.lan', '-v3', '-p', '1-', 'rand', '0x7', '-qq'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const { status, stderr } = await run(...argv)
        expect(stderr).not.toContain('internal error')
        expect([0, 1, 2]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })
})
