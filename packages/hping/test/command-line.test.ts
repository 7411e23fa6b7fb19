import { describe, expect, it } from 'vitest'
import { OPTIONS } from '../src/command-line/options.ts'
import { REFUSED } from '../src/command-line/refused.ts'
import { complaintAbout, KNOWN, run, settingsOf, TABLE } from './command-line-kit.ts'

const HOST = '10.77.0.2'
const TCP = { flags: 0, window: 512, seq: undefined, ack: undefined, mss: undefined, timestamp: false }
const IP = {
  ttl: undefined,
  tos: 0,
  id: undefined,
  dontFragment: false,
  recordRoute: false,
  moreFragments: false,
  fragmentOffset: 0,
  mtu: undefined,
}
const octets = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Command lines with what they come to, without a host: the test adds one. */
const READ: readonly (readonly [line: string, part: object])[] = [
  [
    '',
    {
      mode: 'tcp',
      scan: undefined,
      host: HOST,
      family: 4,
      count: undefined,
      intervalNs: undefined,
      isCapped: false,
      timeoutMs: 1000,
      retries: 2,
      destination: { first: 0, rises: 'never' },
      sourcePort: undefined,
      keepSourcePort: false,
      tcp: TCP,
      icmp: 'echo',
      badSum: false,
      ip: IP,
      dataLength: 0,
      sign: octets(''),
      file: undefined,
      traceroute: false,
      trStop: false,
      trKeepTtl: false,
      trNoRtt: false,
      suspendRaises: 'port',
      interfaceName: undefined,
      source: undefined,
      backend: 'auto',
      clock: 'auto',
      numeric: false,
      quiet: false,
      verbose: false,
      debug: false,
      beep: false,
      dumpHex: false,
      dumpText: false,
      sequenceNumbers: false,
      json: false,
      exitCode: 'hping',
      write: undefined,
      read: undefined,
      given: [],
      notes: [],
    },
  ],
  ['-1', { mode: 'icmp', icmp: 'echo', suspendRaises: undefined }],
  ['--icmp', { mode: 'icmp' }],
  ['-2', { mode: 'udp', suspendRaises: 'port' }],
  ['--udp --udp', { mode: 'udp' }],
  ['-C 13', { mode: 'icmp', icmp: 'timestamp' }],
  ['-C8', { mode: 'icmp', icmp: 'echo' }],
  ['-C 0xd -K 0', { mode: 'icmp', icmp: 'timestamp' }],
  ['-K 0', { mode: 'icmp', icmp: 'echo' }],
  ['--icmp-ts', { mode: 'icmp', icmp: 'timestamp' }],
  ['--icmp-ts -C 8', { mode: 'icmp', icmp: 'echo' }],
  ['-C 8 --icmp-ts', { mode: 'icmp', icmp: 'timestamp' }],
  ['-S', { tcp: { ...TCP, flags: 2 } }],
  ['-SA', { tcp: { ...TCP, flags: 18 } }],
  ['-FPU', { tcp: { ...TCP, flags: 41 } }],
  ['-R', { tcp: { ...TCP, flags: 4 } }],
  ['-X', { tcp: { ...TCP, flags: 64 } }],
  ['-Y', { tcp: { ...TCP, flags: 128 } }],
  ['-SAFRPUXY', { tcp: { ...TCP, flags: 255 } }],
  ['--syn --ack', { tcp: { ...TCP, flags: 18 } }],
  ['--sy --pu', { tcp: { ...TCP, flags: 10 } }],
  ['-Sp22', { destination: { first: 22, rises: 'never' }, tcp: { ...TCP, flags: 2 } }],
  ['-p 22', { destination: { first: 22, rises: 'never' } }],
  ['-p22', { destination: { first: 22, rises: 'never' } }],
  ['-p 0x16', { destination: { first: 22, rises: 'never' } }],
  ['-p 026', { destination: { first: 22, rises: 'never' } }],
  ['-p +136', { destination: { first: 136, rises: 'answers' } }],
  ['-p ++20', { destination: { first: 20, rises: 'packets' } }],
  ['-p++65535', { destination: { first: 65_535, rises: 'packets' } }],
  ['--dest 22', { destination: { first: 22, rises: 'never' } }],
  ['--destport=+1', { destination: { first: 1, rises: 'answers' } }],
  ['-p 9 -p 10', { destination: { first: 10, rises: 'never' } }],
  ['-s 5050', { sourcePort: 5050, keepSourcePort: false }],
  ['-ks 0', { sourcePort: 0, keepSourcePort: true }],
  ['-w 1024', { tcp: { ...TCP, window: 1024 } }],
  ['-M 1000 -L 2000', { tcp: { ...TCP, seq: 1000, ack: 2000 } }],
  ['--setseq 0 --setack 4294967295', { tcp: { ...TCP, seq: 0, ack: 4_294_967_295 } }],
  ['--tcp-mss 1000 --tcp-timestamp', { tcp: { ...TCP, mss: 1000, timestamp: true } }],
  ['-b', { badSum: true }],
  ['-1b', { badSum: true, notes: [] }],
  ['-t 5', { ip: { ...IP, ttl: 5 } }],
  ['-o 10', { ip: { ...IP, tos: 16 } }],
  ['-o fF', { ip: { ...IP, tos: 255 } }],
  ['--tos 0x08', { ip: { ...IP, tos: 8 } }],
  ['-N 1234 -y', { ip: { ...IP, id: 1234, dontFragment: true } }],
  ['-1G', { ip: { ...IP, recordRoute: true } }],
  ['-f', { ip: { ...IP, mtu: 16 } }],
  ['-f -m 24', { ip: { ...IP, mtu: 24 } }],
  ['--mtu 24 -f', { ip: { ...IP, mtu: 24 } }],
  ['-x', { ip: { ...IP, moreFragments: true } }],
  ['-g 8', { ip: { ...IP, fragmentOffset: 8 } }],
  ['-xg 0x10', { ip: { ...IP, moreFragments: true, fragmentOffset: 16 } }],
  ['-d 5', { dataLength: 5, sign: octets('') }],
  ['-e SIG', { dataLength: 3, sign: octets('SIG') }],
  ['-e hé', { dataLength: 3, sign: octets('hé') }],
  ['-d 24 -e SIG -E file.txt', { dataLength: 24, sign: octets('SIG'), file: 'file.txt' }],
  ['-d 65495', { dataLength: 65_495 }],
  ['-2 -d 65507', { dataLength: 65_507 }],
  ['-1 -d 65507', { dataLength: 65_507 }],
  ['-c 3', { count: 3 }],
  ['--cou 0x10', { count: 16 }],
  ['-i 2', { intervalNs: 2e9 }],
  ['-i 10', { intervalNs: 10e9 }],
  ['-i 0.2', { intervalNs: 2e8 }],
  ['-i 20ms', { intervalNs: 20e6 }],
  ['-i u1000', { intervalNs: 1e6, isCapped: false }],
  ['-iu100', { intervalNs: 1e5, isCapped: false }],
  ['-i u99', { intervalNs: 1e5, isCapped: true }],
  ['-i u0', { intervalNs: 1e5, isCapped: true }],
  ['-i 0', { intervalNs: 1e5, isCapped: true }],
  ['--fast', { intervalNs: 1e8, isCapped: false }],
  ['--faster', { intervalNs: 1e5, isCapped: true }],
  ['--faster --max-rate 1000000', { intervalNs: 1000, isCapped: false }],
  ['--max-rate 5 --fast', { intervalNs: 2e8, isCapped: true }],
  ['--faster -i 3', { intervalNs: 3e9 }],
  ['-i 3 --fast', { intervalNs: 1e8 }],
  ['--max-rate 5', { intervalNs: undefined, isCapped: false }],
  ['-8 22', { intervalNs: undefined, isCapped: false, suspendRaises: undefined }],
  ['-8 22 --max-rate 100', { intervalNs: 1e7, isCapped: false }],
  ['-8 22 -i u100000', { intervalNs: 1e8 }],
  ['-8 22 --retries 0 -2', { retries: 0, mode: 'udp', scan: { text: '22', ports: [22] } }],
  ['--timeout 250ms', { timeoutMs: 250 }],
  ['--timeout 10', { timeoutMs: 10_000 }],
  ['-T', { traceroute: true, suspendRaises: 'ttl' }],
  ['-TZ', { traceroute: true, suspendRaises: undefined }],
  ['-T --tr-stop --tr-keep-ttl --tr-no-rtt', { trStop: true, trKeepTtl: true, trNoRtt: true }],
  ['-z', { suspendRaises: 'ttl' }],
  ['-1z', { suspendRaises: 'ttl' }],
  ['-Z', { suspendRaises: undefined }],
  ['-I raw', { interfaceName: 'raw' }],
  ['-a 10.77.0.1', { source: '10.77.0.1' }],
  ['--spoof me.lan', { source: 'me.lan' }],
  ['-nqVD', { numeric: true, quiet: true, verbose: true, debug: true }],
  ['-jJQ --beep', { dumpHex: true, dumpText: true, sequenceNumbers: true, beep: true }],
  ['-4', { family: 4 }],
  ['-6 -4', { family: 4 }],
  ['--tcpexitcode', { exitCode: 'flags' }],
  ['--exit-code state --json', { exitCode: 'state', json: true }],
  ['--backend kernel --clock process', { backend: 'kernel', clock: 'process' }],
  ['--write a.pcap', { write: 'a.pcap', read: undefined }],
  ['-S -p 22 -S', { given: ['syn', 'destport', 'syn'] }],
]

