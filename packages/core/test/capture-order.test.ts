import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINK_TYPE } from '../src/index.ts'
import { createCaptureOrder, type Kept, MOST_WAITING } from '../src/packet-run/capture-order.ts'
import { captureReport } from '../src/packet-run/capture-report.ts'
import type { Shot } from '../src/packet-run/observer.ts'
import { createTally } from '../src/packet-run/tally.ts'

const SMALL = new Uint8Array(1)

function kept(timeNs: number, octets = SMALL): Kept {
  return { timeNs, wallNs: BigInt(timeNs), octets, length: octets.length }
}

describe('packets on their way into a capture', () => {
  it('are put in the order of their times when none is late by more than a moment', () => {
    const late = fc.record({ stepNs: fc.nat(1e6), lateNs: fc.nat(50e6) })
    fc.assert(
      fc.property(fc.array(late, { minLength: 1, maxLength: 5000 }), (steps) => {
        const written: number[] = []
        const order = createCaptureOrder(({ timeNs }) => void written.push(timeNs))
        let nowNs = 100e6
        for (const { stepNs, lateNs } of steps) {
          nowNs += stepNs
          order.add(kept(nowNs - lateNs), Number.POSITIVE_INFINITY)
        }
        order.end()
        expect(written).toHaveLength(steps.length)
        expect(written).toEqual([...written].sort((a, b) => a - b))
      }),
      { numRuns: 30 },
    )
  })

  it('wait for one that is known to come', () => {
    const written: number[] = []
    const order = createCaptureOrder(({ timeNs }) => void written.push(timeNs))
    for (let i = 1; i <= 3000; i++) order.add(kept(i * 1e9), 500)
    expect(written).toEqual([])
    order.add(kept(500), Number.POSITIVE_INFINITY)
    order.end()
    expect(written[0]).toBe(500)
    expect(written).toHaveLength(3001)
  })

  it('do not wait once they are too many', () => {
    let written = 0
    const order = createCaptureOrder(() => void written++)
    const large = new Uint8Array(60_000)
    let added = 0
    for (; written === 0 && added < 1000; added++) order.add(kept(added, large), 0)
    expect(added * large.length).toBeLessThan(MOST_WAITING + 2 * large.length)
    expect(written).toBe(added)
  })
})

describe('packets whose departure nobody saw', () => {
  const tally = createTally([{ name: undefined, address: '10.0.0.2', family: 4 }])
  const [host] = tally.hosts
  const report = (write: (kept: Kept) => void) =>
    captureReport(
      { channel: { clock: 'packet', wallOffsetNs: () => 5n }, linkType: LINK_TYPE.raw, reshape: undefined },
      write,
    )
  const shot = (index: number): Shot => {
    if (host === undefined) throw new Error('no host')
    return { host, protocol: 'tcp', port: 22, round: 0, index }
  }

  it('are written by the time when they were sent, each once', () => {
    const written: bigint[] = []
    const { sent, silent, end } = report(({ wallNs }) => void written.push(wallNs))
    const packet = { linkType: LINK_TYPE.raw, octets: SMALL, from: 0, to: 1, length: 1 }
    for (const index of [0, 1]) sent?.(shot(index), packet, 1000 * index)
    silent?.(shot(0), 1e9, { state: 'filtered', reason: 'no-response' })
    silent?.(shot(0), 1e9, { state: 'filtered', reason: 'no-response' })
    end()
    expect(written).toEqual([5n, 1005n])
  })

  it('are given up waiting for when they are too many, and their octets are their own', () => {
    const written: number[] = []
    const { sent, end } = report(({ octets: [first = -1] }) => void written.push(first))
    const octets = new Uint8Array(60_000)
    const packet = { linkType: LINK_TYPE.raw, octets, from: 0, to: octets.length, length: octets.length }
    for (let index = 0; index < 1000; index++) {
      octets[0] = index % 251
      sent?.(shot(index), packet, index)
    }
    expect(written.length).toBeGreaterThan(300)
    end()
    expect(written).toEqual(Array.from({ length: 1000 }, (_, index) => index % 251))
  })
})
