import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NpingWorld } from '@portkit/lab/nping-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandOf, describeHping } from './hostile-kit.ts'
import { FILE_TEXT, PORTLESS_CASES, TCP_CASES, type WireCase } from './wire-cases.ts'
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

describeHping('what hping-ts sends, as tshark sees it', ['tshark', 'hping3'], (hostile) => {
  // hping3 has a world of its own: nobody waits for the other.
  const other = new NpingWorld()
  const folder = mkdtempSync(join(tmpdir(), 'hping-wire-'))
  const file = join(folder, 'pieces')
  const sent = new Map<Job, readonly Dissected[]>()
  const sentByHping3 = new Map<Job, readonly Dissected[]>()

  const wordsOf = ({ each, family, port }: Job): string[] =>
    `${each.words.replace('FILE', file)}${/-1/.test(each.words) ? '' : ` -p ${port}`} -c 2 -i u3000 -n -q ${HOST[family]}`.split(
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
      witness(hostile.world, runOurs, sent, [TOGETHER, ALONE]),
      witness(
        other,
        runHping3,
        sentByHping3,
        [TOGETHER, ALONE].map((jobs) => jobs.filter(({ each, family }) => family === 4 && !each.isOurs)),
      ),
    ])
  })

  afterAll(async () => {
    await other.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const titled = [...TOGETHER, ...ALONE].map((job) => [`${job.each.words} ${HOST[job.family]}`, job] as const)

  it.each(titled)('%s', (_, job) => {
    const packets = sent.get(job) ?? []
    expect(packets).toHaveLength(2)
    for (const packet of packets) {
      expect(packet).toMatchObject(patterns({ malformed: '', ...sumsOf(job), ...job.each.wanted }))
      expect(packet.destination).toBe(HOST[job.family])
    }
  })
})

const patterns = (wanted: object): object =>
  Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  )

const sumsOf = ({ family }: Job) => ({ ipSum: family === 4 ? SUM.good : '', sum: SUM.good })

async function witness(
  world: NpingWorld,
  start: (job: Job) => ReturnType<NpingWorld['exec']>,
  into: Map<Job, readonly Dissected[]>,
  [together = [], alone = []]: readonly (readonly Job[])[],
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
  for (const job of together)
    into.set(
      job,
      found.filter(({ to }) => to === `${job.port}`),
    )
  for (const [i, job] of alone.entries()) into.set(job, sentAmong(each[i] ?? []))
}
