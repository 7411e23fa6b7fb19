import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NpingWorld } from '@portkit/lab/nping-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandOf, describeHping } from './hostile-kit.ts'
import {
  FILE_TEXT,
  FRAGMENT_CASES,
  type FragmentCase,
  PORTLESS_CASES,
  TCP_CASES,
  type WireCase,
} from './wire-cases.ts'
import { type Dissected, dissect, SUM, sentAmong } from './wire-kit.ts'

const HOST = { 4: '10.77.0.2', 6: 'fd77::2' } as const
type Family = keyof typeof HOST

/** Each case's own port; nobody listens there. */
const FIRST_PORT = 40_000
const SOURCES = { least: 1024, most: 1024 + 1999 + 1 } as const
const AT_ONCE = 6

interface Job {
  readonly each: WireCase
  readonly family: Family
  readonly port: number
}

const jobsOf = (cases: readonly WireCase[]): readonly Job[] =>
  cases.flatMap((each, i) =>
    each.families.map((family) => ({ each, family, port: FIRST_PORT + 2 * i + (family === 4 ? 0 : 1) })),
  )
const TOGETHER = jobsOf(TCP_CASES)
const ALONE = jobsOf(PORTLESS_CASES)
const CUT = jobsOf(FRAGMENT_CASES)

