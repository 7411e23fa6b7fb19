import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createCaptureWriter } from '../src/io/capture/capture-writer.ts'
import type { CapturedPacket } from '../src/io/capture/captured-packet.ts'
import { joined, readAll } from './capture-kit.ts'
import { hasTshark, tsharkTitle } from './tshark.ts'
import { CAPTURES, captureFile, captureNames } from './vectors.ts'

const folder = mkdtempSync(join(tmpdir(), 'portkit-captures-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a program that must not complain; gives what it prints. */
function run(program: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  const complaints = stderr
    .split('\n')
    .filter((line) => !/^$|^Running as user|^reading from file|^File .* is a .* capture file\.$/.test(line))
  if (status !== 0 || complaints.length > 0) {
    throw new Error(`${program} ${args.join(' ')}: status ${status}: ${complaints.join('; ')}`)
  }
  return stdout
}

/** Seconds with nine decimals, captured octets, octets on the wire: of each packet, as tshark has them. */
function judged(path: string): readonly string[] {
  const fields = ['frame.time_epoch', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field])
  return run('tshark', '-n', '-r', path, '-T', 'fields', ...fields)
    .split('\n')
    .slice(0, -1)
}

function said({ timeNs = 0n, octets, length }: CapturedPacket): string {
  const fraction = `${timeNs % 1_000_000_000n}`.padStart(9, '0')
  return `${timeNs / 1_000_000_000n}.${fraction}\t${octets.length}\t${length}`
}

/** A file made by another program from a recorded one. */
function converted(name: string, ...options: readonly string[]): Uint8Array {
  const path = join(folder, 'converted')
  run('editcap', ...options, join(CAPTURES, name), path)
  return new Uint8Array(readFileSync(path))
}

/** Files that every reader takes whole. */
const GOOD = captureNames().filter((name) => !/cut-in|huge-caplen/.test(name))

describe.skipIf(!hasTshark)(tsharkTitle('capture files'), () => {
  it('are read as tshark reads them', async () => {
    // One after the other in one file, for tshark takes long to start.
    const all = join(folder, 'all.pcapng')
    run('mergecap', '-a', '-F', 'pcapng', '-w', all, ...GOOD.map((name) => join(CAPTURES, name)))
    const each = await Promise.all(GOOD.map((name) => readAll(captureFile(name))))
    const ours = each.flatMap(({ packets }) => packets.map(said))
    expect(ours.length).toBeGreaterThan(GOOD.length)
    expect(ours).toEqual(judged(all))
  })

  it.each([
    ['pcapng', []],
    ['nsecpcap', []],
    ['pcap', []],
    ['modpcap', []],
    ['pcapng', ['-s', '40']],
    ['modpcap', ['-s', '40']],
  ])('converted by editcap to %s %j say the same', async (format, options) => {
    const cut = options.length === 0 ? 65_535 : 40
    for (const name of GOOD) {
      const { packets } = await readAll(captureFile(name))
      const read = await readAll(converted(name, '-F', format, ...options))
      expect(read.error, name).toBeUndefined()
      const hasNanoseconds = format === 'nsecpcap' || (format === 'pcapng' && /\.ns\.|pcapng/.test(name))
      expect(
        read.packets.map(({ octets, linkType, length, timeNs = 0n }) => ({
          octets,
          linkType,
          length,
          timeNs,
        })),
      ).toEqual(
        packets.map(({ octets, linkType, length, timeNs = 0n }) => ({
          octets: octets.subarray(0, cut),
          linkType,
          length,
          timeNs: hasNanoseconds ? timeNs : timeNs - (timeNs % 1000n),
        })),
      )
    }
  })

  it('merged from several link types, and one behind the other, are read as they were', async () => {
    const names = ['tcp4-syn-open.ns.pcap', 'raw-tcp6-syn-open.us.pcap', 'any-sll2-tcp4-syn-open.pcap']
    const merged = join(folder, 'merged.pcapng')
    run('mergecap', '-a', '-F', 'pcapng', '-w', merged, ...names.map((name) => join(CAPTURES, name)))
    const each = await Promise.all(names.map((name) => readAll(captureFile(name))))
    const alone = each.flatMap(({ packets }, interfaceId) =>
      packets.map((packet) => ({ ...packet, interfaceId })),
    )
    expect((await readAll(new Uint8Array(readFileSync(merged)))).packets).toEqual(alone)
    const behind = joined(...names.map((name) => converted(name, '-F', 'pcapng')))
    expect((await readAll(behind)).packets).toEqual(alone)
  })

  it('that we write are read by tshark, tcpdump and capinfos without a complaint', () => {
    const records = fc.sample(
      fc.record({
        timeNs: fc.bigInt({ min: 0n, max: 2n ** 31n * 1_000_000_000n - 1n }),
        octets: fc.uint8Array({ maxLength: 1600, size: 'max' }),
        more: fc.nat(9000),
      }),
      500,
    )
    const path = join(folder, 'ours.pcap')
    for (const linkType of [1, 101]) {
      const parts: Uint8Array[] = []
      const writer = createCaptureWriter({ write: (octets) => void parts.push(octets.slice()) }, linkType)
      for (const { timeNs, octets, more } of records) writer.packet(timeNs, octets, octets.length + more)
      writer.flush()
      writeFileSync(path, joined(...parts))
      const ours = records.map(({ timeNs, octets, more }) =>
        said({ timeNs, octets, length: octets.length + more, linkType, interfaceId: 0 }),
      )
      expect(judged(path)).toEqual(ours)
      expect(run('capinfos', '-M', '-c', '-E', '-t', path)).toMatch(/nsecpcap[\s\S]*packets:\s+500/)
      const again = join(folder, 'again.pcap')
      run('tcpdump', '--time-stamp-precision=nano', '-r', path, '-w', again)
      expect(Buffer.compare(readFileSync(again), readFileSync(path))).toBe(0)
    }
  })
})
