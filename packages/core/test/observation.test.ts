import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  answered,
  anyWord,
  classify,
  type Method,
  type Observation,
  type SegmentAnswer,
  word,
} from '../src/model/observation.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'

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
  ['ICMP 11/0', icmp(4, 11, 0), 'unknown', 'time-exceeded', 'unreachable'],
  ['ICMPv6 1/0', icmp(6, 1, 0), 'filtered', 'no-route', 'unreachable'],
  ['ICMPv6 1/1', icmp(6, 1, 1), 'filtered', 'admin-prohibited', 'unreachable'],
  ['ICMPv6 1/3', icmp(6, 1, 3), 'filtered', 'host-unreach', 'unreachable'],
  ['ICMPv6 1/4', icmp(6, 1, 4), 'filtered', 'port-unreach', 'unreachable'],
  ['ICMPv6 3/0', icmp(6, 3, 0), 'unknown', 'time-exceeded', 'unreachable'],
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

const METHODS = [
  'tcp',
  'udp',
  'tcp-syn',
  'tcp-ack',
  'tcp-window',
  'tcp-fin',
  'tcp-null',
  'tcp-xmas',
  'tcp-maimon',
  'tcp-rst',
  'tcp-other',
  'icmp-echo',
  'icmp-timestamp',
  'arp',
  'neighbour',
] as const satisfies readonly Method[]
const silence = { kind: 'silence', waitedNs: 1e9, syns: 1 } as const
const segment = (flags: string, window = 0): SegmentAnswer => ({
  kind: 'segment',
  flags: flagsOf(flags),
  window,
  seq: 0,
  ack: 1,
  from: '10.0.0.2',
  ttl: 64,
  ...timed,
})

it.each<[Method, string, Observation, string, string, string]>([
  ['tcp-syn', 'a SYN-ACK', segment('SA', 64240), 'open', 'syn-ack', 'open'],
  ['tcp-syn', 'a SYN from both sides', segment('S', 1024), 'open', 'split-handshake-syn', 'open'],
  ['tcp-syn', 'a RST', segment('RA'), 'closed', 'reset', 'closed'],
  ['tcp-syn', 'silence', silence, 'filtered', 'no-response', 'stealth'],
  ['tcp-ack', 'a RST', segment('R'), 'unfiltered', 'reset', 'unfiltered'],
  ['tcp-ack', 'a RST with a window', segment('R', 512), 'unfiltered', 'reset', 'unfiltered'],
  ['tcp-ack', 'silence', silence, 'filtered', 'no-response', 'stealth'],
  ['tcp-window', 'a RST with a window', segment('R', 512), 'open', 'reset', 'open'],
  ['tcp-window', 'a RST without one', segment('R', 0), 'closed', 'reset', 'closed'],
  ['tcp-window', 'silence', silence, 'filtered', 'no-response', 'stealth'],
  ['tcp-fin', 'a RST', segment('RA'), 'closed', 'reset', 'closed'],
  ['tcp-null', 'a RST', segment('RA'), 'closed', 'reset', 'closed'],
  ['tcp-xmas', 'a RST', segment('RA'), 'closed', 'reset', 'closed'],
  ['tcp-maimon', 'a RST', segment('R'), 'closed', 'reset', 'closed'],
  ['tcp-fin', 'silence', silence, 'open|filtered', 'no-response', 'open or stealth'],
  ['tcp-null', 'silence', silence, 'open|filtered', 'no-response', 'open or stealth'],
  ['tcp-xmas', 'silence', silence, 'open|filtered', 'no-response', 'open or stealth'],
  ['tcp-maimon', 'silence', silence, 'open|filtered', 'no-response', 'open or stealth'],
  ['tcp-other', 'a RST', segment('R'), 'unfiltered', 'reset', 'unfiltered'],
  ['tcp-other', 'a SYN-ACK', segment('SA'), 'open', 'syn-ack', 'open'],
  ['tcp-other', 'an ACK', segment('A'), 'unfiltered', 'tcp-response', 'unfiltered'],
  ['tcp-other', 'silence', silence, 'filtered', 'no-response', 'stealth'],
  ['tcp-rst', 'silence', silence, 'unknown', 'no-response', 'unknown'],
  ['icmp-echo', 'silence', silence, 'no answer', 'no-response', 'no answer'],
  ['icmp-echo', 'ICMP 3/1', icmp(4, 3, 1), 'no answer', 'host-unreach', 'unreachable'],
  ['icmp-timestamp', 'silence', silence, 'no answer', 'no-response', 'no answer'],
  ['arp', 'silence', silence, 'no answer', 'no-response', 'no answer'],
  ['neighbour', 'silence', silence, 'no answer', 'no-response', 'no answer'],
])('of %s, calls %s by its state, reason and word', (method, _, observation, state, reason, shown) => {
  const verdict = classify(observation, method)
  expect(verdict).toEqual({ state, reason })
  expect(anyWord(verdict)).toBe(shown)
})

it.each([
  ['icmp-echo', 'echo-reply', 'echo-reply'],
  ['icmp-timestamp', 'timestamp-reply', 'timestamp-reply'],
  ['arp', 'arp-reply', 'arp-response'],
  ['neighbour', 'neighbour-advertisement', 'neighbour-advertisement'],
] as const)('of %s, calls a host with an %s up', (method, what, reason) => {
  const verdict = classify({ kind: 'host-reply', what, from: '10.0.0.2', ttl: 64, ...timed }, method)
  expect(verdict).toEqual({ state: 'up', reason })
  expect([anyWord(verdict), word(verdict), answered(verdict)]).toEqual(['up', 'open', true])
})

it.each(METHODS)(
  'of %s, takes an ICMP error for filtered, and time exceeded for no knowledge at all',
  (method) => {
    const isHost = ['icmp-echo', 'icmp-timestamp', 'arp', 'neighbour'].includes(method)
    for (const code of [0, 1, 2, 9, 10, 13]) {
      const { state } = classify(icmp(4, 3, code), method)
      expect(state).toBe(isHost ? 'no answer' : 'filtered')
    }
    expect(classify(icmp(4, 3, 3), method).state).toBe(
      isHost ? 'no answer' : method === 'udp' ? 'closed' : 'filtered',
    )
    for (const exceeded of [icmp(4, 11, 0), icmp(6, 3, 0)]) {
      const verdict = classify(exceeded, method)
      expect(verdict).toEqual({ state: 'unknown', reason: 'time-exceeded' })
      expect([anyWord(verdict), answered(verdict)]).toEqual(['unreachable', false])
    }
  },
)

it.each(METHODS)('of %s, has a word for whatever segment comes back', (method) => {
  fc.assert(
    fc.property(fc.nat(0x1ff), fc.nat(0xffff), (flags, window) => {
      const verdict = classify({ ...segment(''), flags, window }, method)
      expect(answered(verdict)).toBe(true)
      expect(['open', 'closed', 'unfiltered', 'up']).toContain(anyWord(verdict))
    }),
  )
})
