import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { NpingWorld } from '@portkit/lab/nping-world'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_APPLICATION } from '../../core/test/tshark.ts'
import { comparable, packetsIn, recordsOf } from './capture-kit.ts'

const lacks = missing(['tcpdump', 'tshark'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

/** What programs say of every file, or for root. */
const NO_COMPLAINT = /^$|^Running as user|^reading from file|^dropped privs/

/** Runs a program that must not complain; gives what it prints. */
function judge(program: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' })
  const complaints = stderr.split('\n').filter((line) => !NO_COMPLAINT.test(line))
  if (status !== 0 || complaints.length > 0) throw new Error(`${program}: ${status} ${complaints.join('; ')}`)
  return stdout
}

/** A report without the moments that its times count from, and without the order of its packets. */
function told(stdout: string): readonly string[] {
  const lines = comparable(stdout)
  const packets = lines.flatMap((line) =>
    /^(SENT|RCVD) /.test(line) ? [line.replace(/\([\d.]+s\)/, '')] : [],
  )
  return [...packets.sort(), ...lines.filter((line) => !/^(SENT|RCVD|Starting) /.test(line))]
}

/** What tcpdump calls the packets that the tool had nothing to do with: the system's own, and the lab's marks. */
const NOT_OURS = new RegExp(
  [
    '239\\.255\\.78\\.79',
    '(10\\.77\\.0\\.1|fd77::1)\\.\\d+ > .*Flags \\[R\\]',
    '(10\\.77\\.0\\.1|fd77::1) > .*unreachable',
    'multicast listener|router solicitation',
  ].join('|'),
)

const OTHERS: Readonly<Record<string, RegExp>> = {
  ip: /neighbor (solicitation|advertisement)|ARP/,
  arp: /Reply 10\.77\.0\.1 |Request who-has 10\.77\.0\.1 |neighbor/,
}

interface Packet {
  readonly timeNs: bigint
  readonly octets: Uint8Array
}

const hexOf = ({ octets }: Packet): string => Buffer.from(octets).toString('hex')
const timeOf = ({ timeNs }: Packet): bigint => timeNs
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b))

/** Whoever captures takes a stamp of his own, about a microsecond from the next one's, but he may be held up. */
const USUALLY_OFF_NS = 5000
const MOST_OFF_NS = 2e6

/** By their octets, for two captures may have packets of one microsecond in different order. */
function sorted(packets: readonly Packet[]): readonly Packet[] {
  const hex = new Map(packets.map((packet) => [packet, hexOf(packet)]))
  const keyOf = (packet: Packet): string => hex.get(packet) ?? ''
  return [...packets].sort((a, b) =>
    keyOf(a) === keyOf(b) ? ascending(a.timeNs, b.timeNs) : keyOf(a) < keyOf(b) ? -1 : 1,
  )
}

/** Of the times of the same packets, nanoseconds, ascending. */
function differences(ours: readonly Packet[], theirs: readonly Packet[]): readonly number[] {
  const others = sorted(theirs)
  return sorted(ours)
    .map(({ timeNs }, i) => Math.abs(Number(timeNs - (others[i]?.timeNs ?? 0n))))
    .sort((a, b) => a - b)
}

