import { localDateTime } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
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
import { readOn, recordsOf } from './capture-kit.ts'

const MODES = { tcp: 'tcp', udp: 'udp', icmp: 'icmp', icmp6: 'icmp', arp: 'arp', nd: 'arp' } as const

/** What picks the probe out of its capture. */
function picking({ probe: { proto, dst, dport, flags } }: Vector): readonly string[] {
  return [
    `--${MODES[proto]}`,
    ...(dport === undefined ? [] : ['-p', String(dport)]),
    ...(flags === undefined || flags === 'S' ? [] : ['--flags', flags === '' ? 'none' : flags]),
    dst,
  ]
}

const read = captureReader({ readOn })

describe('recorded captures', () => {
  it.each(PROBED)('$name: $description', async (recorded) => {
    const { files, rttNs } = recorded
    const file = files.ns ?? files.us
    const { stdout, stderr } = await read(file, ['--json', ...picking(recorded)])
    expect(stderr).toBe('')
    const [probe] = recordsOf(stdout, 'probe')
    expect(probe).toMatchObject({ ...judged(recorded), address: recorded.probe.dst })
    if (files.ns !== undefined) expect(probe?.rttMs).toBe(rttNs === undefined ? null : rttNs / 1e6)
  })

  it.each(PROBED)('$name needs no options', async (recorded) => {
    const { dst, dport } = recorded.probe
    // What answers instead of asking has to be named; and masks are not asked for by us.
    const { stdout } = await read(recorded.files.us, ['--json'])
    const verdicts = recordsOf(stdout, 'verdict').filter(
      ({ address, port }) => address === dst && port === (dport ?? null),
    )
    expect(verdicts).toContainEqual(expect.objectContaining(judged(recorded)))
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
    const { status, stdout } = await read(file)
    expect(status).toBe(0)
    expect(stdout).toMatch(/ 22\/tcp {2}open {3}syn-ack/)
    expect(stdout).toMatch(/Raw packets sent: 1 \([46]0B\) \| Rcvd: 1 \([46]4B\) \| Lost: 0 \(0\.00%\)/)
  })
})

