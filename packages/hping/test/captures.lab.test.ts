import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@portkit/lab/command'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { NO_APPLICATION } from '../../core/test/tshark.ts'
import { answers, counts, describeHping, verdicts } from './hostile-kit.ts'

const COUNT = 4
const often = `-c ${COUNT} -i u20000`

/** What is done; a capture is asked for the same mode and host, without what only says how to send. */
const CASES: readonly (readonly [words: string, host: string, reading: string])[] = [
  [`-S -p 22 ${often}`, '10.77.0.2', '-S -p 22'],
  [`-S -p ++20 ${often}`, 'fd77::2', '-S'],
  [`-FPU -p 111 ${often}`, '10.77.0.2', '-FPU'],
  [`-A -p 111 -d 40 ${often}`, 'fd77::2', '-A'],
  [`-S -p 137 ${often} --timeout 0.2`, '10.77.0.2', '-S -p 137'],
  [`-S -p ++8 ${often}`, '10.77.0.2', '-S'],
  [`-2 -p 7 -d 20 ${often}`, '10.77.0.2', '-2 -p 7'],
  [`-2 -p 111 ${often}`, 'fd77::2', '-2'],
  [`-1 ${often}`, '10.77.0.2', '-1'],
  [`-1 -d 30 ${often}`, 'fd77::2', '-1'],
  [`-1 -C 13 ${often}`, '10.77.0.2', '-C 13'],
  [`-S -T -p 22 ${often}`, '10.79.0.2', '-S -T'],
  [`-S -T --tr-stop -p 22 -i u100000`, 'fd79::2', '-S -T'],
  [`-S -8 8-12,20-25,137`, '10.77.0.2', '-S'],
  [`-2 -8 7,8,111,137`, 'fd77::2', '-2'],
  [`-S -m 24 -d 90 -p 22 ${often}`, '10.77.0.2', '-S'],
  [`-2 -d 3000 -p 7 ${often}`, 'fd77::2', '-2'],
]

interface Kept {
  readonly type: string
  readonly [field: string]: unknown
}

/**
 * What a record says about the network, without when it was made and how long was waited. Of a packet in fragments a
 * capture tells the octets of the first one.
 */
function lasting({ time, elapsedMs, interrupted, seq, clock, sentOctets, ...kept }: Kept): Kept {
  return kept
}

/** Records without their order: a scan's ports settle in another one than their packets come. */
function told(stdout: string): readonly string[] {
  const records = recordsOf(stdout) as unknown as readonly Kept[]
  return records.map((record) => JSON.stringify(lasting(record))).sort()
}

type Ended = Awaited<ReturnType<typeof run>>

describeHping('captures and records of hping-ts', ['tshark'], (hostile) => {
  const folder = mkdtempSync(join(tmpdir(), 'hping-captures-'))
  const fileOf = (i: number): string => join(folder, `${i}.pcapng`)
  const live: Ended[] = []
  const read: Ended[] = []

  beforeAll(async () => {
    for (const [i, [words, host]] of CASES.entries())
      live.push(await hostile.run(`${words} --json --write ${fileOf(i)} ${host}`))
    const reading = CASES.map(([, host, words], i) =>
      hostile.run(`--read ${fileOf(i)} --json ${words} ${host}`),
    )
    read.push(...(await Promise.all(reading)))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe.each(CASES.map(([words, host], i) => [`${words} ${host}`, i] as const))('of %s', (words, i) => {
    it('are records of the schema, with verdicts and one total', () => {
      for (const { stdout, stderr } of [live[i], read[i]].filter((ended) => ended !== undefined)) {
        expect(stderr).toBe('')
        const records = recordsOf(stdout) as unknown as readonly Kept[]
        for (const record of records) expect(schemaErrors(record)).toBe(FITS)
        expect(records.filter(({ type }) => type === 'verdict').length).toBeGreaterThan(0)
        expect(records.at(-1)).toMatchObject({ type: 'total', tool: 'hping-ts' })
      }
    })

    it('say the same of the capture as of the run', () => {
      expect(told(read[i]?.stdout ?? '')).toEqual(told(live[i]?.stdout ?? ''))
      expect(read[i]?.status).toBe(live[i]?.status)
    })

    it('hold packets that tshark finds nothing wrong with', async () => {
      const { stdout } = await run('tshark', [
        '-r',
        fileOf(i),
        ...NO_APPLICATION,
        '-T',
        'fields',
        '-e',
        '_ws.malformed',
        '-e',
        'ip.src',
        '-e',
        'ipv6.src',
      ])
      const packets = stdout.split('\n').slice(0, -1)
      const total = (recordsOf(live[i]?.stdout ?? '') as unknown as readonly Kept[]).at(-1)
      const { sent, received } = total as unknown as { readonly sent: number; readonly received: number }
      expect(packets.filter((packet) => !packet.startsWith('\t'))).toEqual([])
      const isCut = /-m |-d 3000/.test(words)
      if (isCut) expect(packets.length).toBeGreaterThan(sent + received)
      else expect(packets).toHaveLength(sent + received)
    })
  })

  it('give the same lines, counts and verdicts as text', async () => {
    const path = join(folder, 'text.pcapng')
    const argv = '-S -n -p 22'
    const written = await hostile.run(`${argv} ${often} --write ${path} 10.77.0.2`)
    const again = await hostile.run(`${argv} --read ${path} 10.77.0.2`)
    expect(answers(again.stdout)).toEqual(answers(written.stdout))
    expect(answers(again.stdout)).toHaveLength(COUNT)
    expect(counts(again.stderr)).toEqual(counts(written.stderr))
    expect(verdicts(written.stderr)).toEqual(['port 22: open (syn-ack), 4 of 4 answered'])
    expect(again.stdout).toMatch(/^10\.77\.0\.2 +22\/tcp +open +syn-ack .* 4\/4$/m)
  })

  it('that were cut short, or are none, are told as faults', async () => {
    const path = fileOf(0)
    await hostile.bash(
      `head -c 430 ${path} >${path}.cut; head -c 700 /dev/urandom >${path}.none; : >${path}.empty`,
    )
    const [cut, none, empty] = await Promise.all(
      ['cut', 'none', 'empty'].map((end) => hostile.run(`--read ${path}.${end} -S 10.77.0.2`)),
    )
    expect(cut?.stderr).toMatch(/^hping-ts: .*\.cut: .*\n/m)
    for (const ended of [none, empty]) {
      expect(ended?.stderr).toMatch(/^hping-ts: .*\n$/)
      expect({ stdout: ended?.stdout, status: ended?.status }).toEqual({ stdout: '', status: 2 })
    }
  })
})
