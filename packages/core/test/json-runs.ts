import { expect } from 'vitest'
import type { World } from '../src/sim/sim.ts'
import { FITS, schemaErrors } from './result-schema.ts'
import { type JsonRecord, PLAIN, type Runner, recordsOf, type User } from './tool-kit.ts'

/** Runs a tool with --json: each line of standard output has to be a record of the schema. */
export function jsonTeller({ run }: Pick<Runner, 'run'>) {
  return async (command: string, world: World = PLAIN, user?: User) => {
    const { stdout, stderr, status } = await run(`${command} --json`, world, user)
    const records = recordsOf(stdout)
    for (const record of records) expect(schemaErrors(record), JSON.stringify(record)).toBe(FITS)
    const of = (type: string) => records.filter((record) => record.type === type)
    return { records, of, stderr, status, types: records.map(({ type }) => type) }
  }
}

/** What has to be told of one packet to each port of the plain world, the next 10 ms after the last. */
export function expectPlainPorts(of: (type: string) => readonly JsonRecord[]): void {
  expect(of('probe')).toMatchObject([
    { host: 'db.lan', address: '10.0.0.2', port: 22, state: 'open', rttMs: 0.25, clock: 'packet', seq: 1 },
    { port: 23, state: 'closed', reason: 'reset', rttMs: 0.3, answer: { flags: 'RA' } },
    { port: 24, state: 'filtered', word: 'stealth', rttMs: null, elapsedMs: 1000 },
  ])
  const times = of('probe').map(({ time }) => Date.parse(String(time)))
  expect(times.map((ms) => ms - (times[0] ?? 0))).toEqual([0, 10, 20])
  expect(of('total')).toMatchObject([
    { sent: 3, received: 2, lost: 1, sentOctets: 120, elapsedMs: 1020, interrupted: false },
  ])
}
