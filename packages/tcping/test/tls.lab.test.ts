import { describeLab } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, CLOCKS, probesOf } from './lab-tool.ts'

describeLab('--tls', { needs: ['openssl'] }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target

  it.each(CLOCKS)(
    'tells protocol, days left and what is wrong with a certificate by the %s clock',
    async (clock) => {
      for (const host of ['target.lab', address4, address6]) {
        const { stdout, status } = await tool.run(lab, ['-c', '1', '--clock', clock, '--tls', host, '443'])
        expect(stdout).toMatch(
          /^open from .+:443: seq=1 time=[\d.]+ ms tls=[\d.]+ ms \(TLSv1\.3, certificate (29|30) days left, DEPTH_ZERO_SELF_SIGNED_CERT\)$/m,
        )
        expect(status).toBe(0)
      }
    },
  )

  it('gives the same to programs', async () => {
    const { stdout } = await tool.run(lab, ['-c', '1', '--tls', '--json', 'target.lab', '443'])
    expect(probesOf(stdout)).toMatchObject([
      {
        word: 'open',
        tls: { ok: true, protocol: 'TLSv1.3', invalid: 'DEPTH_ZERO_SELF_SIGNED_CERT', subject: 'target.lab' },
      },
    ])
  })

  it.each([
    ['speaks HTTP', 80],
    ['sends control sequences', 17],
    ['resets', 12],
    ['says nothing', 13],
  ])('calls a port that %s open and says in plain words why there is no TLS', async (_, port) => {
    const { stdout, stderr, status } = await tool.run(lab, ['-c', '1', '--tls', address4, String(port)])
    expect(stdout).toMatch(
      /^open from \S+: seq=1 time=[\d.]+ ms \((reset after accept|TLS failed: [\w ]+)\)$/m,
    )
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  it('does not measure the TLS handshake as part of the round trip', async () => {
    const { stdout } = await tool.run(lab, ['-c', '5', '-i', '0.1', '--tls', '--json', address4, '443'])
    const probes = probesOf(stdout)
    expect(probes).toHaveLength(5)
    const least = (times: readonly number[]): number => Math.min(...times)
    const handshakes = probes.map(({ tls }) => Number(tls?.handshakeMs))
    expect(least(probes.map(({ rttMs }) => rttMs ?? Number.NaN))).toBeLessThan(least(handshakes))
  })
})
