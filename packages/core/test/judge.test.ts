import { expect, it } from 'vitest'
import type { QueuedError } from '../src/io/kernel/error-queue.ts'
import { type Evidence, judge } from '../src/io/kernel/judge.ts'
import { LocalFault } from '../src/model/errors.ts'

const ESTABLISHED = 1
const SYN_SENT = 2
const CLOSE = 7
const CLOSE_WAIT = 8
const evidence = (
  error: number,
  state: number,
  more: { rttNs?: number; syns?: number; icmp?: QueuedError } = {},
): Evidence => ({
  error,
  info: { state, rttNs: more.rttNs ?? 0, syns: more.syns ?? 1 },
  local: { address: '10.0.0.1', port: 40000 },
  elapsedNs: 50_000,
  takeIcmp: () => more.icmp,
})
const icmp = (from: string | undefined): QueuedError => ({ family: 4, type: 3, code: 13, from })

it('takes the round trip of a handshake from the kernel', () => {
  expect(judge(evidence(0, ESTABLISHED, { rttNs: 40_000 }), 'x')).toEqual({
    kind: 'handshake',
    rttNs: 40_000,
    clock: 'kernel',
    elapsedNs: 50_000,
    syns: 1,
    reset: false,
    local: { address: '10.0.0.1', port: 40000 },
  })
})

it.each([
  [
    'a handshake whose peer has closed already',
    evidence(0, CLOSE_WAIT, { rttNs: 9000 }),
    { kind: 'handshake', reset: false },
  ],
  [
    'a reset after the handshake',
    evidence(104, CLOSE, { rttNs: 9000 }),
    { kind: 'handshake', reset: true, clock: 'kernel', rttNs: 9000 },
  ],
  [
    'a reset after the peer had closed',
    evidence(32, CLOSE, { rttNs: 9000 }),
    { kind: 'handshake', reset: true },
  ],
  [
    'a handshake that the kernel did not time',
    evidence(0, ESTABLISHED),
    { kind: 'handshake', clock: 'process', rttNs: 50_000 },
  ],
  [
    'a handshake after a resent SYN',
    evidence(0, ESTABLISHED, { rttNs: 1e6, syns: 2 }),
    { kind: 'handshake', rttNs: undefined, syns: 2 },
  ],
  ['a RST', evidence(111, CLOSE), { kind: 'refused', by: 'rst', rttNs: 50_000 }],
  [
    'an ICMP error that looked like a RST',
    evidence(111, CLOSE, { icmp: icmp('10.0.0.2') }),
    { kind: 'icmp-error', from: '10.0.0.2', code: 13 },
  ],
  [
    'an ICMP error that came while the socket was busy',
    evidence(0, SYN_SENT, { icmp: icmp('10.0.0.2') }),
    { kind: 'icmp-error' },
  ],
  [
    'an ICMP error of an unknown sender',
    evidence(113, CLOSE, { icmp: icmp(undefined) }),
    { kind: 'icmp-error', from: undefined },
  ],
  [
    'nobody answering ARP',
    evidence(113, CLOSE, { icmp: icmp('10.0.0.1') }),
    { kind: 'unreachable', code: 'EHOSTUNREACH', rttNs: undefined },
  ],
  ['no route', evidence(101, CLOSE), { kind: 'unreachable', code: 'ENETUNREACH' }],
])('sees %s', (_, seen, fact) => {
  expect(judge(seen, 'x')).toMatchObject(fact)
})

it.each([['a socket that still waits', evidence(0, SYN_SENT)]])('has no fact for %s', (_, seen) => {
  expect(judge(seen, 'x')).toBeUndefined()
})

it('says what it was about when the system fails in an unknown way', () => {
  expect(() => judge(evidence(12345, CLOSE), 'connect to 10.0.0.2:22')).toThrow(LocalFault)
  expect(() => judge(evidence(12345, CLOSE), 'connect to 10.0.0.2:22')).toThrow(
    'connect to 10.0.0.2:22: errno 12345',
  )
})
