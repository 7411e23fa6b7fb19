import { describe, expect, it } from 'vitest'
import { settingsOf } from './settings-kit.ts'

const NONE = Number.POSITIVE_INFINITY

it('has settings for a command line without options', async () => {
  expect(await settingsOf('db.lan', '10.0.0.0/24')).toEqual({
    args: ['as', 'typed'],
    targets: ['db.lan', '10.0.0.0/24'],
    inputFile: undefined,
    excluded: [],
    excludeFile: undefined,
    randomizeHosts: false,
    family: undefined,
    allAddresses: false,
    listOnly: false,
    discovery: { isSkipped: false, probes: [], usesLink: true },
    scansPorts: true,
    kinds: [],
    privileged: undefined,
    ports: { spec: undefined, exclude: undefined, top: undefined, servicesFile: undefined },
    inOrder: false,
    versions: undefined,
    names: 'up',
    timing: {
      initialRttMs: 1000,
      minRttMs: 100,
      maxRttMs: 10_000,
      maxRetries: 10,
      isMaxRetriesFixed: false,
      hostTimeoutMs: NONE,
      scanDelayMs: 0,
      minRate: 0,
      maxRate: NONE,
      minParallelism: 0,
      maxParallelism: NONE,
      minHostgroup: 1,
      maxHostgroup: NONE,
      maxOpen: NONE,
      defeatsRstLimit: false,
    },
    source: {
      interfaceName: undefined,
      address: undefined,
      port: undefined,
      ttl: undefined,
      dataLength: undefined,
      badSum: false,
    },
    report: {
      verbose: 0,
      debugging: 0,
      reason: false,
      openOnly: false,
      packetTrace: false,
      statsEveryMs: undefined,
      colour: 'auto',
      files: [],
      appends: false,
      stylesheet: undefined,
      progress: undefined,
    },
    exitCode: 'nmap',
    seed: undefined,
    shard: undefined,
    checkpoint: undefined,
    resume: undefined,
  })
})

const syn = (...ports: number[]) => ({ kind: 'syn', ports })

describe('hosts', () => {
  it.each([
    [['-iL', 'hosts.txt'], { inputFile: 'hosts.txt', targets: ['t'] }],
    [['-iL', '-'], { inputFile: '-' }],
    [['--exclude', 'a,b', '--exclude', '10.0.0.0/30'], { excluded: ['a', 'b', '10.0.0.0/30'] }],
    [['--excludefile', 'no.txt'], { excludeFile: 'no.txt' }],
    [['--randomize-hosts'], { randomizeHosts: true }],
    [['-rH'], { randomizeHosts: true }],
    [['-4'], { family: 4 }],
    [['-6'], { family: 6 }],
    [['--resolve-all'], { allAddresses: true }],
    [['-n'], { names: 'never' }],
    [['-R'], { names: 'all' }],
    [['-n', '-R'], { names: 'all' }],
    [['-Rn'], { names: 'never' }],
    [['-Pn'], { discovery: { isSkipped: true, probes: [] } }],
    [['-P0'], { discovery: { isSkipped: true } }],
    [['-PN'], { discovery: { isSkipped: true } }],
    [['-PR'], { discovery: { isSkipped: false, probes: [], usesLink: true } }],
    [['--disable-arp-ping'], { discovery: { usesLink: false } }],
    [['--send-ip'], { discovery: { usesLink: false } }],
    [
      ['-PE', '-PP', '-PM'],
      { discovery: { probes: [{ kind: 'echo' }, { kind: 'timestamp' }, { kind: 'mask' }] } },
    ],
    [['-PI', '-PE'], { discovery: { probes: [{ kind: 'echo' }] } }],
    [['-PS'], { discovery: { probes: [syn(80)] } }],
    [['-PS22,80,100-102'], { discovery: { probes: [syn(22, 80, 100, 101, 102)] } }],
    [['-PS80,22, 22'], { discovery: { probes: [syn(22, 80)] } }],
    [['--ping=S-3,65535-'], { discovery: { probes: [syn(1, 2, 3, 65_535)] } }],
    [
      ['-PA', '-PU'],
      {
        discovery: {
          probes: [
            { kind: 'ack', ports: [80] },
            { kind: 'udp', ports: [40_125] },
          ],
        },
      },
    ],
    [['-PA3389', '-PU53,161'], { discovery: { probes: [{ ports: [3389] }, { ports: [53, 161] }] } }],
  ] as const)('%j are understood', async (argv, settings) => {
    expect(await settingsOf(...argv, 't')).toMatchObject(settings)
  })
})

