import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Figures, type HostFigures, statistics } from '../src/words/statistics.ts'

const us = (n: number): number => n * 1000

function host(fields: Partial<HostFigures> = {}): HostFigures {
  return { address: '10.77.0.2', sent: 0, received: 0, rtt: undefined, ...fields }
}

function figures(fields: Partial<Figures> = {}): Figures {
  return {
    counts: 'packets',
    hosts: [host()],
    sent: 0,
    received: 0,
    sentBytes: 0,
    receivedBytes: 0,
    txNs: 0,
    rxNs: 0,
    elapsedNs: 0,
    ...fields,
  }
}

const text = (fields: Partial<Figures>, verbosity = 0): string => statistics(figures(fields), verbosity).text

describe('statistics', () => {
  it('prints the recorded block of connect mode, with rates from -v1 on', () => {
    const rtt = { samples: 1, minNs: us(36), maxNs: us(36), sumNs: us(36) }
    const run = {
      counts: 'connections',
      hosts: [host({ sent: 2, received: 1, rtt })],
      sent: 2,
      received: 1,
      sentBytes: 160,
      receivedBytes: 40,
      txNs: us(56277),
      rxNs: us(57341),
      elapsedNs: us(60000),
    } as const
    expect(text(run, 3)).toBe(
      ' \nMax rtt: 0.036ms | Min rtt: 0.036ms | Avg rtt: 0.036ms\n' +
        'TCP connection attempts: 2 | Successful connections: 1 | Failed: 1 (50.00%)\n' +
        'Tx time: 0.05628s | Tx bytes/s: 2843.08 | Tx pkts/s: 35.54\n' +
        'Rx time: 0.05734s | Rx bytes/s: 697.58 | Rx pkts/s: 17.44\n' +
        'Nping done: 1 IP address pinged in 0.06 seconds\n',
    )
    expect(text(run, 0)).not.toContain('Tx time')
  })

  it('prints a block for each of several targets instead of the one line', () => {
    const rtt = { samples: 2, minNs: us(35), maxNs: us(360), sumNs: us(395) }
    const hosts = [
      host({ sent: 4, received: 2, rtt: { ...rtt, maxNs: us(35), sumNs: us(70) } }),
      host({ name: 'target2.lab', address: '10.77.0.3', sent: 4, received: 2, rtt }),
    ]
    expect(text({ hosts, sent: 8, received: 4, sentBytes: 320, receivedBytes: 168, elapsedNs: 1.39e9 })).toBe(
      ' \nStatistics for host 10.77.0.2:\n' +
        ' |  Probes Sent: 4 | Rcvd: 2 | Lost: 2  (50.00%)\n' +
        ' |_ Max rtt: 0.035ms | Min rtt: 0.035ms | Avg rtt: 0.035ms\n' +
        'Statistics for host target2.lab (10.77.0.3):\n' +
        ' |  Probes Sent: 4 | Rcvd: 2 | Lost: 2  (50.00%)\n' +
        ' |_ Max rtt: 0.360ms | Min rtt: 0.035ms | Avg rtt: 0.198ms\n' +
        'Raw packets sent: 8 (320B) | Rcvd: 4 (168B) | Lost: 4 (50.00%)\n' +
        'Nping done: 2 IP addresses pinged in 1.39 seconds\n',
    )
  })

  it.each([
    ['packets', 'Raw packets sent: 2 (40B) | Rcvd: 0 (0B) | Lost: 2 (100.00%)\n'],
    ['datagrams', 'UDP packets sent: 2 | Rcvd: 0 | Lost: 2 (100.00%)\n'],
    ['connections', 'TCP connection attempts: 2 | Successful connections: 0 | Failed: 2 (100.00%)\n'],
  ] as const)('says N/A and counts %s when nothing came back', (counts, line) => {
    const block = text({ counts, sent: 2, sentBytes: 40, elapsedNs: 2e9 })
    expect(block).toContain(' \nMax rtt: N/A | Min rtt: N/A | Avg rtt: N/A\n')
    expect(block).toContain(line)
  })

  it('prints the figures without the blank line at -1, and nothing below', () => {
    expect(text({}, -1)).toMatch(/^Max rtt: N\/A/)
    expect([-2, -3, -4].map((verbosity) => text({}, verbosity))).toEqual(['', '', ''])
  })

  it.each([
    [999, '999B'],
    [1000, '1.000KB'],
    [20_000, '20.000KB'],
    [1_000_000, '1.000MB'],
  ])('counts %i bytes in thousands: %s', (sentBytes, shown) => {
    expect(text({ sent: 1, sentBytes })).toContain(`Raw packets sent: 1 (${shown})`)
  })

  it('counts no target in the plural, as nping does', () => {
    expect(text({ hosts: [] })).toContain('Nping done: 0 IP addresses pinged in 0.00 seconds\n')
  })

  it('never prints a negative loss, NaN or Infinity', () => {
    const count = fc.nat(1000)
    fc.assert(
      fc.property(count, count, count, fc.boolean(), (sent, received, txNs, isTwo) => {
        const one = host({ sent, received })
        const block = text({ hosts: isTwo ? [one, one] : [one], sent, received, txNs, rxNs: 0 }, 1)
        expect(block).not.toMatch(/NaN|Infinity|-\d/)
      }),
    )
  })
})