describe.skipIf(skipped !== '')(`captures of nping-ts${skipped}`, () => {
  const world = new NpingWorld()
  let folder = ''

  beforeAll(async () => {
    folder = buildTool(join(import.meta.dirname, '..'), 'nping-ts')
    await world.up()
  })

  afterAll(async () => {
    await world.remove()
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  const ours = (argv: readonly string[]) =>
    world.exec(process.execPath, [join(folder, 'nping-ts.cjs'), ...argv], { timeoutMs: 30_000 })

  it.each<readonly [string, string, 'ip' | 'arp']>([
    ['--tcp -p 22,111,137,8,10 -c 3 --delay 20ms 10.77.0.2', '', 'ip'],
    ['--tcp --like-system -p 22,111 -c 2 --delay 20ms 10.77.0.2', '', 'ip'],
    ['--tcp --flags ack -p 22,111 -c 2 --delay 20ms 10.77.0.2', '--flags ack', 'ip'],
    ['--tcp -p 22,111,137,8 -c 2 --delay 20ms fd77::2', '', 'ip'],
    ['--tcp -p 1000-1299 -c 1 --rate 1000 10.77.0.2', '', 'ip'],
    ['--udp -p 7,111,137 --data-string hello -c 2 --delay 20ms 10.77.0.2', '', 'ip'],
    ['--icmp -c 3 --delay 20ms 10.77.0.2', '', 'ip'],
    ['--icmp -c 3 --delay 20ms fd77::2', '', 'ip'],
    ['--arp -c 3 --delay 20ms 10.77.0.2', '', 'arp'],
    ['--tcp --traceroute -p 22 --delay 20ms 10.79.0.2', '--traceroute', 'ip'],
  ])('are what tcpdump saw, and say again what the run said: %s', async (command, andRead, kind) => {
    const file = join(folder, 'run.pcap')
    await world.wire()
    const live = await ours([...command.split(' '), '--rtt', '--write', file])
    expect(live.stderr).toBe('')
    const seen = join(folder, 'seen.pcap')
    spawnSync('sh', ['-c', `cat > '${seen}'`], { input: await world.wire() })
    const written = packetsIn(new Uint8Array(readFileSync(file)))

    const all = packetsIn(new Uint8Array(readFileSync(seen))).packets
    const lines = judge('tcpdump', '-r', seen, '-nn', '-t').trim().split('\n')
    expect(lines).toHaveLength(all.length)
    const isOurs = (line: string): boolean => !NOT_OURS.test(line) && OTHERS[kind]?.test(line) !== true
    // Raw IP begins behind the Ethernet header.
    const from = kind === 'ip' ? 14 : 0
    const expected = all
      .filter((_, i) => isOurs(lines[i] ?? ''))
      .map(({ timeNs, octets }) => ({ timeNs, octets: octets.subarray(from) }))
    expect(expected.length).toBeGreaterThan(2)
    expect(sorted(written.packets).map(hexOf)).toEqual(sorted(expected).map(hexOf))
    const off = differences(written.packets, expected)
    expect(Math.max(...off)).toBeLessThan(MOST_OFF_NS)
    expect(off[Math.floor(off.length / 2)]).toBeLessThan(USUALLY_OFF_NS)
    expect(written.packets.map(timeOf)).toEqual(written.packets.map(timeOf).sort(ascending))

    const sums = ['ip', 'tcp', 'udp'].flatMap((each) => ['-o', `${each}.check_checksum:TRUE`])
    const bad =
      '_ws.malformed || ((ip.src == 10.77.0.1 || ipv6.src == fd77::1) && _ws.expert.group == "Checksum")'
    expect(judge('tshark', '-n', ...NO_APPLICATION, ...sums, '-r', file, '-Y', bad)).toBe('')
    expect(judge('tcpdump', '-r', file, '-nn').trim().split('\n')).toHaveLength(written.packets.length)

    const again = await ours(['--read', file, '--rtt', ...andRead.split(' ').filter(Boolean)])
    expect(again.stderr).toBe('')
    expect(told(again.stdout)).toEqual(told(live.stdout))
    expect(again.status).toBe(live.status)
  })

  it('are read from a pipe while tcpdump still writes them', async () => {
    const file = join(folder, 'run.pcap')
    await ours(['--tcp', '-p', '22', '-c', '2', '--delay', '20ms', '10.77.0.2', '--write', file])
    const tool = join(folder, 'nping-ts.cjs')
    const { stdout, status } = await world.exec('sh', [
      '-c',
      `(cat '${file}'; sleep 0.3) | '${process.execPath}' '${tool}' --read - --json`,
    ])
    expect(status).toBe(0)
    expect(recordsOf(stdout, 'verdict')).toMatchObject([{ port: 22, state: 'open', sent: 2, received: 2 }])
  })

  it('keep a run from beginning that could not be written', async () => {
    await world.wire()
    const { stdout, stderr, status } = await ours(['--tcp', '-p', '22', '10.77.0.2', '--write', '/dev/full'])
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toBe('nping-ts: cannot write /dev/full: no space left\n')
    const seen = packetsIn(new Uint8Array(await world.wire())).packets
    expect(seen.filter(({ octets }) => octets[23] === 6)).toEqual([])
  })

  it('say so when the disk is full in the middle, after what was found', async () => {
    const script = [
      `mount -t tmpfs -o size=16k none '${folder}/small'`,
      `'${process.execPath}' '${folder}/nping-ts.cjs' --tcp -p 1000-3000 -c 1 --rate 20000 10.77.0.2 -q --write '${folder}/small/a.pcap'`,
    ]
    const { stdout, stderr, status } = await world.exec('unshare', [
      '-m',
      'sh',
      '-c',
      `mkdir -p '${folder}/small' && ${script.join(' && ')}`,
    ])
    expect(stderr).toBe(`nping-ts: cannot write ${folder}/small/a.pcap: no space left\n`)
    expect(stdout).toMatch(/Raw packets sent: \d+/)
    expect(status).toBe(2)
  })
})