describe('--read', () => {
  it('tells the time of the capture, not of the reading', async () => {
    const [first] = VECTORS
    const { stdout } = await read(first?.files.ns ?? '')
    const start = /Starting nping-ts 1\.2\.3 at (.*) \S+\n/.exec(stdout)?.[1]
    const [probe] = recordsOf((await read(first?.files.ns ?? '', ['--json'])).stdout, 'probe')
    expect(start).toBe(localDateTime(Date.parse(String(probe?.time))).slice(0, -3))
    expect(stdout).toMatch(/SENT \(0\.0000s\)/)
    expect(stdout).toMatch(/pinged in 0\.\d\d seconds/)
  })

  it.each<readonly [string, string, readonly string[]]>([
    ['noise-four-probes.us.pcap', '-p 22', ['10.77.0.2 22 tcp', '10.77.0.3 22 tcp']],
    ['noise-four-probes.us.pcap', '-p 22 10.77.0.2', ['10.77.0.2 22 tcp']],
    ['noise-four-probes.us.pcap', '--udp', []],
    ['arp-reply.us.pcap', '10.77.0.2', ['10.77.0.2 null arp']],
    ['arp-reply.us.pcap', '--icmp', []],
    ['nd6-reply.us.pcap', '--arp', ['fd77::2 null arp']],
    ['nd6-reply.us.pcap', '--icmp', ['fd77::2 null icmp']],
    ['icmp4-timestamp.us.pcap', '--icmp-type timestamp', ['10.77.0.2 null icmp']],
    ['icmp4-timestamp.us.pcap', '--echo-request', []],
    ['tcp6-syn-open.us.pcap', '-6 --tcp', ['fd77::2 22 tcp']],
    ['tcp6-syn-open.us.pcap', '-4', []],
    ['tcp4-syn-open.us.pcap', '10.77.0.0/30 -p 20-30', ['10.77.0.2 22 tcp']],
    ['tcp4-syn-open.us.pcap', '10.77.0.1', []],
    ['tcp4-ack-open.us.pcap', '--flags ack', ['10.77.0.2 22 tcp']],
    ['tcp4-ack-open.us.pcap', '--flags syn', []],
  ])('%s, asked for %j', async (file, asked, found) => {
    const { stdout, stderr, status } = await read(file, ['--json', ...asked.split(' ').filter(Boolean)])
    expect(stderr).toBe('')
    const verdicts = recordsOf(stdout, 'verdict')
    expect(verdicts.map(({ address, port, transport }) => `${address} ${port} ${transport}`)).toEqual(found)
    if (found.length === 0) expect(status).toBe(1)
  })

  it('says which options mean nothing', async () => {
    const { stderr, status } = await read('tcp4-syn-open.us.pcap', [
      '--delay',
      '1',
      '--ttl',
      '3',
      '--count',
      '2',
    ])
    expect(stderr.trim().split('\n').sort()).toEqual([
      'nping-ts: --count means nothing with --read',
      'nping-ts: --delay means nothing with --read',
      'nping-ts: --ttl means nothing with --read',
    ])
    expect(status).toBe(0)
  })

  it.each(['--write b.pcap', '--no-capture'])('does not go with %s', async (option) => {
    const { stderr, status } = await read('tcp4-syn-open.us.pcap', option.split(' '))
    expect(stderr).toMatch(/do not go together/)
    expect(status).toBe(2)
  })

  it('reports what there is of a file that was cut, and says so', async () => {
    const whole = captureFile('tcp4-syn-open.us.pcap')
    const { stdout, stderr, status } = await read(whole.subarray(0, whole.length - 3))
    expect(stdout).toMatch(/10\.77\.0\.2 {2}22\/tcp {2}open/)
    expect(stderr).toBe('nping-ts: a.pcap: it ends inside packet 3\n')
    expect(status).toBe(2)
  })

  it('keeps what came before a packet that cannot be true', async () => {
    const good = captureOf([syn(22)])
    const bad = new Uint8Array([...good, ...new Uint8Array(8), 255, 255, 255, 127, 255, 255, 255, 127])
    const { stdout, stderr, status } = await read(bad, ['--json'])
    expect(recordsOf(stdout).map(({ type }) => type)).toEqual(['probe', 'error', 'verdict', 'total'])
    expect(stderr).toMatch(/^nping-ts: cannot read a\.pcap: packet 2 claims 2147483647 captured octets/)
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

  it('says which file there is not', async () => {
    const { stdout, stderr, status } = await readOn(simIo({ ports: {} }), ['--read', 'b.pcap', '--json'])
    expect(stderr).toMatch(/cannot read b\.pcap: no such file/)
    expect(recordsOf(stdout)).toMatchObject([{ type: 'error', code: 'ENOENT' }])
    expect(status).toBe(2)
  })

  it('reports an empty capture as what it is', async () => {
    const { stdout, stderr, status } = await read(captureOf([]))
    expect(stdout).toMatch(/Raw packets sent: 0/)
    expect([stderr, status]).toEqual(['', 1])
  })

  it('says what it left out of a link that it does not know', async () => {
    const { stdout, stderr, status } = await read(captureOf([syn(22), syn(23)], 105))
    expect(stdout).toMatch(/Raw packets sent: 0/)
    expect(stderr).toBe('nping-ts: a.pcap: 2 packets of unknown link type 105 left out\n')
    expect(status).toBe(1)
  })

  it('reads standard input for -', async () => {
    const file = captureFile('tcp4-syn-open.us.pcap')
    const stdin = [{ write: file.slice(0, 50) }, { write: file.slice(50) }, 'eof'] as const
    const { stdout, stderr, status } = await readOn(simIo({ ports: {}, stdin }), ['--read', '-'])
    expect([stderr, status]).toEqual(['', 0])
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

  it('counts rounds by port, as a live run does', async () => {
    const file = captureOf([syn(22), syn(23), syn(22, 4001), syn(22, 4002)])
    const probes = recordsOf((await read(file, ['--json'])).stdout, 'probe')
    expect(probes.map(({ port, seq }) => `${port} ${seq}`)).toEqual(['22 1', '23 1', '22 2', '22 3'])
  })

  it('tells a bounded number of ports apart, whoever made the capture', async () => {
    const packets = Array.from({ length: 140_000 }, (_, i) => syn(i % 65_536, 4000 + Math.floor(i / 65_536)))
    for (const [i, octets] of packets.entries()) octets[19] = 2 + Math.floor(i / 65_536)
    const { stdout, stderr } = await read(captureOf(packets), ['--json', '-q'])
    expect(recordsOf(stdout, 'verdict')).toHaveLength(131_072)
    expect(recordsOf(stdout, 'total')).toMatchObject([{ sent: 131_072 }])
    expect(stderr).toBe('nping-ts: a.pcap: more than 131072 ports; 8928 packets to others left out\n')
  }, 60_000)

  it('has an answer to whatever is in the file', async () => {
    const names = [
      'tcp4-syn-open.us.pcap',
      'tcp4-syn-open.pcapng',
      'arp-reply.us.pcap',
      'udp4-closed.us.pcap',
    ]
    const change = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(),
      to: fc.nat(255),
      cut: fc.nat(40),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 1 }),
        fc.boolean(),
        async ([one], json) => {
          const { name = '', at = 0, to = 0, cut = 0 } = one ?? {}
          const octets = captureFile(name).slice()
          octets[at % octets.length] = to
          const { stdout, stderr, status } = await read(
            octets.subarray(0, octets.length - cut),
            json ? ['--json'] : ['-v4'],
          )
          expect(stderr).not.toMatch(/internal error/)
          expect(stdout).not.toMatch(/NaN|undefined/)
          expect([0, 1, 2]).toContain(status)
        },
      ),
      { numRuns: 300 },
    )
  }, 60_000)
})
