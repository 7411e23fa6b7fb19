import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeLab, PORTS } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, CLOCKS } from './lab-tool.ts'

const DROPS = '10.79.0.12'
const SUMMARY = /^--- .* port \d+ tcping statistics ---$/m

/** Presses Ctrl-C once more; false when nobody is there any more. */
function signalled(pid: number): boolean {
  try {
    process.kill(pid, 'SIGINT')
    return true
  } catch {
    return false
  }
}

describeLab('a run and its ends', { tun: { rules: [{ to: DROPS, does: 'stealth' }] } }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target
  const endless = (...args: string[]) => ['-i', '0.05', ...args]

  it.each([
    ['SIGINT', '22', 0],
    ['SIGINT', '111', 1],
    ['SIGTERM', '22', 0],
    ['SIGTERM', '111', 1],
    ['SIGHUP', '22', 0],
  ] as const)(
    'prints the summary at %s and ends as ping does: port %s, status %i',
    async (send, port, status) => {
      const signals = [{ send, afterOutput: /seq=3/ }]
      const result = await tool.run(lab, endless(address4, port), { signals })
      expect(result.stdout).toMatch(SUMMARY)
      expect(result.stdout).toMatch(/^\d+ packets transmitted, \d+ received, 0% packet loss, time \d+ms$/m)
      expect(result).toMatchObject({ status, signal: null, stderr: '', timedOut: false })
    },
  )

  it('does not count a probe that is under way at Ctrl-C', async () => {
    const args = ['-i', '30', '-W', '30', '-v', address4, '22,137']
    const { stdout, status } = await tool.run(lab, args, {
      signals: [{ send: 'SIGINT', afterOutput: /seq=1/ }],
    })
    expect(stdout).toContain('port 137 tcping statistics ---\n0 packets transmitted, 0 received')
    expect(stdout).toContain('port 22 tcping statistics ---\n1 packets transmitted, 1 received')
    expect(status).toBe(0)
  })

  it('ends at once with 130 at a second Ctrl-C', async () => {
    const port = PORTS.flapping.port
    await lab.target.setPort(port, 'open')
    const [started, enough] = ['started', 'enough'].map((name) => join(tool.directory(), name))
    for (const file of [started, enough]) rmSync(file ?? '', { force: true })
    const slow = `trap '' INT; touch '${started}'; until test -e '${enough}'; do sleep 0.05; done`
    const running = tool.start(lab, endless('--on-change', slow, address4, String(port)))
    await running.until(/^open/m)
    await lab.target.setPort(port, 'closed')
    await expect.poll(() => existsSync(started ?? ''), { timeout: 10_000 }).toBe(true)
    process.kill(running.pid, 'SIGINT')
    await running.until(SUMMARY)
    await expect.poll(() => signalled(running.pid), { timeout: 10_000 }).toBe(false)
    // The command still has the tool's output open.
    writeFileSync(enough ?? '', '')
    await lab.target.setPort(port, 'open')
    const result = await running.done
    expect(result.status).toBe(130)
  })

  it('tells where it stands at Ctrl-\\ and goes on', async () => {
    const signals = [
      { send: 'SIGQUIT', afterOutput: /seq=3/ },
      { send: 'SIGINT', afterOutput: /seq=9/ },
    ] as const
    const { stderr, status } = await tool.run(lab, endless(address4, '22'), { signals })
    expect(stderr).toMatch(
      /^\d+\/\d+ packets, 0% loss, min\/avg\/ewma\/max = \d+\.\d{3}(\/\d+\.\d{3}){3} ms\n$/,
    )
    expect(status).toBe(0)
  })

  it.each(['', '--json', '--csv'])('ends quietly when its reader has enough %s', async (output) => {
    const script = `TCPING -i 0.02 ${output} ${address4} 22 | head -1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr, timedOut } = await tool.bash(lab, script)
    expect(stdout).toMatch(/^.+\r?\n0\n$/)
    expect({ stderr, timedOut }).toEqual({ stderr: '', timedOut: false })
  })

  it('says in one line that its output cannot be written', async () => {
    const { stderr, status } = await tool.bash(lab, `TCPING -c 1 ${address4} 22 >/dev/full`)
    expect(stderr).toMatch(/^tcping: cannot write to standard output: ENOSPC\n$/)
    expect(status).toBe(2)
  })

  it('probes with standard output closed', async () => {
    const { stderr, status } = await tool.bash(lab, `TCPING -c 2 -i 0.1 ${address4} 22 >&-`)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  it.each(CLOCKS)(
    'needs no processor time while it waits, with standard input closed: %s clock',
    async (clock) => {
      const timed = (count: number) => `time TCPING -c ${count} -i 0.5 --clock ${clock} ${address4} 22 <&-`
      const script = `TIMEFORMAT='%R %U %S'; ${timed(1)}; ${timed(5)}`
      const { stdout, stderr, status } = await tool.bash(lab, script)
      const times = stderr
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number))
      expect(stdout).toContain('5 packets transmitted, 5 received')
      expect(status).toBe(0)
      const [one = 0, five = 0] = times.map(([, user = 0, system = 0]) => user + system)
      expect(times[1]?.[0]).toBeGreaterThan(2)
      // What it takes to start, which both do, is not waiting.
      expect(five - one).toBeLessThan(1)
    },
  )

  it.each(CLOCKS)('tells clearly that it ran out of descriptors and goes on: %s clock', async (clock) => {
    // Every one of these would hold a descriptor for half a second.
    const script = `ulimit -n 28; TCPING -c 1 -W 0.5 --clock ${clock} ${DROPS} 1-60`
    const { stdout, stderr, status, timedOut } = await tool.bash(lab, script)
    const lines = stderr.split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/^tcping: 10\.79\.0\.12:\d+: .*too many open files/)
    expect(stdout.match(/tcping statistics ---/g)).toHaveLength(60)
    expect({ timedOut, failed: status === 1 || status === 2 }).toEqual({ timedOut: false, failed: true })
  })

  it('keeps the text file whole at every moment and leaves no other file', async () => {
    const file = join(tool.directory(), 'tcping.prom')
    const running = tool.start(lab, [
      '-i',
      '0.002',
      '-w',
      '2.5',
      '--prometheus',
      file,
      address4,
      address6,
      '22',
    ])
    const read = new Set<string>()
    let over = false
    const ended = running.done.finally(() => {
      over = true
    })
    await running.until(/seq=1/)
    await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true)
    while (!over) {
      read.add(readFileSync(file, 'utf8'))
      await new Promise(setImmediate)
    }
    expect((await ended).status).toBe(0)
    expect(read.size).toBeGreaterThan(1)
    const full = Math.max(...[...read].map((text) => text.split('\n').length))
    // Before the first answer there are fewer figures.
    const whole = [...read].filter((text) => text.includes('tcping_jitter_seconds'))
    expect(whole.length).toBeGreaterThan(1)
    for (const text of whole) expect(text.split('\n')).toHaveLength(full)
    for (const text of read) expect(text).toMatch(/^(#.*\n|[a-z_]+(\{.*\})? \S+\n)+$/)
    expect(readdirSync(tool.directory()).filter((name) => name.includes('prom'))).toEqual(['tcping.prom'])
  })

  it('keeps hostile octets away from the terminal', async () => {
    const args = ['-c', '2', '-i', '0.1', address4, '17']
    const words = ['-v', '--report', '--colour', 'never']
    const runs = [
      [...words, ...args],
      ['--tls', ...words, ...args],
      ['--json', '--tls', ...args],
      ['--csv', ...args],
    ]
    for (const { stdout, stderr } of await Promise.all(runs.map((run) => tool.run(lab, run)))) {
      expect(stdout).toContain('17')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(stdout.replaceAll('\r\n', '\n') + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/)
    }
  })

  it('escapes what the user typed as a host', async () => {
    const { stdout, stderr, status } = await tool.run(lab, ['-c', '1', 'evil\x1b[31m\u202e.lab', '22'])
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
    expect(stderr).toMatch(/^tcping: host name invalid: 'evil\\x1b\[31m\\u202e\.lab'.*\n$/)
  })
})
