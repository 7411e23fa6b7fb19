import { localDateTime } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import {
  answersToAnything,
  type CaptureTool,
  findsWhatIsAsked,
  judgesRecordedCaptures,
  readsBrokenFiles,
  readsStandardInput,
} from '../../core/test/capture-read-contract.ts'
import { captureOf, captureReader, syn } from '../../core/test/capture-runs.ts'
import { OPEN_PORT_CAPTURES, VECTORS, type Vector } from '../../core/test/vectors.ts'
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

const TOOL: CaptureTool = { name: 'nping-ts', readOn, picking, complaints: (stderr) => stderr }
const read = captureReader(TOOL)

describe('recorded captures', () => {
  judgesRecordedCaptures(TOOL)

  it.each(OPEN_PORT_CAPTURES)('%s holds an open port', async (file) => {
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

  findsWhatIsAsked(TOOL, [
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
  ])

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

  readsBrokenFiles(TOOL)

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

  readsStandardInput(TOOL)

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

  answersToAnything(TOOL, ['--json', '-v4'], 300)
})
