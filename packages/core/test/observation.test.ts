import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answered, anyWord, classify, type Observation, word } from '../src/model/observation.ts'

const timed = { rttNs: 300_000, clock: 'kernel', elapsedNs: 310_000, syns: 1 } as const
const local = { address: '10.0.0.1', port: 40000 }
const icmp = (family: 4 | 6, type: number, code: number): Observation => ({
  kind: 'icmp-error',
  family,
  type,
  code,
  from: '10.0.0.254',
  ...timed,
})

it.each<[string, Observation, string, string, string]>([
  ['a handshake', { kind: 'handshake', reset: false, local, ...timed }, 'open', 'syn-ack', 'open'],
  ['a handshake and a RST', { kind: 'handshake', reset: true, local, ...timed }, 'open', 'syn-ack', 'open'],
  ['a RST', { kind: 'refused', by: 'rst', ...timed }, 'closed', 'reset', 'closed'],
  [
    'a refusal of unknown kind',
    { kind: 'refused', by: 'unknown', ...timed },
    'closed',
    'conn-refused',
    'closed',
  ],
  ['silence', { kind: 'silence', waitedNs: 1e9, syns: 1 }, 'filtered', 'no-response', 'stealth'],
  [
    'EHOSTUNREACH',
    { kind: 'unreachable', code: 'EHOSTUNREACH', ...timed },
    'filtered',
    'host-unreach',
    'unreachable',
  ],
  ['ICMP 3/0', icmp(4, 3, 0), 'filtered', 'net-unreach', 'unreachable'],
  ['ICMP 3/1', icmp(4, 3, 1), 'filtered', 'host-unreach', 'unreachable'],
  ['ICMP 3/2', icmp(4, 3, 2), 'filtered', 'proto-unreach', 'unreachable'],
  ['ICMP 3/3', icmp(4, 3, 3), 'filtered', 'port-unreach', 'unreachable'],
  ['ICMP 3/9', icmp(4, 3, 9), 'filtered', 'net-prohibited', 'unreachable'],
  ['ICMP 3/10', icmp(4, 3, 10), 'filtered', 'host-prohibited', 'unreachable'],
  ['ICMP 3/13', icmp(4, 3, 13), 'filtered', 'admin-prohibited', 'unreachable'],
  ['ICMP 3/200', icmp(4, 3, 200), 'filtered', 'dest-unreach', 'unreachable'],
  ['ICMP 11/0', icmp(4, 11, 0), 'filtered', 'time-exceeded', 'unreachable'],
  ['ICMPv6 1/0', icmp(6, 1, 0), 'filtered', 'no-route', 'unreachable'],
  ['ICMPv6 1/1', icmp(6, 1, 1), 'filtered', 'admin-prohibited', 'unreachable'],
  ['ICMPv6 1/3', icmp(6, 1, 3), 'filtered', 'host-unreach', 'unreachable'],
  ['ICMPv6 1/4', icmp(6, 1, 4), 'filtered', 'port-unreach', 'unreachable'],
  ['ICMPv6 3/0', icmp(6, 3, 0), 'filtered', 'time-exceeded', 'unreachable'],
])('calls %s by its state, reason and word', (_, observation, state, reason, shown) => {
  const verdict = classify(observation)
  expect(verdict).toEqual({ state, reason })
  expect(word(verdict)).toBe(shown)
  expect(answered(verdict)).toBe(shown === 'open' || shown === 'closed')
})

it('never takes an ICMP error for an answer of the port, whatever its numbers', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(fc.constantFrom(4 as const, 6 as const), octet, octet, (family, type, code) => {
      expect(word(classify(icmp(family, type, code)))).toBe('unreachable')
    }),
  )
})

it.each<[string, Observation, string, string, string]>([
  ['a datagram', { kind: 'reply', ...timed, syns: undefined }, 'open', 'udp-response', 'open'],
  ['port-unreachable', icmp(4, 3, 3), 'closed', 'port-unreach', 'closed'],
  ['ICMPv6 port-unreachable', icmp(6, 1, 4), 'closed', 'port-unreach', 'closed'],
  ['ECONNREFUSED alone', { kind: 'refused', by: 'unknown', ...timed }, 'closed', 'port-unreach', 'closed'],
  ['admin-prohibited', icmp(4, 3, 13), 'filtered', 'admin-prohibited', 'unreachable'],
  [
    'silence',
    { kind: 'silence', waitedNs: 3e9, syns: undefined },
    'open|filtered',
    'no-response',
    'open or stealth',
  ],
])('over UDP, calls %s by its state, reason and word', (_, observation, state, reason, shown) => {
  const verdict = classify(observation, 'udp')
  expect(verdict).toEqual({ state, reason })
  expect(anyWord(verdict)).toBe(shown)
})
