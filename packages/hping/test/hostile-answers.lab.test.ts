import { beforeAll, expect, it } from 'vitest'
import { answers, BACKENDS, counts, describeHping, HOSTILE, verdicts } from './hostile-kit.ts'

/** Ports of the hostile responder, which nping's tests share, in runs that ask one after the other. */
const FIRST = { port: 1000, count: 15 } as const
const LAST = { port: 1016, count: 4 } as const

/** What is to be said of the first ones; only 1002 answers two seconds late, while the run still lasts. */
const VERDICTS = [
  'ports 1000-1002: open (syn-ack), 1 of 1 answered',
  'ports 1003-1005: filtered (no-response), 0 of 1 answered',
  'ports 1006-1007: open (syn-ack), 1 of 1 answered',
  'ports 1008-1011: filtered (no-response), 0 of 1 answered',
  'port 1012: filtered (admin-prohibited from ROUTER), 1 of 1 answered',
  'port 1013: open (syn-ack), 1 of 1 answered',
  'port 1014: closed (reset), 1 of 1 answered',
]
const ROUTER = { 4: '10.77.0.67', 6: 'fd77::43' } as const
const COPIES = 20_000
/** Of 100,000 packets not one is kept. */
const MOST_KB = 200_000

describeHping('hping-ts among answers that no decent host gives', ['python3', 'nft'], (hostile) => {
  beforeAll(() => hostile.answerBadly())

  // Most of it is waiting: all at once.
  const often = '-S -n -i u20000'
  const ways = BACKENDS.flatMap((backend) => ([4, 6] as const).map((family) => [backend, family] as const))
  const first = new Map<string, ReturnType<typeof hostile.run>>()
  const last = new Map<string, ReturnType<typeof hostile.run>>()

  beforeAll(async () => {
    for (const [backend, family] of ways) {
      const argv = (from: number, timeout: string) =>
        `--backend ${backend} ${often} -p ++${from} --timeout ${timeout} ${HOSTILE[family]}`
      first.set(`${backend} ${family}`, hostile.run(`-c ${FIRST.count} ${argv(FIRST.port, '4')}`))
      last.set(`${backend} ${family}`, hostile.run(`-c ${LAST.count} ${argv(LAST.port, '1')}`))
    }
    await Promise.all([...first.values(), ...last.values()])
  })

  it.each(ways)(
    'judges each port, and counts each packet once, by %s over IPv%i',
    async (backend, family) => {
      const { stdout = '', stderr = '', status } = (await first.get(`${backend} ${family}`)) ?? {}
      const ports = answers(stdout).map((line) => Number(/sport=(\d+)/.exec(line)?.[1]))
      // Raw sockets hand over what one of them has, then what the other one has.
      expect(ports.toSorted((a, b) => a - b)).toEqual([1000, 1001, 1001, 1002, 1006, 1007, 1013, 1014, 1014])
      expect(ports.at(-1)).toBe(1002)
      expect(answers(stdout).filter((line) => line.startsWith('DUP! '))).toHaveLength(2)
      expect(counts(stderr)).toEqual({ sent: FIRST.count, received: 8, loss: 47 })
      expect(stderr).toMatch(/^\d out of sequence packets received$/m)
      expect(verdicts(stderr)).toEqual([
        '2 duplicate answers',
        ...VERDICTS.map((line) => line.replace('ROUTER', ROUTER[family])),
      ])
      expect(status).toBe(0)
    },
  )

  it.each(ways)(
    'takes 200 errors about one packet for one answer, and no cut segment for any, by %s over IPv%i',
    async (backend, family) => {
      const { stderr = '' } = (await last.get(`${backend} ${family}`)) ?? {}
      expect(counts(stderr)).toEqual({ sent: LAST.count, received: 1, loss: 75 })
      expect(verdicts(stderr)).toEqual([
        '199 duplicate answers',
        'ports 1016-1018: filtered (no-response), 0 of 1 answered',
        'port 1019: filtered (admin-prohibited), 1 of 1 answered',
      ])
    },
  )

  it('calls an answer late that comes behind the end of its wait, and lost one that comes behind the run', async () => {
    const [waits, ends] = await Promise.all([
      hostile.run(`-S -n -p 1002 -k -c 2 -i 3 --timeout 0.5 ${HOSTILE[4]}`),
      hostile.run(`-S -n -p 1002 -c 1 --timeout 0.5 ${HOSTILE[4]}`),
    ])
    expect(counts(waits.stderr)).toEqual({ sent: 2, received: 1, loss: 50 })
    expect(Number(/rtt=([\d.]+)/.exec(answers(waits.stdout)[0] ?? '')?.[1])).toBeGreaterThanOrEqual(2000)
    expect(counts(ends.stderr)).toEqual({ sent: 1, received: 0, loss: 100 })
    expect(ends.status).toBe(1)
  })

  it('tells every one of 20,000 repeated answers, or counts it as lost in the receive buffer', async () => {
    const [node, tool] = hostile.command()
    const argv = [tool, '-S', '-n', '-p', '1020', '-c', '2', '-i', '60', HOSTILE[4]]
    const running = hostile.world.spawn(node, argv, { timeoutMs: 60_000 })
    await running.until(/^len=/m)
    await hostile.repeatAnswer()
    await running.until(/^DUP! len=/m)
    running.kill('SIGINT')
    const { stdout, stderr } = await running.done
    expect(counts(stderr)).toEqual({ sent: 1, received: 1, loss: 0 })
    const again = Number(/^(\d+) duplicate answers?$/m.exec(stderr)?.[1])
    const lost = Number(/^(\d+) packets lost in the receive buffer$/m.exec(stderr)?.[1] ?? 0)
    expect(answers(stdout)).toHaveLength(1 + again)
    expect(again).toBeGreaterThan(0)
    expect(again + lost).toBeLessThanOrEqual(COPIES)
  })

  it('hands nothing of what others send to the terminal as it is', async () => {
    // An echo gives back what would ring, clear the screen, set its title, and look like a line of ours.
    const { stdout, stderr } = await hostile.bash(
      `file=$(mktemp); printf '\\a\\033[2J\\033]0;title\\a\\r\\nlen=1 \\xff\\xc2\\x9b0m' >$file
      for shown in -j -J '-j -J'; do HPING -2 -n -c 1 -p 7 -d 40 -E $file $shown 10.77.0.2; done; rm $file`,
    )
    expect(counts(stderr)).toEqual({ sent: 1, received: 1, loss: 0 })
    expect(answers(stdout)).toHaveLength(3)
    expect(stdout).toContain('title')
    const written = [...stdout].map((character) => character.codePointAt(0) ?? 0)
    expect(written.filter((code) => (code < 0x20 && code !== 0x0a && code !== 0x09) || code >= 0x7f)).toEqual(
      [],
    )
  })

  it('tells a name from the hosts file in letters that can be seen', async () => {
    // Node finds the address by the plain name, and the system gives the first one.
    const { stdout } = await hostile.bash(
      `file=$(mktemp); printf '10.78.0.2 evil\\033]0;x\\a\\x9bname\\n10.78.0.2 plain\\n' >$file
      unshare -m bash -c 'mount --bind $0 /etc/hosts; exec "$@"' $file HPING -S -t 2 -c 1 -p 22 10.79.0.2; rm $file`,
    )
    expect(stdout).toContain('TTL 0 during transit from ip=10.78.0.2')
    expect(stdout).toMatch(/name=evil\\x1b\]0;x\\x07\S*name$/m)
  })

  // The last one: the responder goes on sending, and may overhear what it is asked meanwhile.
  it('keeps none of 100,000 packets of others', async () => {
    const { stdout, stderr } = await hostile.bash(
      `HPING --backend kernel -S -n -p 1015 -c 1 --timeout 15 ${HOSTILE[4]} & pid=$!
      while grep VmHWM /proc/$pid/status >&2 2>/dev/null; do sleep 0.1; done; wait $pid`,
      { timeoutMs: 40_000 },
    )
    expect(answers(stdout)).toHaveLength(1)
    expect(verdicts(stderr).join()).toContain('port 1015: open (syn-ack), 1 of 1 answered')
    const kilobytes = [...stderr.matchAll(/VmHWM:\s*(\d+) kB/g)].map(([, number]) => Number(number))
    expect(Math.max(...kilobytes)).toBeGreaterThan(0)
    expect(Math.max(...kilobytes)).toBeLessThan(MOST_KB)
  })
})
