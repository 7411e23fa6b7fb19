import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answers, counts, describeHping, verdicts } from './hostile-kit.ts'

const TERMINAL = join(import.meta.dirname, 'terminal.py')
/** Back over what a terminal shows of Ctrl-Z, and how that is shown here. */
const BACK = ['\b'.repeat(9), '<BACK>'] as const
const STROKES = 12

/** What a run may take from a signal to its end, on a busy machine. */
const SOON_MS = 4000
/** From the start of the process, and from its first line. */
const EARLY_MS = [0, 30, 60, 90, 150]
const LATER_MS = [0, 20, 150, 400]

describeHping('signals to hping-ts', ['python3', 'hping3'], (hostile) => {
  const { world } = hostile

  describe('Ctrl-Z at a terminal', () => {
    const tools = [
      ['hping3', (): readonly string[] => ['hping3']],
      ['hping-ts', (): readonly string[] => hostile.command()],
    ] as const
    const play = async (steps: readonly string[], command: readonly string[], argv: string) => {
      const args = [TERMINAL, ...steps, '--', ...command, ...argv.split(' ')]
      const { stdout, stderr, status } = await world.exec('python3', args, { timeoutMs: 30_000 })
      expect(stderr).toBe('')
      const said = stdout.replaceAll(...BACK)
      // What has become of the port or the time to live.
      const raised = [...said.matchAll(/<BACK>(\d+): /g)].map(([, number]) => Number(number))
      return { said, status, raised }
    }
    const SLOWLY = [
      'see rtt=',
      'see rtt=',
      'key Z',
      'see : len=',
      'see ms',
      'key Z',
      'see : len=',
      'see ms',
      'key C',
    ]

    it.each(tools)('raises the port by one, and the next line stands behind it (%s)', async (_, command) => {
      const { said, raised, status } = await play(SLOWLY, command(), '-S -n -p 21 -i u500000 10.77.0.2')
      expect(raised).toEqual([22, 23])
      const lines = said.split('\n').filter((line) => line.includes(BACK[1]))
      expect(lines).toEqual([
        expect.stringMatching(/^<BACK>22: len=44 ip=10\.77\.0\.2 .* sport=22 flags=SA /),
        expect.stringMatching(/^<BACK>23: len=40 ip=10\.77\.0\.2 .* sport=23 flags=RA /),
      ])
      expect(status).toBe(0)
    })

    // How soon a stroke follows depends on the machine: each one raises by one, or lowers by two behind a quick one.
    it.each(tools)(
      'raises it at the first of two quick strokes and lowers it at the second (%s)',
      async (_, command) => {
        const steps = ['see rtt=', `again Z ${STROKES} \\d: `, 'key C']
        const { raised } = await play(steps, command(), '-S -n -p 4000 -i 30 10.77.0.2')
        // hping3 prints while it handles the signal, now and then what it has printed already.
        const ports = raised.filter((port, i) => port !== raised[i - 1])
        expect(ports).toHaveLength(STROKES)
        expect(ports[0]).toBe(4001)
        const turns = ports.slice(1).map((port, i) => port - (ports[i] ?? 0))
        expect(turns).toContain(-2)
        expect(turns.every((by) => by === 1 || by === -2)).toBe(true)
      },
    )

    it.each(tools)('lowers it no further than to 0 (%s)', async (_, command) => {
      const steps = ['see rtt=', `again Z ${STROKES} \\d: `, 'key C']
      const { raised } = await play(steps, command(), '-S -n -p 0 -i 30 10.77.0.2')
      expect(raised).toContain(0)
      expect(Math.max(...raised)).toBeLessThanOrEqual(STROKES)
    })

    it('with -z raises the time to live, by which one router after the other is seen', async () => {
      const steps = ['see ip=10.77.0.2', 'key Z', 'see ip=10.78.0.2', 'key Z', 'see ip=10.79.0.2', 'key C']
      const { said, raised } = await play(
        steps,
        hostile.command(),
        '-S -z -t 1 -n -p 22 -i u500000 10.79.0.2',
      )
      expect(raised).toEqual([2, 3])
      expect(said).toMatch(/^<BACK>2: TTL 0 during transit from ip=10\.78\.0\.2$/m)
      expect(said).toMatch(/^<BACK>3: len=44 ip=10\.79\.0\.2 ttl=62 /m)
    })

    it('says nothing with --json, and raises all the same', async () => {
      const steps = ['see "port":21,', 'key Z', 'see "port":22,', 'key C']
      const { said } = await play(steps, hostile.command(), '-S -p 21 -i u500000 --json 10.77.0.2')
      expect(said).not.toContain(BACK[1])
    })
  })

  // bash(1) tells of a stopped job once more when it is waited for: 128 and the signal's number.
  it('stops at Ctrl-Z with -Z, sends nothing meanwhile, and goes on when it is told to', async () => {
    const { stdout, stderr } = await hostile.bash(
      `set -m; out=$(mktemp)
      HPING -S -Z -n -p 22 -c 6 -i u200000 10.77.0.2 >$out & pid=$!
      until [ $(grep -c ^len= $out) -ge 2 ]; do sleep 0.05; done
      kill -TSTP $pid
      until grep -q '^State:.T' /proc/$pid/status; do sleep 0.05; done
      before=$(wc -l <$out); sleep 1; [ $before = $(wc -l <$out) ] && echo stopped
      kill -CONT $pid; status=148; while [ $status = 148 ]; do wait $pid; status=$?; done
      echo "st $status"; cat $out; rm $out`,
      { timeoutMs: 30_000 },
    )
    expect(stdout).toMatch(/^stopped$/m)
    expect(stdout).toMatch(/^st 0$/m)
    expect(answers(stdout)).toHaveLength(6)
    expect(counts(stderr)).toEqual({ sent: 6, received: 6, loss: 0 })
  })

  it('is not stopped by Ctrl-Z without it, and loses nothing by SIGSTOP', async () => {
    const { stdout, stderr } = await hostile.bash(
      `set -m; out=$(mktemp)
      HPING -S -n -p 30 -c 400 -i u2000 10.77.0.2 >$out & pid=$!
      until grep -q ^len= $out; do sleep 0.01; done
      kill -TSTP $pid; sleep 0.3; kill -TSTP $pid; kill -STOP $pid; sleep 0.5; kill -CONT $pid
      status=147; while [ $status = 147 ]; do wait $pid; status=$?; done; echo "st $status"; cat $out; rm $out`,
      { timeoutMs: 30_000 },
    )
    expect(stdout).toMatch(/^st 0$/m)
    expect(counts(stderr)).toEqual({ sent: 400, received: 400, loss: 0 })
    expect(verdicts(stderr).join()).toMatch(/ports? 30/)
  })

  /** A run that gets a signal so long after its start, or after its first line. */
  async function interrupt(argv: string, send: NodeJS.Signals, afterMs: number, isLater: boolean) {
    const [node, tool] = hostile.command()
    const running = world.spawn('bash', ['-c', `exec '${node}' '${tool}' ${argv} 2>&1`], {
      timeoutMs: 30_000,
    })
    if (isLater) await running.until(/\n/)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const sentMs = performance.now()
    running.kill(send)
    return { ...(await running.done), isLater, tookMs: performance.now() - sentMs }
  }

  describe('Ctrl-C', () => {
    it.each([
      ['-S -n -p 22 -i u10000 10.77.0.2', 'SIGINT'],
      ['-S -n -p ++1 --faster --backend raw-socket fd77::2', 'SIGTERM'],
      ['-2 -p 8 -i u50000 10.77.0.2', 'SIGINT'],
      ['-T -p 22 -i u100000 -S 10.79.0.2', 'SIGINT'],
      ['-1 -n -c 3 -i u1000 --timeout 20 fd77::99', 'SIGINT'],
      ['-S -8 1-65535 -i u1000 10.77.0.2', 'SIGINT'],
    ] as const)('at any moment ends %s with what it has', async (argv, send) => {
      const runs = [
        ...EARLY_MS.map((afterMs) => interrupt(argv, send, afterMs, false)),
        ...LATER_MS.map((afterMs) => interrupt(argv, send, afterMs, true)),
      ]
      for (const { stdout, status, signal, timedOut, isLater, tookMs } of await Promise.all(runs)) {
        expect(timedOut).toBe(false)
        expect(tookMs).toBeLessThan(SOON_MS)
        if (signal !== null && !isLater) {
          // It had not begun yet.
          expect({ signal, stdout }).toEqual({ signal: send, stdout: '' })
          continue
        }
        expect(signal).toBeNull()
        if (argv.includes('-8')) {
          expect(stdout).toContain('interrupted: some ports were not asked')
          continue
        }
        const { sent, received } = counts(stdout)
        expect(received).toBeLessThanOrEqual(sent)
        expect(status).toBe(received > 0 ? 0 : 1)
        const lines = stdout.match(/^len=|^ICMP |TTL 0 /gm) ?? []
        expect(lines).toHaveLength(received)
      }
    })

    it('while a name is looked up that nobody tells gives the statistics at once, and ends', async () => {
      // The black hole of the world swallows what its name server is asked.
      const [node, tool] = hostile.command()
      const script = `echo nameserver 10.82.0.1 >$1/resolv; echo hosts: files dns >$1/nss
        mount --bind $1/resolv /etc/resolv.conf; mount --bind $1/nss /etc/nsswitch.conf
        exec '${node}' '${tool}' -S -t 2 -p 22 10.79.0.2 2>&1`
      const inside = `d=$(mktemp -d); unshare -m bash -c '${script.replaceAll("'", `'\\''`)}' - $d; rm -r $d`
      const running = world.spawn('bash', ['-c', inside], { timeoutMs: 30_000 })
      await running.until(/get hostname\.\.\./)
      const sentMs = performance.now()
      running.kill('SIGINT')
      await running.until(/^1 packets transmitted, 1 packets received, 0% packet loss$/m)
      // The system's own look-up would hold the process for ten seconds.
      expect((await running.done).status).toBe(0)
      expect(performance.now() - sentMs).toBeLessThan(SOON_MS)
    })

    const endless = 'HPING -S -n -p 22 -i u200 10.77.0.2'

    it('once waits for a reader that stands still, and then tells all; twice does not', async () => {
      const [once, twice] = await Promise.all([
        hostile.bash(
          `{ ${endless} & pid=$!; sleep 1; kill -TERM $pid; wait $pid; echo "st $?" >&2; } | (sleep 2; cat)`,
        ),
        hostile.bash(
          `{ ${endless} & pid=$!; sleep 1; kill -TERM $pid; sleep 0.5; kill -TERM $pid; wait $pid; echo "st $?" >&2; } | sleep 4`,
        ),
      ])
      expect(once.stderr).toMatch(/\nst 0\n$/)
      const { sent, received } = counts(once.stderr)
      expect(received).toBe(sent)
      expect(answers(once.stdout)).toHaveLength(received)
      expect(twice.stderr).toBe('st 143\n')
    })
  })

  it('ends when its reader has left, without a word', async () => {
    const { stdout, stderr } = await hostile.bash(
      '{ HPING -S -n -p 22 -c 1000 -i u10000 10.77.0.2; echo "st $?" >&2; } | head -n 3 | wc -l',
    )
    expect(stdout).toBe('3\n')
    expect(stderr).toMatch(/st 0\n$/)
  })

  it('says when it cannot write', async () => {
    const { stdout, stderr } = await hostile.bash('HPING -S -p 22 -c 2 10.77.0.2 >/dev/full; echo "st $?"')
    expect(stderr).toBe('hping-ts: cannot write to standard output: ENOSPC\n')
    expect(stdout).toBe('st 2\n')
  })
})
