import { expect, it } from 'vitest'
import { exitStatus } from '../src/exit-status.ts'
import type { Finding } from '../src/model/finding.ts'
import { createCounter, tallyText } from '../src/report/tally.ts'
import { isBadCertificate, methodText, tlsText } from '../src/report/words.ts'
import { VERIFICATIONS } from './any-finding.ts'
import { findingOf, SHUT, tlsOf } from './finding-kit.ts'

const IDENTIFIED = findingOf({ outcome: 'identified', method: 'greeting', service: { protocol: 'ssh' } })

function tallyOf(...findings: readonly Finding[]) {
  const counter = createCounter()
  for (const finding of findings) counter.add(finding)
  return counter.tally()
}

it.each([
  ['greeting', undefined, 'greeting'],
  ['probe', undefined, 'probe'],
  ['port table', undefined, 'port table'],
  ['tls', tlsOf(), 'tls'],
  ['greeting', tlsOf(), 'tls+greeting'],
  ['probe', tlsOf(), 'tls+probe'],
  ['port table', tlsOf(), 'port table'],
  ['greeting', tlsOf({ after: 'smtp' }), 'greeting'],
] as const)('%s is told with TLS where it was inside', (method, tls, text) => {
  expect(methodText({ method, tls })).toBe(text)
})

it('shows everything but a good certificate on the line', () => {
  const shown = VERIFICATIONS.filter((words) => isBadCertificate({ words, code: undefined }))
  expect(VERIFICATIONS.filter((words) => !shown.includes(words))).toEqual(['verified', 'not verified'])
  for (const words of shown)
    expect(tlsText(tlsOf({ verification: { words, code: 'X' } }))).toBe(`TLSv1.3, ${words}`)
  expect(tlsText(tlsOf({ protocol: 'TLS\u001b', after: 'smtp' }))).toBe('STARTTLS, TLS\\x1b')
})

it.each([
  [[], 0, '0 ports'],
  [[], 3, '0 of 3 ports'],
  [[IDENTIFIED], 1, '1 port: 1 open; 1 identified'],
  [[SHUT.stealth, IDENTIFIED, IDENTIFIED], 3, '3 ports: 2 open, 1 stealth; 2 identified'],
  [
    [...Object.values(SHUT), findingOf()],
    9,
    '5 of 9 ports: 1 open, 1 open or stealth, 1 closed, 1 stealth, 1 unreachable; 0 identified',
  ],
])('sums a run up %#', (findings, targets, text) => {
  expect(tallyText(tallyOf(...findings), targets)).toBe(text)
})

it.each([
  ['something identified', [SHUT.closed, IDENTIFIED], 2, 'found', 0],
  ['something identified before the user ended it', [IDENTIFIED], 2, 'found', 0],
  ['open and unknown', [findingOf({ outcome: 'unknown' })], 1, 'found', 1],
  ['nothing at all', [], 1, 'found', 1],
  ['open', [findingOf(), IDENTIFIED], 2, 'state', 0],
  ['open and closed', [findingOf(), SHUT.closed], 2, 'state', 1],
  ['stealth before closed', [SHUT.stealth, SHUT.closed], 2, 'state', 2],
  ['unreachable', [SHUT.unreachable], 1, 'state', 2],
  ['silence over UDP', [SHUT['open or stealth'], findingOf()], 2, 'state', 2],
  ['ended before all ports were done', [findingOf()], 2, 'state', 3],
] as const)('the exit status tells: %s', (_, findings, targets, exitCode, status) => {
  expect(exitStatus(tallyOf(...findings), targets, { exitCode })).toBe(status)
})