describe('scans and ports', () => {
  it.each([
    [['-sT'], { kinds: ['connect'], scansPorts: true }],
    [['-s', 'T'], { kinds: ['connect'] }],
    [['-sS'], { kinds: ['syn'] }],
    [['-sSU'], { kinds: ['syn', 'udp'] }],
    [['-sU', '-sS', '-sU'], { kinds: ['udp', 'syn'] }],
    [['-sA'], { kinds: ['ack'] }],
    [['-sW'], { kinds: ['window'] }],
    [['-sF'], { kinds: ['fin'] }],
    [['-sN'], { kinds: ['null'] }],
    [['-sX'], { kinds: ['xmas'] }],
    [['-sM'], { kinds: ['maimon'] }],
    [['-sn'], { scansPorts: false, listOnly: false, kinds: [] }],
    [['-sP'], { scansPorts: false }],
    [['-sL'], { scansPorts: false, listOnly: true }],
    [['-sLn'], { scansPorts: false, listOnly: true }],
    [['--unprivileged', '-sT'], { privileged: false }],
    [['--unprivileged', '--privileged', '-sS'], { privileged: true }],
    [['-p22'], { ports: { spec: '22' } }],
    [['-p', '-'], { ports: { spec: '-' } }],
    [['-p-'], { ports: { spec: '-' } }],
    [['-p-100'], { ports: { spec: '-100' } }],
    [['-p', 'U:53,T:ssh,http*,[1-99]'], { ports: { spec: 'U:53,T:ssh,http*,[1-99]' } }],
    [['-pssh'], { ports: { spec: 'ssh' } }],
    [['-p', ''], { ports: { spec: '' } }],
    [['-F'], { ports: { top: 100, spec: undefined } }],
    [['--top-ports', '10', '-p1-1024'], { ports: { top: 10, spec: '1-1024' } }],
    [['--top-ports', '99999'], { ports: { top: 65_536 } }],
    [['--exclude-ports', '9100-9107'], { ports: { exclude: '9100-9107' } }],
    [['--servicedb', '/etc/services'], { ports: { servicesFile: '/etc/services' } }],
    [['-r'], { inOrder: true }],
    [['-sV'], { versions: { light: false, thorough: false, printers: false }, kinds: [] }],
    [['-sSV', '--allports'], { versions: { printers: true }, kinds: ['syn'] }],
    [['-sV', '--version-light'], { versions: { light: true, thorough: false } }],
    [['-sV', '--version-all'], { versions: { light: false, thorough: true } }],
    [['-sV', '--version-intensity', '0'], { versions: { light: true } }],
    [['-sV', '--version-intensity', '2'], { versions: { light: true } }],
    [['-sV', '--version-intensity', '3'], { versions: { light: false, thorough: false } }],
    [['-sV', '--version-intensity', '9'], { versions: { light: false, thorough: true } }],
    [['-sV', '--version-all', '--version-intensity=5'], { versions: { light: false, thorough: false } }],
    [['-sV', '--version-intensity=5', '--version-light'], { versions: { light: true } }],
    [
      ['-e', 'eth0', '-S', '10.0.0.1', '-g', '53', '--ttl', '9', '--data-length', '25', '--badsum'],
      {
        source: {
          interfaceName: 'eth0',
          address: '10.0.0.1',
          port: 53,
          ttl: 9,
          dataLength: 25,
          badSum: true,
        },
      },
    ],
    [['--source-port=88'], { source: { port: 88 } }],
  ] as const)('%j are understood', async (argv, settings) => {
    expect(await settingsOf(...argv, 't')).toMatchObject(settings)
  })
})