describeHping('what hping-ts sends, as tshark sees it', ['tshark', 'hping3'], (hostile) => {
  // hping3 has a world of its own: nobody waits for the other.
  const other = new NpingWorld()
  const folder = mkdtempSync(join(tmpdir(), 'hping-wire-'))
  const file = join(folder, 'pieces')
  const sent = new Map<Job, readonly Dissected[]>()
  const reassembled = new Map<Job, readonly Dissected[]>()
  const sentByHping3 = new Map<Job, readonly Dissected[]>()

  const wordsOf = ({ each, family, port }: Job): string[] =>
    `${each.words.replace('FILE', file)}${/-1|-p/.test(each.words) ? '' : ` -p ${port}`} -c 2 -i u3000 -n -q ${HOST[family]}`.split(
      ' ',
    )
  const runOurs = (job: Job) => {
    const [node, tool] = commandOf(hostile, wordsOf(job).join(' '))
    return hostile.world.exec(node, [...tool, '--timeout', '0.02'])
  }
  const runHping3 = (job: Job) => other.exec('hping3', wordsOf(job))

  beforeAll(async () => {
    writeFileSync(file, FILE_TEXT)
    await other.up()
    await Promise.all([
      witness({ world: hostile.world, start: runOurs }, TOGETHER, [...ALONE, ...CUT], sent, reassembled),
      witness(
        { world: other, start: runHping3 },
        TOGETHER.filter(isHping3s),
        [...ALONE, ...CUT].filter(isHping3s),
        sentByHping3,
      ),
    ])
  })

  afterAll(async () => {
    await other.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const titled = (jobs: readonly Job[]) =>
    jobs.map((job) => [`${job.each.words} ${HOST[job.family]}`, job] as const)

  describe('is what the options say:', () => {
    it.each(titled([...TOGETHER, ...ALONE]))('%s', (_, job) => {
      const packets = sent.get(job) ?? []
      expect(packets).toHaveLength(2)
      for (const packet of packets) {
        expect(packet).toMatchObject(patterns({ malformed: '', ...sumsOf(job), ...job.each.wanted }))
        expect(packet.destination).toBe(HOST[job.family])
      }
    })
  })

  describe('is cut into fragments that hold all of it:', () => {
    it.each(titled(CUT))('%s', (_, job) => {
      const { sizes } = job.each as FragmentCase
      const packets = sent.get(job) ?? []
      const wanted = sizes[job.family] ?? []
      expect(packets.map(sizeOf)).toEqual([...wanted, ...wanted])
      const offsets = wanted.map((_, i) => wanted.slice(0, i).reduce((sum, size) => sum + size, 0))
      expect(packets.map(({ offset }) => 8 * Number(offset))).toEqual([...offsets, ...offsets])
      const mores = wanted.map((_, i) => (i < wanted.length - 1 ? '1' : '0'))
      expect(packets.map(({ moreFragments }) => moreFragments)).toEqual([...mores, ...mores])
    })

    it('with the same checksums that whole packets have', () => {
      for (const job of CUT) {
        const whole = reassembled.get(job) ?? []
        expect(whole, job.each.words).toHaveLength(2)
        for (const packet of whole) expect(packet).toMatchObject({ sum: SUM.good, malformed: '' })
      }
    })
  })

  describe('is what hping3 sends:', () => {
    const shared = [...TOGETHER, ...ALONE, ...CUT].filter(isHping3s)
    it.each(titled(shared))('%s', (_, job) => {
      const theirs = sentByHping3.get(job) ?? []
      expect(theirs.length).toBeGreaterThan(0)
      expect((sent.get(job) ?? []).map((packet) => steady(packet, job))).toEqual(
        theirs.map((packet) => steady(packet, job)),
      )
    })
  })

  it.each([
    ['-s 5000', ['5000 to 111', '5001 to 111', '5002 to 111']],
    ['-s 65534', ['65534 to 111', '65535 to 111', '0 to 111']],
    ['-s 5000 -k', ['5000 to 111', '5000 to 111', '5000 to 111']],
    ['-2 -s 5000', ['5000 to 111', '5001 to 111', '5002 to 111']],
    ['-s 5000 -p ++111', ['5000 to 111', '5001 to 112', '5002 to 113']],
    ['-s 5000 -p +111', ['5000 to 111', '5001 to 112', '5002 to 113']],
    ['-s 5000 -p ++65534', ['5000 to 65534', '5001 to 65535', '5002 to 0']],
  ])('has the ports of %s', async (words, wanted) => {
    const argv = `-S -n -q -c 3 -i u50000 ${words.includes('-p') ? words : `${words} -p 111`}`
    await hostile.world.wire()
    await Promise.all(Object.values(HOST).map((host) => hostile.run(`${argv} ${host}`)))
    const [all = []] = await dissect([await hostile.world.wire()])
    for (const host of Object.values(HOST)) {
      const packets = sentAmong(all).filter(({ destination }) => destination === host)
      expect(packets.map(({ from, to }) => `${from} to ${to}`)).toEqual(wanted)
    }
  })

  it.each(titled(TOGETHER))('comes from ports that rise by one: %s', (_, job) => {
    const [first = 0, second] = (sent.get(job) ?? []).map(({ from }) => Number(from))
    expect(first).toBeGreaterThanOrEqual(SOURCES.least)
    expect(first).toBeLessThan(SOURCES.most)
    expect(second).toBe(first + 1)
  })
})

const patterns = (wanted: object): object =>
  Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  )

/** Octets behind the IP header, and behind that of a fragment. */
const sizeOf = ({ length, headerLength, fragmentOf }: Dissected): number =>
  Number(length) - (headerLength === '' ? 0 : Number(headerLength)) - (fragmentOf === '' ? 0 : 8)

const isHping3s = ({ each, family }: Job): boolean => family === 4 && !each.isOurs

/**
 * A packet without what is drawn anew each time, and without what hping3 gets wrong: its second ICMP sequence number is
 * 256 on the wire, and its record route option begins behind an address that nobody wrote.
 */
function steady(packet: Dissected, { each: { words } }: Job): object {
  const given = (option: string): boolean => words.split(' ').includes(option)
  return {
    ...packet,
    from: '',
    icmpId: '',
    icmpSeq: '',
    ipOptionPointer: '',
    originate: '',
    complaint: '',
    id: given('-N') ? packet.id : '',
    seq: given('-M') ? packet.seq : '',
    ack: given('-L') ? packet.ack : '',
    options: packet.options.replace(/(?<=080a)[\da-f]{16}/, 'TIMES'),
  }
}

const sumsOf = ({ family }: Job) => ({ ipSum: family === 4 ? SUM.good : '', sum: SUM.good })

interface Witnessing {
  readonly world: NpingWorld
  start(job: Job): ReturnType<NpingWorld['exec']>
}

/** Runs jobs, many at once where ports tell them apart, and files what each of them sent. */
async function witness(
  { world, start }: Witnessing,
  together: readonly Job[],
  alone: readonly Job[],
  into: Map<Job, readonly Dissected[]>,
  whole?: Map<Job, readonly Dissected[]>,
): Promise<void> {
  await world.wire()
  const waiting = [...together]
  const worker = async (): Promise<void> => {
    for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) await start(job)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const files = [await world.wire()]
  for (const job of alone) {
    await start(job)
    files.push(await world.wire())
  }
  const [all = [], ...each] = await dissect(files)
  const found = sentAmong(all)
  for (const job of together) {
    const to = `${job.port}`
    into.set(
      job,
      found.filter((packet) => packet.to === to),
    )
  }
  for (const [i, job] of alone.entries()) into.set(job, sentAmong(each[i] ?? []))
  if (whole === undefined) return
  const [, ...put] = await dissect(files, true)
  for (const [i, job] of alone.entries())
    whole.set(
      job,
      sentAmong(put[i] ?? []).filter(({ sum }) => sum !== ''),
    )
}
