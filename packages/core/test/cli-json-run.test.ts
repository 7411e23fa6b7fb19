import { expect, it } from 'vitest'
import { totalRecord, verdictRecord } from '../src/cli/json-run.ts'
import { createQuantiles } from '../src/model/quantiles.ts'

const DB = { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' } as const

it('sums up a run over many ports', () => {
  const rtt = { samples: 2, minNs: 100_000, maxNs: 300_000, sumNs: 400_000 }
  const quantiles = createQuantiles()
  for (const rttNs of [100_000, 300_000]) quantiles.add(rttNs)
  const counts = {
    sent: 3,
    received: 2,
    sentOctets: 120,
    receivedOctets: 84,
    again: 1,
    late: 0,
    refused: 0,
    dropped: 0,
  }
  const total = totalRecord('nping-ts', {
    ...counts,
    atMs: 0,
    elapsedNs: 2e9,
    rtt,
    quantiles,
    interrupted: true,
  })
  expect(total).toMatchObject({
    lost: 1,
    elapsedMs: 2000,
    interrupted: true,
    rttMs: { min: 0.1, avg: 0.2, max: 0.3, samples: 2, median: 0.1, p95: 0.3, p99: 0.3 },
  })
  const verdict = { state: 'filtered', reason: 'admin-prohibited' } as const
  const facts = { atMs: 0, sent: 3, received: 2, from: '10.0.0.254', rtt, verdict }
  expect(verdictRecord({ tool: 'nping-ts', target: DB }, facts)).toMatchObject({
    type: 'verdict',
    port: 22,
    word: 'unreachable',
    from: '10.0.0.254',
    rttMs: { avg: 0.2, samples: 2 },
  })
  const nothing = { ...facts, verdict: undefined, from: undefined, rtt: { ...rtt, samples: 0 } }
  expect(verdictRecord({ tool: 'nping-ts', target: DB }, nothing)).toMatchObject({
    state: null,
    word: null,
    reason: null,
    from: null,
    rttMs: null,
  })
})
