import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPortTallies } from '../src/packet-run/port-tallies.ts'

const CLOSED = { state: 'closed', reason: 'reset' } as const
const OPEN = { state: 'open', reason: 'syn-ack' } as const

describe('tallies of ports', () => {
  it('know nothing of a port at first', () => {
    const ports = createPortTallies()
    const row = ports.add('udp', 65_535)
    const rtt = { samples: 0, minNs: 0, maxNs: 0, sumNs: 0 }
    const nothing = { sent: 0, received: 0, verdict: undefined, from: undefined, rtt }
    expect(ports.of(row)).toEqual({ protocol: 'udp', port: 65_535, ...nothing })
  })

  it('keep each port apart, however many there are', () => {
    const times = fc.array(fc.array(fc.integer({ min: 0, max: 10 ** 10 }), { maxLength: 4 }), {
      maxLength: 100,
    })
    fc.assert(
      fc.property(times, (all) => {
        const ports = createPortTallies()
        const rows = all.map((_, port) => ports.add('tcp', port))
        rows.forEach((row, i) => {
          for (const rttNs of all[i] ?? []) {
            ports.countSent(row)
            ports.countReceived(row)
            ports.addRtt(row, rttNs)
          }
        })
        expect(rows.map((row) => ports.of(row).rtt)).toEqual(all.map(sumsOf))
        expect(rows.map(ports.sent)).toEqual(all.map((each) => each.length))
      }),
    )
  })

  it('remember whose verdict counts for which port', () => {
    const ports = createPortTallies()
    const [one, two, three] = [ports.add('tcp', 1), ports.add('tcp', 2), ports.add('tcp', 3)]
    ports.judge(one, CLOSED, undefined)
    ports.judge(two, CLOSED, '10.0.0.254')
    ports.judge(three, { ...CLOSED }, undefined)
    ports.judge(one, OPEN, undefined)
    const found = [one, two, three].map((row) => [ports.of(row).verdict, ports.of(row).from])
    expect(found).toEqual([
      [OPEN, undefined],
      [CLOSED, '10.0.0.254'],
      [CLOSED, undefined],
    ])
  })
})

function sumsOf(times: readonly number[]) {
  if (times.length === 0) return { samples: 0, minNs: 0, maxNs: 0, sumNs: 0 }
  const sumNs = times.reduce((sum, time) => sum + time, 0)
  return { samples: times.length, minNs: Math.min(...times), maxNs: Math.max(...times), sumNs }
}
