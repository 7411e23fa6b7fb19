import { simIo, type World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  captureOf,
  captureReader,
  judged,
  PROBED,
  stoppingAfterOne,
  syn,
} from '../../core/test/capture-runs.ts'
import { captureFile, VECTORS, type Vector } from '../../core/test/vectors.ts'
import { countsOf, HPING, readOn, recordsOf } from './sim-kit.ts'

const read = captureReader(HPING)

const MODES = { tcp: [], udp: ['-2'], icmp: ['-1'], icmp6: ['-1'], arp: [], nd: [] } as const

/** What picks the probe out of its capture; there is no option for probes without flags, nor for ARP. */
function picking({ probe: { proto, dst, dport, flags = '' } }: Vector): readonly string[] {
  return [
    ...MODES[proto],
    ...(flags === '' ? [] : [`-${flags}`]),
    ...(dport === undefined ? [] : ['-p', String(dport)]),
    dst,
  ]
}

describe('recorded captures', () => {
  it('are all there are', () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(60)
    expect(PROBED.length).toBeGreaterThan(50)
  })

  it.each(PROBED)('$name: $description', async (recorded) => {
    const { files, rttNs } = recorded
    const { stdout, stderr } = await read(files.ns ?? files.us, ['--json', ...picking(recorded)])
    expect(stderr).toBe('')
    const [probe] = recordsOf(stdout, 'probe')
    expect(probe).toMatchObject({ ...judged(recorded), address: recorded.probe.dst })
    if (files.ns !== undefined) expect(probe?.rttMs).toBe(rttNs === undefined ? null : rttNs / 1e6)
  })

  it.each(PROBED)('$name needs no options', async (recorded) => {
    const { dst, dport } = recorded.probe
    const { stdout } = await read(recorded.files.us, ['--json'])
    const verdicts = recordsOf(stdout, 'verdict').filter(
      ({ address, port }) => address === dst && port === (dport ?? null),
    )
    expect(verdicts).toContainEqual(expect.objectContaining(judged(recorded)))
  })

  it.each(PROBED)('$name adds up, for people, too', async ({ files: { us } }) => {
    const { stdout, stderr } = await read(us, ['-n'])
    const { sent, received } = countsOf(stderr)
    expect(sent).toBeGreaterThan(0)
    expect(received).toBeLessThanOrEqual(sent)
    expect(stdout + stderr).not.toMatch(/NaN|undefined|Infinity/)
    const records = recordsOf((await read(us, ['--json'])).stdout, 'total')
    expect(records).toMatchObject([{ sent, received }])
  })

  it.each([
    'any-sll2-tcp4-syn-open.pcap',
    'any-sll-tcp4-syn-open.pcap',
    'be-tcp4-syn-open.us.pcap',
    'be-tcp4-syn-open.ns.pcap',
    'raw-tcp4-syn-open.us.pcap',
    'raw-tcp6-syn-open.us.pcap',
    'tcp4-syn-open.pcapng',
  ])('%s holds an open port', async (file) => {
    const { status, stdout, stderr } = await read(file)
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^len=[46]4 ip=\S+ ttl=64 (?:DF id=\d+ )?sport=22 flags=SA seq=0 win=\d+ rtt=0\.\d+ ms$/m,
    )
    expect(stdout).toMatch(/ 22\/tcp {2}open {3}syn-ack/)
    expect(countsOf(stderr)).toEqual({ sent: 1, received: 1, loss: 0 })
  })
})