describe('the command line', () => {
  it.each(READ)('understands %s', async (line, part) => {
    const argv = line.split(' ').filter((word) => word !== '')
    expect(await settingsOf(...argv, HOST)).toMatchObject(part)
    expect(await settingsOf(HOST, ...argv)).toMatchObject(part)
  })

  it.each([
    ['fd00::2', 6],
    ['fe80::1%eth0', 6],
    ['10.0.0.1', 4],
    ['a.lan', undefined],
  ])('knows the family of %s without being told', async (host, family) => {
    expect(await settingsOf('-S', host)).toMatchObject({ host, family })
  })

  it('needs no host to report on a capture, and takes one', async () => {
    expect(await settingsOf('--read', 'a.pcap')).toMatchObject({ read: 'a.pcap', host: undefined })
    expect(await settingsOf('--read', 'a.pcap', HOST)).toMatchObject({ host: HOST, suspendRaises: undefined })
  })

  it('gives IPv6 packets the room that they have', async () => {
    expect(await settingsOf('-2', '-d', '65527', 'fd00::2')).toMatchObject({ dataLength: 65_527 })
    expect(await settingsOf('-d', '65515', 'fd00::2')).toMatchObject({ dataLength: 65_515 })
  })

  it.each([
    ['22', [22]],
    ['22,80,20-25', [20, 21, 22, 23, 24, 25, 80]],
    ['25-20', [20, 21, 22, 23, 24, 25]],
    ['20-25,!22', [20, 21, 23, 24, 25]],
    ['80,22,80', [22, 80]],
    ['known', KNOWN],
    ['known,!80', [7, 22]],
    ['20-23,!known', [20, 21, 23]],
    ['!22,22', [22]],
    ['22,!22,22', [22]],
    ['0,65535', [0, 65_535]],
    [' 22 , 23 ', [22, 23]],
    ['all,!0-65533', [65_534, 65_535]],
  ])('takes %s for a list of ports', async (text, ports) => {
    expect((await settingsOf('-S', '-8', text, HOST)).scan).toEqual({ text, ports })
  })

  it('means every port by all', async () => {
    const { scan } = await settingsOf('--scan', 'all', HOST)
    expect(scan?.ports).toEqual(Array.from({ length: 65_536 }, (_, port) => port))
  })

  it.each([
    ['-1 -S -p 22 -w 5 -k', ['-S', '-p', '-w', '-k'].map((name) => `${name} means nothing in ICMP mode`)],
    ['-2 -SQ --tcp-mss 5', ['-S', '-Q', '--tcp-mss'].map((name) => `${name} means nothing in UDP mode`)],
    ['-8 22 -k -j -z', ['-k', '-j', '-z'].map((name) => `${name} means nothing with -8`)],
    ['-S -q -j -j --beep', ['-j means nothing with -q', '--beep means nothing with -q']],
    ['-S --json -Vnq', ['-V', '-n', '-q'].map((name) => `${name} means nothing with --json`)],
    ['--read a.pcap -c 3 -S -t 5', ['-c means nothing with --read', '-t means nothing with --read']],
  ])('says which options mean nothing: %s', async (line, notes) => {
    expect((await settingsOf(...line.split(' '), HOST)).notes).toEqual(notes)
  })

  it.each(Object.entries(REFUSED))('refuses --%s by its reason', async (name, [kind, why]) => {
    const argv = kind === 'flag' ? [`--${name}`] : [`--${name}`, '1']
    expect(await complaintAbout(...argv, HOST)).toBe(`--${name} is refused: ${why}`)
  })

  it.each([
    ['-9 SIG', 'listen'],
    ['-B', 'safe'],
    ['-Su', 'end'],
    ['-0H 132', 'rawip'],
    ['-H132', 'ipproto'],
    ['-O6', 'tcpoff'],
    ['-r', 'rel'],
    ['-W', 'winid'],
    ['--flo', 'flood'],
    ['--icmp-a', 'icmp-addr'],
    ['-S --flood --rand-source -p 80', 'flood'],
  ])('knows what it refuses also by letter and abbreviation: %s', async (line, name) => {
    expect(await complaintAbout(...line.split(' '), HOST)).toContain(`--${name} is refused: `)
  })

  it('has every option of hping3 under its letter, and ours without one', () => {
    const letters = Object.entries(TABLE).map(([name, spec]) => [spec.short ?? '', name])
    const lettered = letters.filter(([short]) => short !== '').map(([short, name]) => `${short} ${name}`)
    expect(lettered.sort()).toEqual([
      ...['0 rawip', '1 icmp', '2 udp', '4 ipv4', '6 ipv6', '8 scan', '9 listen'],
      ...['A ack', 'B safe', 'C icmptype', 'D debug', 'E file', 'F fin', 'G rroute', 'H ipproto'],
      ...['I interface', 'J print', 'K icmpcode', 'L setack', 'M setseq', 'N id', 'O tcpoff', 'P push'],
      ...['Q seqnum', 'R rst', 'S syn', 'T traceroute', 'U urg', 'V verbose', 'W winid', 'X xmas'],
      ...['Y ymas', 'Z unbind', 'a spoof', 'b badcksum', 'c count', 'd data', 'e sign', 'f frag'],
      ...['g fragoff', 'i interval', 'j dump', 'k keep', 'm mtu', 'n numeric', 'o tos', 'p destport'],
      ...['q quiet', 'r rel', 's baseport', 't ttl', 'u end', 'w win', 'x morefrag', 'y dontfrag', 'z bind'],
    ])
  })

  it('lets our own names give way to the abbreviations that hping3 takes', async () => {
    expect(await settingsOf('--co', '3', HOST)).toMatchObject({ count: 3 })
    expect(await settingsOf('--i', '3', HOST).catch(({ message }) => message)).toContain('is ambiguous')
    expect(await settingsOf('--re', HOST).catch(({ message }) => message)).toContain('--rel is refused')
    expect(await complaintAbout('--tcp', HOST)).toContain('is ambiguous')
    expect(await complaintAbout('--t', '4', HOST)).toContain('is ambiguous')
    expect(await complaintAbout('--v', HOST)).toContain('is ambiguous')
    const ours = ['ipv4', 'ipv6', 'timeout', 'retries', 'max-rate', 'backend', 'clock', 'json'] as const
    for (const name of [...ours, 'exit-code', 'write', 'read'] as const)
      expect(OPTIONS[name].yields).toBe(true)
  })
})