describe('time and pace', () => {
  it.each([
    ['-T0', { scanDelayMs: 300_000, initialRttMs: 300_000, maxRttMs: 300_000, maxParallelism: 1 }],
    ['-T sneaky', { scanDelayMs: 15_000, initialRttMs: 15_000, maxRttMs: 15_000, maxParallelism: 1 }],
    ['-T2', { scanDelayMs: 400, initialRttMs: 1000, minRttMs: 100, maxRttMs: 10_000, maxParallelism: 1 }],
    ['-TNormal', { scanDelayMs: 0, maxRetries: 10 }],
    ['-T4', { initialRttMs: 500, minRttMs: 100, maxRttMs: 1250, maxRetries: 6, isMaxRetriesFixed: false }],
    ['-T insane', { initialRttMs: 250, minRttMs: 50, maxRttMs: 300, maxRetries: 2, hostTimeoutMs: 900_000 }],
    ['-T4 -T2', { maxRetries: 10, scanDelayMs: 400 }],
    ['--max-retries 1 -T4', { maxRetries: 1, isMaxRetriesFixed: true, initialRttMs: 500 }],
    ['-T5 --host-timeout 0', { hostTimeoutMs: NONE }],
    ['--host-timeout 30s', { hostTimeoutMs: 30_000 }],
    ['--host-timeout 100ms -T5', { hostTimeoutMs: 100 }],
    ['--host-timeout 1h', { hostTimeoutMs: 3_600_000 }],
    ['--host-timeout 1.5', { hostTimeoutMs: 1500 }],
    ['--scan-delay 20ms', { scanDelayMs: 20 }],
    ['-T2 --scan-delay 0', { scanDelayMs: 0, maxParallelism: 1 }],
    ['-T2 --min-parallelism 5', { minParallelism: 5, maxParallelism: 5 }],
    ['--min-parallelism 5 --max-parallelism 50', { minParallelism: 5, maxParallelism: 50 }],
    ['-M 7', { maxParallelism: 7 }],
    ['--min-hostgroup 8 --max-hostgroup 8', { minHostgroup: 8, maxHostgroup: 8 }],
    ['--min-rate 0.5 --max-rate 1e3', { minRate: 0.5, maxRate: 1000 }],
    ['--max-open 500', { maxOpen: 500 }],
    ['--defeat-rst-ratelimit', { defeatsRstLimit: true }],
    ['--open', { defeatsRstLimit: true }],
    // What nmap -d says its timeouts are then.
    ['--max-rtt-timeout 50ms', { initialRttMs: 50, minRttMs: 50, maxRttMs: 50 }],
    ['--min-rtt-timeout 3s', { initialRttMs: 3000, minRttMs: 3000, maxRttMs: 10_000 }],
    ['--initial-rtt-timeout 12s', { initialRttMs: 12_000, minRttMs: 100, maxRttMs: 12_000 }],
    ['--initial-rtt-timeout 50ms', { initialRttMs: 50, minRttMs: 50, maxRttMs: 10_000 }],
    ['--max-rtt-timeout 500ms -T4', { initialRttMs: 500, minRttMs: 100, maxRttMs: 500 }],
    ['-T5 --min-rtt-timeout 1s', { initialRttMs: 1000, minRttMs: 1000, maxRttMs: 1000 }],
  ] as const)('%s is understood', async (words, timing) => {
    expect((await settingsOf(...words.split(' '), 't')).timing).toMatchObject(timing)
  })
})
