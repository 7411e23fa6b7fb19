import fc from 'fast-check'
import { expect, it } from 'vitest'
import { simIo } from '../src/sim/sim.ts'
import { captureOf, captureReader, judged, PROBED, stoppingAfterOne, syn } from './capture-runs.ts'
import { type Runner, recordsOf, wordsOf } from './tool-kit.ts'
import { captureFile, type Vector } from './vectors.ts'

/** A tool that reports on captures. */
export interface CaptureTool extends Pick<Runner, 'readOn'> {
  readonly name: string
  /** Options that pick the probe out of its capture. */
  picking(recorded: Vector): readonly string[]
  /** Standard error without what it has to say of every run. */
  complaints(stderr: string): string
}

/** What a tool tells of the probe of each recorded capture, picked out and by itself. */
export function judgesRecordedCaptures(tool: CaptureTool): void {
  const read = captureReader(tool)

  it.each(PROBED)('$name: $description', async (recorded) => {
    const { files, rttNs } = recorded
    const { stdout, stderr } = await read(files.ns ?? files.us, ['--json', ...tool.picking(recorded)])
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
}

/** A capture, what is asked of it, and `ADDRESS PORT TRANSPORT` of each verdict. */
export type Asked = readonly [file: string, options: string, found: readonly string[]]

/** Tells of what was asked for, and of nothing else. */
export function findsWhatIsAsked(tool: CaptureTool, rows: readonly Asked[]): void {
  const read = captureReader(tool)

  it.each(rows)('%s, asked for %j', async (file, asked, found) => {
    const { stdout, stderr, status } = await read(file, ['--json', ...wordsOf(asked)])
    expect(stderr).toBe('')
    const verdicts = recordsOf(stdout, 'verdict')
    expect(verdicts.map(({ address, port, transport }) => `${address} ${port} ${transport}`)).toEqual(found)
    if (found.length === 0) expect(status).toBe(1)
  })
}

/** What becomes of files that are cut, that lie, and that are no captures. */
export function readsBrokenFiles(tool: CaptureTool): void {
  const read = captureReader(tool)

  it('reports what there is of a file that was cut, and says so', async () => {
    const whole = captureFile('tcp4-syn-open.us.pcap')
    const { stdout, stderr, status } = await read(whole.subarray(0, whole.length - 3))
    expect(stdout).toMatch(/10\.77\.0\.2 {2}22\/tcp {2}open/)
    expect(tool.complaints(stderr)).toBe(`${tool.name}: a.pcap: it ends inside packet 3\n`)
    expect(status).toBe(2)
  })

  it('keeps what came before a packet that cannot be true', async () => {
    const good = captureOf([syn(22)])
    const bad = new Uint8Array([...good, ...new Uint8Array(8), 255, 255, 255, 127, 255, 255, 255, 127])
    const { stdout, stderr, status } = await read(bad, ['--json'])
    expect(recordsOf(stdout).map(({ type }) => type)).toEqual(['probe', 'error', 'verdict', 'total'])
    const complaint = `${tool.name}: cannot read a.pcap: packet 2 claims 2147483647 captured octets`
    expect(stderr.slice(0, complaint.length)).toBe(complaint)
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
}

/** Captures that come as they are made. */
export function readsStandardInput(tool: CaptureTool): void {
  it('reads standard input for -', async () => {
    const file = captureFile('tcp4-syn-open.us.pcap')
    const stdin = [{ write: file.slice(0, 50) }, { write: file.slice(50) }, 'eof'] as const
    const { stdout, stderr, status } = await tool.readOn(simIo({ ports: {}, stdin }), ['--read', '-'])
    expect([tool.complaints(stderr), status]).toEqual(['', 0])
    expect(stdout).toMatch(/10\.77\.0\.2 {2}22\/tcp {2}open/)
  })

  it('ends with its report when Ctrl-C comes while it waits for more', async () => {
    const io = simIo({ ports: {}, stdin: [{ write: captureFile('tcp4-syn-open.us.pcap') }, 'open'] })
    const { interrupted } = io
    const stopping = { ...io, interrupted, stdin: stoppingAfterOne(io) }
    const { stdout, stderr, status } = await tool.readOn(stopping, ['--read', '-', '--json'])
    expect([stderr, status]).toEqual(['', 0])
    expect(recordsOf(stdout, 'total')).toMatchObject([{ sent: 1, received: 1, interrupted: true }])
  })
}

const CHANGED = ['tcp4-syn-open.us.pcap', 'tcp4-syn-open.pcapng', 'arp-reply.us.pcap', 'udp4-closed.us.pcap']

/** @param options ways to report, of which each run has one */
export function answersToAnything(tool: CaptureTool, options: readonly string[], numRuns: number): void {
  const read = captureReader(tool)

  it('has an answer to whatever is in the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CHANGED),
        fc.nat(),
        fc.nat(255),
        fc.nat(40),
        fc.constantFrom(...options),
        async (name, at, to, cut, option) => {
          const octets = captureFile(name).slice()
          octets[at % octets.length] = to
          const { stdout, stderr, status } = await read(octets.subarray(0, octets.length - cut), [option])
          expect(stderr).not.toMatch(/internal error/)
          expect(stdout).not.toMatch(/NaN|undefined/)
          expect([0, 1, 2]).toContain(status)
        },
      ),
      { numRuns },
    )
  }, 60_000)
}
