import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import {
  answersToAnything,
  type CaptureTool,
  findsWhatIsAsked,
  judgesRecordedCaptures,
  readsBrokenFiles,
  readsStandardInput,
} from '../../core/test/capture-read-contract.ts'
import { captureOf, captureReader, PROBED } from '../../core/test/capture-runs.ts'
import { captureFile, OPEN_PORT_CAPTURES, VECTORS, type Vector } from '../../core/test/vectors.ts'
import { countsOf, readOn, recordsOf } from './sim-kit.ts'

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

const TOOL: CaptureTool = {
  name: 'hping-ts',
  readOn,
  picking,
  // Behind the statistics, which are there each time.
  complaints: (stderr) => /^hping-ts: .*/ms.exec(stderr)?.[0] ?? '',
}
const read = captureReader(TOOL)

describe('recorded captures', () => {
  it('are all there are', () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(60)
    expect(PROBED.length).toBeGreaterThan(50)
  })

  judgesRecordedCaptures(TOOL)

  it.each(PROBED)('$name adds up, for people, too', async ({ files: { us } }) => {
    const { stdout, stderr } = await read(us, ['-n'])
    const { sent, received } = countsOf(stderr)
    expect(sent).toBeGreaterThan(0)
    expect(received).toBeLessThanOrEqual(sent)
    expect(stdout + stderr).not.toMatch(/NaN|undefined|Infinity/)
    const records = recordsOf((await read(us, ['--json'])).stdout, 'total')
    expect(records).toMatchObject([{ sent, received }])
  })

  it.each(OPEN_PORT_CAPTURES)('%s holds an open port', async (file) => {
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
  findsWhatIsAsked(TOOL, [
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
  ])

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

  readsBrokenFiles(TOOL)

  it('reports an empty capture as what it is', async () => {
    const { stderr, status } = await read(captureOf([]))
    expect(countsOf(stderr)).toEqual({ sent: 0, received: 0, loss: 0 })
    expect(status).toBe(1)
  })

  readsStandardInput(TOOL)

  answersToAnything(TOOL, ['--json', '-V', '-j', '-D', '-T', '-Q'], 200)
})
