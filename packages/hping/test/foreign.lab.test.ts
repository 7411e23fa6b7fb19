import { expect, it } from 'vitest'
import { answers, BACKENDS, counts, describeHping, verdicts } from './hostile-kit.ts'

/** Four runs at once, all to the same port. */
const AT_ONCE = [0, 1, 2, 3]
/** Where hping3 counts what others get: SYN-ACKs and echoes (recorded runs 221 to 223). */
const OTHERS = [
  'while :; do timeout 1 bash -c "exec 3<>/dev/tcp/10.77.0.2/22"; timeout 1 bash -c "exec 3<>/dev/tcp/10.77.0.2/8"; done',
  'while :; do for port in 7 8 111; do bash -c "echo x >/dev/udp/10.77.0.2/$port"; done; done',
  'ping -n -i 0.01 10.77.0.2',
]

const MODES = [
  ['-S -p 137', 'port 137: filtered (no-response)'],
  ['-S -p 22', 'port 22: open (syn-ack)'],
  ['-S -p 8', 'port 8: filtered (admin-prohibited)'],
  ['-2 -p 137', 'udp port 137: open|filtered (no-response)'],
  ['-2 -p 8', 'udp port 8: filtered (admin-prohibited)'],
  ['-1', '10.77.0.2: up (echo-reply)'],
] as const
const COUNT = 5

describeHping('hping-ts beside other programs', ['timeout', 'ping'], (hostile) => {
  it.each(BACKENDS)(
    'counts nothing that connections, datagrams and echoes of others get, by %s',
    async (backend) => {
      const script = `${OTHERS.map((other) => `{ ${other}; } >/dev/null 2>&1 &`).join(' ')} echo begun; wait`
      const strangers = hostile.world.spawn('bash', ['-c', script], { timeoutMs: 60_000 })
      await strangers.until(/begun/)
      const runs = MODES.map(([mode]) =>
        hostile.run(`--backend ${backend} ${mode} -n -c ${COUNT} -i u50000 --timeout 1 10.77.0.2`),
      )
      const ended = await Promise.all(runs)
      strangers.kill('SIGKILL')
      await strangers.done
      for (const [i, { stdout, stderr, status }] of ended.entries()) {
        const verdict = MODES[i]?.[1] ?? ''
        const received = verdict.includes('no-response') ? 0 : COUNT
        expect(counts(stderr)).toEqual({ sent: COUNT, received, loss: received === 0 ? 100 : 0 })
        expect(verdicts(stderr)).toEqual([`${verdict}, ${received} of ${COUNT} answered`])
        expect(stdout).not.toContain('DUP!')
        expect(status).toBe(received === 0 ? 1 : 0)
      }
    },
  )

  it.each([
    '-S -p 22',
    '-S -p 111 -s 4000 -k',
    '-2 -p 7',
    '-2 -p 111',
    '-1',
    '--backend raw-socket -S -p 22',
    '--backend raw-socket -1',
  ])('takes no answer of three others that do the same: %s', async (mode) => {
    const argv = `${mode} -n -c 20 -i u10000 --timeout 2`
    // Questions over UDP are told by their ports only: random ones might be the same.
    const own = (i: number): string => (mode.startsWith('-2') ? ` -s ${5000 + 100 * i}` : '')
    const runs = AT_ONCE.map((i) => hostile.run(`${argv}${own(i)} ${i % 2 === 0 ? '10.77.0.2' : 'fd77::2'}`))
    for (const { stdout, stderr } of await Promise.all(runs)) {
      expect(counts(stderr)).toEqual({ sent: 20, received: 20, loss: 0 })
      expect(verdicts(stderr)).toEqual([expect.stringMatching(/, 20 of 20 answered$/)])
      expect(stdout).not.toContain('DUP!')
    }
  })

  it('makes its own system reset no connection of others', async () => {
    const argv = '-S -p 22 -n -c 50 -i u2000 10.77.0.2'
    const [ran, talk] = await Promise.all([
      hostile.run(argv),
      hostile.bash('exec 3<>/dev/tcp/10.77.0.2/22; read -r -t 5 greeting <&3; echo "$greeting"'),
    ])
    expect(answers(ran.stdout)).toHaveLength(50)
    expect(talk.stdout).toContain('SSH-')
  })
})
