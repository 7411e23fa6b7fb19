import { describeLab } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool } from './lab-tool.ts'

/** How scripts, monitoring plugins and libraries read ping's output. */
const READERS: readonly (readonly [string, RegExp])[] = [
  ['sent and received', /^(\d+) packets transmitted, (\d+) (?:packets )?received,/m],
  ['loss', /, (\d+(?:\.\d+)?)% packet loss/],
  ['duration', /, time (\d+)ms$/m],
  [
    'minimum, average, maximum and deviation',
    /(?:rtt|round-trip) min\/avg\/max\/(?:mdev|stddev) = ([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+) ms/,
  ],
  ['the first round trip', /seq=1 .*time=([\d.]+) ?ms/],
  ['a round trip with its number', /seq=(\d+) (?:ttl=\d+ )?time=([\d.]+) ms/],
  ['the head line', /^T?C?PING (\S+) ?\(/m],
  ['the rule above the statistics', /^--- (\S+) .*statistics ---$/m],
]

describeLab('people who read ping with regular expressions', { needs: ['ping', 'awk'] }, (lab) => {
  const tool = builtTool()
  const answering = ['-c', '2', '-i', '0.2']

  it.each(READERS)('find %s in ours too', async (_, pattern) => {
    const [ping, ours] = await Promise.all([
      lab.exec('ping', [...answering, lab.target.address4]),
      tool.run(lab, [...answering, lab.target.address4, '22']),
    ])
    expect(ping.stdout).toMatch(pattern)
    expect(ours.stdout).toMatch(pattern)
  })

  it('find the same figures after losses, and no times', async () => {
    const lossy = ['-c', '2', '-i', '0.3', '-W', '0.5']
    const [ping, ours] = await Promise.all([
      lab.exec('ping', [...lossy, lab.target.dead6]),
      tool.run(lab, [...lossy, lab.target.dead6, '22']),
    ])
    for (const { stdout, status } of [ping, ours]) {
      expect(stdout).toMatch(/^2 packets transmitted, 0 received, 100% packet loss, time \d+ms$/m)
      expect(stdout).not.toContain('min/avg/max')
      expect(status).toBe(1)
    }
  })

  it('cut the average out with awk', async () => {
    const cut = `awk -F/ '/^rtt min/ { print $5 }'`
    const [ping, ours] = await Promise.all([
      lab.exec('bash', ['-c', `ping -c 2 -i 0.2 ${lab.target.address4} | ${cut}`]),
      tool.bash(lab, `TCPING -c 2 -i 0.2 ${lab.target.address4} 22 | ${cut}`),
    ])
    expect(ping.stdout).toMatch(/^\d+\.\d{3}\n$/)
    expect(ours.stdout).toMatch(/^\d+\.\d{3}\n$/)
  })
})