describe('--read', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['noise-four-probes.us.pcap', '-p 22', ['10.77.0.2 22 tcp', '10.77.0.3 22 tcp']],
    ['noise-four-probes.us.pcap', '-p 22 10.77.0.2', ['10.77.0.2 22 tcp']],
    ['noise-four-probes.us.pcap', '-2', []],
    ['arp-reply.us.pcap', '10.77.0.2', ['10.77.0.2 null arp']],
    ['arp-reply.us.pcap', '-1', []],
    ['icmp4-timestamp.us.pcap', '-C 13', ['10.77.0.2 null icmp']],
    ['icmp4-timestamp.us.pcap', '-C 8', []],
    ['tcp6-syn-open.us.pcap', '-6 -S', ['fd77::2 22 tcp']],
    ['tcp6-syn-open.us.pcap', '-4', []],
    ['tcp4-syn-open.us.pcap', '--scan 20-30', ['10.77.0.2 22 tcp']],
    ['tcp4-syn-open.us.pcap', '--scan all,!22', []],
    ['tcp4-syn-open.us.pcap', '10.77.0.1', []],
    ['tcp4-ack-open.us.pcap', '-A', ['10.77.0.2 22 tcp']],
    ['tcp4-ack-open.us.pcap', '-S', []],
  ])('%s, asked for %j', async (file, asked, found) => {
    const { stdout, stderr, status } = await read(file, ['--json', ...asked.split(' ').filter(Boolean)])
    expect(stderr).toBe('')
    const verdicts = recordsOf(stdout, 'verdict')
    expect(verdicts.map(({ address, port, transport }) => `${address} ${port} ${transport}`)).toEqual(found)
    if (found.length === 0) expect(status).toBe(1)
  })

  it.each([
    ['hping', 'tcp4-syn-open.us.pcap', 0],
    ['hping', 'tcp4-syn-closed.us.pcap', 0],
    ['hping', 'tcp4-syn-stealth.us.pcap', 1],
    ['state', 'tcp4-syn-open.us.pcap', 0],
    ['state', 'tcp4-syn-closed.us.pcap', 1],
    ['state', 'tcp4-syn-stealth.us.pcap', 2],
  ])('has the exit status by %s of %s', async (by, file, status) => {
    expect((await read(file, ['--exit-code', by])).status).toBe(status)
  })

  it('has the flags of the last answer as exit status', async () => {
    expect((await read('tcp4-syn-open.us.pcap', ['--tcpexitcode'])).status).toBe(0x12)
  })

  it('says which options mean nothing', async () => {
    const { stderr } = await read('tcp4-syn-open.us.pcap', ['-i', '1', '-t', '3', '-c', '2', '-f'])
    const notes = stderr.split('\n').filter((line) => line.startsWith('hping-ts: '))
    expect(notes.toSorted()).toEqual(
      ['-c', '-f', '-i', '-t'].map((option) => `hping-ts: ${option} means nothing with --read`),
    )
  })

  it('looks up the names of routers as a live run does', async () => {
    const [error] = PROBED.filter(({ reason }) => reason === 'icmp-admin-prohibited')
    const file = captureFile(error?.files.us ?? '')
    const more: Partial<World> = { names: { '10.77.0.2': 'target.lab', '10.77.0.254': 'gate.lab' } }
    const { stdout } = await read(file, [], more)
    expect(stdout).toMatch(/ get hostname\.\.\.[\b]{15} {15}[\b]{15}name=\S+\n/)
    expect((await read(file, ['-n'], more)).stdout).not.toContain('name=')
  })

  it('reports what there is of a file that was cut, and says so', async () => {
    const whole = captureFile('tcp4-syn-open.us.pcap')
    const { stdout, stderr, status } = await read(whole.subarray(0, whole.length - 3))
    expect(stdout).toMatch(/10\.77\.0\.2 {2}22\/tcp {2}open/)
    expect(stderr).toMatch(/\nhping-ts: a\.pcap: it ends inside packet 3\n$/)
    expect(status).toBe(2)
  })

  it('keeps what came before a packet that cannot be true', async () => {
    const bad = new Uint8Array([
      ...captureOf([syn(22)]),
      ...new Uint8Array(8),
      255,
      255,
      255,
      127,
      255,
      255,
      255,
      127,
    ])
    const { stdout, stderr, status } = await read(bad, ['--json'])
    expect(recordsOf(stdout).map(({ type }) => type)).toEqual(['probe', 'error', 'verdict', 'total'])
    expect(stderr).toMatch(/^hping-ts: cannot read a\.pcap: packet 2 claims 2147483647 captured octets/)
    expect(status).toBe(2)
  })

  it.each([
    ['hello, world', /not a capture file: it starts with 68 65 6c 6c/],
    ['', /not a capture file: it is empty/],
    ['\u001f\u008b\u0008\u0000', /compressed with gzip/],
  ])('does not begin with what is no capture: %j', async (text, why) => {
    const { stdout, stderr, status } = await read(new Uint8Array(Buffer.from(text, 'latin1')))
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toMatch(why)
  })

  it('reports an empty capture as what it is', async () => {
    const { stderr, status } = await read(captureOf([]))
    expect(countsOf(stderr)).toEqual({ sent: 0, received: 0, loss: 0 })
    expect(status).toBe(1)
  })

  it('reads standard input for -', async () => {
    const file = captureFile('tcp4-syn-open.us.pcap')
    const stdin = [{ write: file.slice(0, 50) }, { write: file.slice(50) }, 'eof'] as const
    const { stdout, status } = await readOn(simIo({ ports: {}, stdin }), ['--read', '-'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/10\.77\.0\.2 {2}22\/tcp {2}open/)
  })

  it('ends with its report when Ctrl-C comes while it waits for more', async () => {
    const io = simIo({ ports: {}, stdin: [{ write: captureFile('tcp4-syn-open.us.pcap') }, 'open'] })
    const { interrupted } = io
    const reading = readOn({ ...io, interrupted, stdin: stoppingAfterOne(io) }, ['--read', '-', '--json'])
    const { stdout, stderr, status } = await reading
    expect([stderr, status]).toEqual(['', 0])
    expect(recordsOf(stdout, 'total')).toMatchObject([{ sent: 1, received: 1, interrupted: true }])
  })

  it('has an answer to whatever is in the file', async () => {
    const names = [
      'tcp4-syn-open.us.pcap',
      'tcp4-syn-open.pcapng',
      'arp-reply.us.pcap',
      'udp4-closed.us.pcap',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.nat(255),
        fc.nat(40),
        fc.constantFrom('--json', '-V', '-j', '-D', '-T', '-Q'),
        async (name, at, to, cut, option) => {
          const octets = captureFile(name).slice()
          octets[at % octets.length] = to
          const { stdout, stderr, status } = await read(octets.subarray(0, octets.length - cut), [option])
          expect(stderr).not.toMatch(/internal error/)
          expect(stdout).not.toMatch(/NaN|undefined/)
          expect([0, 1, 2]).toContain(status)
        },
      ),
      { numRuns: 200 },
    )
  }, 60_000)
})