describe('what the tool says about itself', () => {
  it('is the help, for no words at all, with the status of a mistake', async () => {
    const { stdout, stderr, status } = await run()
    expect({ stderr, status }).toEqual({ stderr: '', status: 2 })
    expect(stdout).toContain('Usage: hping-ts [option]... host')
  })

  it('is the help for -h, which names every option but the hidden ones', async () => {
    const { stdout, status } = await run('-S', '-h')
    expect(status).toBe(0)
    const shown = Object.entries(TABLE).filter(([, spec]) => spec.hidden !== true)
    for (const [name] of shown) expect(stdout).toContain(`--${name}`)
    expect(stdout).not.toContain('--flood')
  })

  it.each(['-v', '--version'])('is its version for %s', async (word) => {
    expect(await run(word)).toMatchObject({ status: 0, stdout: 'hping-ts version 1.2.3 (portkit)\n' })
  })

  it('is a manual page that lists what is refused, and completion that does not', async () => {
    const man = await run('--man')
    expect(man.stdout).toContain('.SH "REFUSED ON PURPOSE"')
    expect(man.stdout).toContain('\\-\\-rand\\-source')
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await run('--completion', shell)
      expect(stdout).toContain('tcpexitcode')
      expect(stdout).not.toContain('rand-source')
    }
  })

  it.each([
    [['-C', '3', HOST], 2],
    [['-C', '3', '--exit-code', 'state', HOST], 3],
    [['--exit-code=state', '--bogus', HOST], 3],
    [['--bogus', '--exit-code', 'state', HOST], 3],
    [['--bogus', '--exit-code', 'hping', HOST], 2],
    [['--bogus', HOST, 'state'], 2],
    [['--exit-code', 'state', '--flood', HOST], 3],
  ])('is the status of a fault: %j', async (argv, status) => {
    expect((await run(...argv)).status).toBe(status)
  })
})
