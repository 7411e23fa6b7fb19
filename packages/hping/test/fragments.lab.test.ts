import { beforeAll, expect, it } from 'vitest'
import { answers, counts, describeHping, type Hostile, verdicts } from './hostile-kit.ts'

const TARGETS = { 4: '10.77.0.2', 6: 'fd77::2' } as const
type Family = keyof typeof TARGETS

/** What a run sends, and what is to be said of it: with the octets of the answer's IP packet where it echoes. */
interface Run {
  readonly words: string
  readonly verdict: string
  /** Over IPv6, where it is another one. */
  readonly verdict6?: string
  /** Octets of the answers, by the family of the target. */
  readonly length?: Readonly<Record<Family, number>>
}

const COUNT = 3
/** RFC 8200 section 4.5: the first fragment is to hold all headers, and 16 octets do not hold that of TCP. */
const CUT_HEADER = 'port 22: filtered (param-problem)'
const sizes = (data: number) => ({ 4: 28 + data, 6: 48 + data })

const RUNS: readonly Run[] = [
  { words: '-S -f -p 22', verdict: 'port 22: open (syn-ack)', verdict6: CUT_HEADER },
  { words: '-S -f -d 100 -p 22', verdict: 'port 22: open (syn-ack)', verdict6: CUT_HEADER },
  { words: '-S -m 24 -p 22', verdict: 'port 22: open (syn-ack)' },
  { words: '-S -m 24 -d 50 -p 111', verdict: 'port 111: closed (reset)' },
  { words: '-S -d 3000 -p 22', verdict: 'port 22: open (syn-ack)' },
  { words: '-2 -f -d 50 -p 7', verdict: 'udp port 7: open (udp-response)', length: sizes(50) },
  { words: '-2 -m 24 -d 200 -p 7', verdict: 'udp port 7: open (udp-response)', length: sizes(200) },
  { words: '-2 -f -d 50 -p 111', verdict: 'udp port 111: closed (port-unreach)' },
  { words: '-1 -f -d 50', verdict: 'HOST: up (echo-reply)', length: sizes(50) },
  { words: '--backend raw-socket -S -m 24 -p 22', verdict: 'port 22: open (syn-ack)' },
  { words: '--backend raw-socket -2 -f -d 50 -p 7', verdict: 'udp port 7: open (udp-response)' },
  { words: '--backend raw-socket -1 -f -d 50', verdict: 'HOST: up (echo-reply)' },
  { words: '-1 -m 24 -d 56', verdict: 'HOST: up (echo-reply)', length: sizes(56) },
]

/** With long answers, or none of that length. */
const LARGE: readonly Run[] = [
  { words: '-2 -d 3000 -p 7', verdict: 'udp port 7: open (udp-response)' },
  { words: '-1 -d 3000', verdict: 'HOST: up (echo-reply)' },
  { words: '-2 -m 8 -d 2000 -p 7', verdict: 'udp port 7: open (udp-response)' },
  // As long as packets can be.
  { words: '-2 -d 65507 -p 7', verdict: 'udp port 7: open (udp-response)' },
  { words: '-S -d 65495 -p 22', verdict: 'port 22: open (syn-ack)' },
]

const CASES = [...RUNS, ...LARGE].flatMap((run) =>
  ([4, 6] as const).map((family) => [`${run.words} ${TARGETS[family]}`, run, family] as const),
)

type Ended = Awaited<ReturnType<Hostile['run']>>

describeHping('packets in fragments', [], (hostile) => {
  const ended = new Map<string, Ended>()
  let before = { 4: 0, 6: 0 }
  let after = { 4: 0, 6: 0 }

  beforeAll(async () => {
    before = await assembled(hostile)
    for (const run of [...RUNS, ...LARGE]) {
      const both = ([4, 6] as const).map(async (family) => {
        const words = `${run.words} -n -c ${COUNT} -i u50000 --timeout 3 -e ${SIGN} ${TARGETS[family]}`
        ended.set(`${run.words} ${TARGETS[family]}`, await hostile.run(words))
      })
      await Promise.all(both)
    }
    after = await assembled(hostile)
  })

  it.each(CASES)('are put together and answered: %s', (title, { verdict, verdict6, length }, family) => {
    const { stdout, stderr, status } = ended.get(title) ?? NOTHING
    expect(counts(stderr)).toEqual({ sent: COUNT, received: COUNT, loss: 0 })
    const told = family === 6 && verdict6 !== undefined ? verdict6 : verdict.replace('HOST', TARGETS[family])
    expect(verdicts(stderr)).toEqual([`${told}, 3 of 3 answered`])
    expect(status).toBe(0)
    if (length === undefined) return
    for (const answer of answers(stdout)) expect(answer).toContain(`len=${length[family]} `)
  })

  it.each([4, 6] as const)(
    'are put together by the kernel of the target, by its own count (IPv%i)',
    (family) => {
      const whole = [...RUNS, ...LARGE].filter(({ verdict6 }) => family === 4 || verdict6 === undefined)
      expect(after[family] - before[family]).toBe(COUNT * whole.length)
    },
  )

  it.each([
    '-S -x -d 4 -p 22',
    '-S -g 8 -d 40 -p 22',
    '-2 -x -d 24 -p 7',
    '-2 -g 64 -d 20 -p 7',
    '-1 -x -d 24',
  ])('that lack the others get no answer: %s', async (words) => {
    const runs = Object.values(TARGETS).map((target) =>
      hostile.run(`${words} -n -c 2 -i u1000 --timeout 0.3 ${target}`),
    )
    for (const { stdout, stderr, status } of await Promise.all(runs)) {
      expect(answers(stdout)).toEqual([])
      expect(counts(stderr)).toEqual({ sent: 2, received: 0, loss: 100 })
      // Nobody was asked anything whole: silence says nothing about the port.
      expect(verdicts(stderr)).toEqual([expect.stringMatching(/: unknown \(no-response\), 0 of 2 answered$/)])
      expect(status).toBe(1)
    }
  })
})

/** Without data of its own each packet has this. */
const SIGN = 'fragments'
const NOTHING: Ended = { stdout: '', stderr: '', status: null, signal: null, timedOut: false }

/** How many packets the target's kernel has put together so far (RFC 4293: ipReasmOKs). */
async function assembled({ world }: Hostile) {
  const { stdout } = await world.exec('cat', ['/proc/net/snmp', '/proc/net/snmp6'], { as: 'target' })
  const [, names = '', numbers = ''] = /^Ip: (.*)\nIp: (.*)$/m.exec(stdout) ?? []
  const at = names.split(' ').indexOf('ReasmOKs')
  return {
    4: Number(numbers.split(' ')[at]),
    6: Number(/^Ip6ReasmOKs\s+(\d+)$/m.exec(stdout)?.[1]),
  }
}
