import { describe, expect, it } from 'vitest'
import { counts, describeHostile, type Hostile, NOBODY } from './hostile-kit.ts'

/** What a run may take from a signal to its end, on a busy machine. */
const SOON_MS = 8000
const DONE = /^Nping done: 1 IP address pinged in [\d.]+ seconds$/m
/** From the start of the process, and from its first line. */
const EARLY_MS = [0, 30, 80, 200]
const LATER_MS = [0, 20, 150, 400]

/** A run that gets a signal so long after its start, or after its first line. */
async function interrupt(
  hostile: Hostile,
  argv: string,
  send: NodeJS.Signals,
  afterMs: number,
  isLater: boolean,
) {
  const [node, tool] = hostile.command()
  const running = hostile.world.spawn(node, [tool, ...argv.split(' ')], { timeoutMs: 20_000 })
  if (isLater) await running.until(/Starting/)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  const sentMs = performance.now()
  running.kill(send)
  const ran = await running.done
  return { ...ran, isLater, tookMs: performance.now() - sentMs }
}

describeHostile('signals and readers', ['strace'], (hostile) => {
  describe.each([
    ['--tcp -p 22,137 -c 100 --delay 10ms 10.77.0.2', 'SIGINT'],
    ['--tcp --backend raw-socket -p 22,137 -c 100 --delay 10ms fd77::2', 'SIGINT'],
    ['--tcp -p 22 -c 0 --delay 0 -H -v-1 10.77.0.2', 'SIGTERM'],
    ['--tcp-connect -p 22,137 -c 100 --delay 10ms 10.77.0.2', 'SIGINT'],
    ['--tcp --tr -p 22 --delay 200ms 10.79.0.2', 'SIGTERM'],
    [`--icmp -c 3 --delay 100ms --timeout 15s ${NOBODY[6]}`, 'SIGINT'],
  ] as const)('%s with %s', (argv, send) => {
    it('ends at once with what it has, whenever it comes', async () => {
      const runs = [
        ...EARLY_MS.map((afterMs) => interrupt(hostile, argv, send, afterMs, false)),
        ...LATER_MS.map((afterMs) => interrupt(hostile, argv, send, afterMs, true)),
      ]
      for (const { stdout, stderr, status, signal, timedOut, isLater, tookMs } of await Promise.all(runs)) {
        expect({ timedOut, stderr }).toEqual({ timedOut: false, stderr: '' })
        expect(tookMs).toBeLessThan(SOON_MS)
        if (signal !== null) {
          // It had not begun yet, or it was over and about to leave.
          expect(signal).toBe(send)
          expect(stdout).toMatch(isLater ? DONE : /^$/)
          continue
        }
        expect(status).toBeLessThanOrEqual(2)
        expect(stdout).toMatch(DONE)
        if (stdout.includes('Raw packets')) expectSums(stdout)
      }
    })
  })

  it('has the status of nping when it is asked for', async () => {
    const argv = '--tcp -p 22,137 -c 0 --delay 50ms --exit-code nping 10.77.0.2'
    const { status } = await hostile.run(argv, { signals: [{ send: 'SIGINT', afterOutput: /RCVD/ }] })
    expect(status).toBe(1)
  })

  // A run that nobody reads, until it has filled its pipe (pipe(7)) and writes no more.
  const stuck = `cd $(mktemp -d); trap 'rm -r "$PWD"' EXIT
    until_there() { until test -e $1; do sleep 0.05; done; }
    start() {
      NPING --tcp -p 22 -c 0 --rate 2000 10.77.0.2 & pid=$!; now=0; before=
      until ((now > 30000 && now == before)); do
        before=$now; sleep 0.3; now=$(sed -n 's/^wchar: //p' /proc/$pid/io)
      done
    }`

  it('ends by a second signal while nobody reads what it says', async () => {
    // Signals that come too soon after one another are one.
    const { stderr } = await hostile.bash(
      `${stuck}
      { start; kill -TERM $pid; sleep 0.4; test -e /proc/$pid/io || echo early >&2
      while kill -TERM $pid; do sleep 0.4; done 2>&-; wait $pid; echo "st $?" >&2; touch over; } | until_there over`,
    )
    expect(stderr).toBe('st 143\n')
  })

  it('ends by one signal with all that it has to say, once it is read', async () => {
    const { stdout, stderr } = await hostile.bash(
      `${stuck}
      { start; kill -TERM $pid; touch told; wait $pid; echo "st $?" >&2; } | (until_there told; sleep 0.5; cat)`,
    )
    expect(stderr).toBe('st 0\n')
    expect(stdout).toContain('Nping done')
    expectSums(stdout)
  })

  it('ends when its reader has left, without a word', async () => {
    const { stdout, stderr } = await hostile.bash(
      '{ NPING --tcp -p 22 -c 1000 --delay 10ms 10.77.0.2; echo "st $?" >&2; } | head -n 3 | wc -l',
    )
    expect({ stdout, stderr }).toEqual({ stdout: '3\n', stderr: 'st 0\n' })
  })

  it('loses no answer to a reader that stops for a while', async () => {
    const { stdout, stderr } = await hostile.bash(
      'NPING --tcp -p 22 -c 2000 --rate 2000 --timeout 300ms 10.77.0.2 | (sleep 1.2; cat)',
      { timeoutMs: 20_000 },
    )
    expect(stderr).toBe('')
    expect(stdout.match(/^SENT/gm)).toHaveLength(2000)
    expect(counts(stdout)).toEqual({ sent: 2000, received: 2000, lost: 0 })
  })

  it('loses no answer to a halt', async () => {
    const tool = hostile.world.spawn('setsid', [
      ...hostile.command(),
      ...'--tcp -p 22 -c 2000 --rate 2000 --timeout 300ms 10.77.0.2'.split(' '),
    ])
    await tool.until(/RCVD/)
    tool.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 800))
    tool.kill('SIGCONT')
    const { stdout } = await tool.done
    expect(counts(stdout)).toEqual({ sent: 2000, received: 2000, lost: 0 })
  })

  it.each([
    ['stdout', '>&-', ''],
    ['stderr', '2>&-', 'TARGET'],
    ['both', '>&- 2>&-', ''],
    ['stdin', '<&-', 'TARGET'],
  ])('works with %s closed', async (_, closed, wanted) => {
    const script = `NPING --tcp -p 22 -c 2 --delay 10ms 10.77.0.2 nowhere.lab 10.83.0.1 ${closed}; echo "st $?"`
    const { stdout, timedOut } = await hostile.bash(script)
    expect(timedOut).toBe(false)
    expect(stdout).toMatch(/st 0\n$/)
    expect(stdout).toContain(wanted)
  })

  it('says when it cannot write', async () => {
    const { stdout, stderr } = await hostile.bash(
      'NPING --tcp -p 22 -c 2 --delay 10ms 10.77.0.2 > /dev/full; echo "st $?"',
    )
    expect(stderr).toBe('nping-ts: cannot write to standard output: ENOSPC\n')
    expect(stdout).toBe('st 2\n')
  })

  it.each(['kernel', 'raw-socket'])(
    'leaves no descriptor open, and ends right after its last line (%s)',
    async (backend) => {
      // A file for each thread: in one for all, the calls of one interrupt those of another.
      const trace = 'strace -ff -o trace -e trace=socket,close -e signal=none'
      const argv = `--backend ${backend} --tcp -p 22 -c 2 --delay 5ms 10.77.0.2 10.77.0.3`
      const { stdout } = await hostile.bash(
        `cd $(mktemp -d); trap 'rm -r "$PWD"' EXIT; ${trace} NPING ${argv} >&2; cat trace.*`,
      )
      const lines = stdout.split('\n')
      const opened = lines.flatMap(
        (line) => /socket\(AF_(?:PACKET|INET6?|NETLINK).* = (\d+)$/.exec(line)?.[1] ?? [],
      )
      expect(opened.length).toBeGreaterThan(2)
      const closed = lines.flatMap((line) => /close\((\d+)\) += 0$/.exec(line)?.[1] ?? [])
      const open = new Map<string, number>()
      for (const fd of opened) open.set(fd, (open.get(fd) ?? 0) + 1)
      for (const [fd, times] of open) {
        expect(closed.filter((each) => each === fd).length, `closed ${fd}`).toBeGreaterThanOrEqual(times)
      }
    },
  )
})

/** Each probe counts once. */
function expectSums(stdout: string): void {
  const { sent, received, lost } = counts(stdout)
  expect(received + lost).toBe(sent)
  expect(lost).toBeGreaterThanOrEqual(0)
  const [, again = '0'] = /(\d+) repeated answers?/.exec(stdout) ?? []
  const shown = stdout.match(/^RCVD/gm)?.length
  if (shown !== undefined) expect(shown).toBe(received + Number(again))
}
