import { describe, expect, it } from 'vitest'
import { sight } from '../src/probes/packet/sight.ts'
import { createSynFlows, type SynFlow, type SynFlows } from '../src/run/exchange/syn-flows.ts'
import { icmp4Packet, tcpPacket } from '../src/sim/sim.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'

const HERE = { address: '10.0.0.1', port: 40_000 }
const THERE = { address: '10.0.0.2', port: 22 }

interface Segment {
  readonly flags: string
  readonly atMs: number
  readonly seq?: number
  readonly ack?: number
  readonly local?: number
  readonly era?: number
}

function octetsOf(isOut: boolean, { flags, seq = 1000, ack = 0, local = HERE.port }: Segment): Uint8Array {
  const [from, to] = isOut ? [HERE, THERE] : [THERE, HERE]
  const ports = isOut
    ? { sourcePort: local, destinationPort: THERE.port }
    : { sourcePort: THERE.port, destinationPort: local }
  const ip = { source: from.address, destination: to.address, ttl: 64 }
  return tcpPacket(ip, { ...ports, seq, ack, flags: flagsOf(flags) })
}

function see(flows: SynFlows, octets: Uint8Array, direction: 'in' | 'out', atMs: number, era = 0): void {
  const sighting = sight({
    linkType: LINK_TYPE.raw,
    octets,
    from: 0,
    to: octets.length,
    length: octets.length,
    direction,
    timeNs: atMs * 1e6,
    era,
    isHeaderRebuilt: false,
  })
  if (sighting !== undefined) flows.see(sighting)
}

const out = (flows: SynFlows, segment: Segment): void =>
  see(flows, octetsOf(true, segment), 'out', segment.atMs, segment.era)
const come = (flows: SynFlows, segment: Segment): void =>
  see(flows, octetsOf(false, segment), 'in', segment.atMs, segment.era)

function told(flow: SynFlow | undefined): string {
  const answer = flow?.answer === undefined ? 'none' : `${flow.answer.kind} at ${flow.answer.atNs / 1e6}`
  return `${flow?.syns} from ${(flow?.departed.atNs ?? Number.NaN) / 1e6}, ${answer}`
}

describe('attempts to connect, by their packets', () => {
  it.each([
    ['a SYN-ACK', { flags: 'SA', ack: 1001, atMs: 3 }, '1 from 1, syn-ack at 3'],
    ['a RST', { flags: 'RA', ack: 1001, atMs: 3 }, '1 from 1, rst at 3'],
    ['a SYN-ACK for another number', { flags: 'SA', ack: 1002, atMs: 3 }, '1 from 1, none'],
    ['a RST that acknowledges nothing', { flags: 'R', ack: 1001, atMs: 3 }, '1 from 1, none'],
    ['data', { flags: 'PA', ack: 1001, atMs: 3 }, '1 from 1, none'],
    ['an answer to another port', { flags: 'SA', ack: 1001, atMs: 3, local: 40_001 }, '1 from 1, none'],
  ])('%s', (_, segment, expected) => {
    const flows = createSynFlows()
    out(flows, { flags: 'S', atMs: 1 })
    come(flows, segment)
    expect(told(flows.from(HERE, THERE))).toBe(expected)
  })

  it('take numbers for what they are at the end of their circle', () => {
    const flows = createSynFlows()
    out(flows, { flags: 'S', seq: 0xffff_ffff, atMs: 1 })
    come(flows, { flags: 'SA', ack: 0, atMs: 2 })
    expect(told(flows.from(HERE, THERE))).toBe('1 from 1, syn-ack at 2')
  })

  it('count a SYN that is sent again, and no copy that another interface shows', () => {
    const flows = createSynFlows()
    for (const atMs of [1, 1.01, 1001, 3001]) out(flows, { flags: 'S', atMs })
    expect(told(flows.from(HERE, THERE))).toBe('3 from 1, none')
  })

  it('begin anew with another number from the same port', () => {
    const flows = createSynFlows()
    out(flows, { flags: 'S', atMs: 1 })
    come(flows, { flags: 'RA', ack: 1001, atMs: 2 })
    out(flows, { flags: 'S', seq: 5000, atMs: 100 })
    expect(told(flows.from(HERE, THERE))).toBe('1 from 100, none')
  })

  it('keep the first answer of several', () => {
    const flows = createSynFlows()
    out(flows, { flags: 'S', atMs: 1 })
    come(flows, { flags: 'SA', ack: 1001, atMs: 2 })
    come(flows, { flags: 'RA', ack: 1001, atMs: 3 })
    expect(told(flows.from(HERE, THERE))).toBe('1 from 1, syn-ack at 2')
  })

  it('do not begin with what only looks like a SYN', () => {
    const flows = createSynFlows()
    for (const flags of ['SA', 'SR', 'A', '']) out(flows, { flags, atMs: 1 })
    come(flows, { flags: 'S', atMs: 1 })
    expect([...flows.to(THERE)]).toEqual([])
  })

  it.each([
    [1000, '10.0.0.1', '1 from 1, icmp-error at 5'],
    [1001, '10.0.0.1', '1 from 1, none'],
    [1000, '10.0.0.7', '1 from 1, none'],
  ])('know an ICMP error by the packet that it quotes: seq %i to %s', (seq, destination, expected) => {
    const flows = createSynFlows()
    out(flows, { flags: 'S', atMs: 1 })
    const quoted = octetsOf(true, { flags: 'S', seq, atMs: 1 })
    const ip = { source: '10.0.0.9', destination, ttl: 64 }
    const error = icmp4Packet(
      ip,
      { kind: 'destination-unreachable', code: 13, unused: 0, quotedWords: 0, nextHopMtu: 0 },
      quoted,
    )
    see(flows, error, 'in', 5)
    expect(told(flows.from(HERE, THERE))).toBe(expected)
  })

  it('are forgotten one by one, all at once, and the oldest ones when there are too many', () => {
    const flows = createSynFlows()
    for (let i = 0; i < 9000; i++) out(flows, { flags: 'S', local: 1 + i, atMs: i })
    expect([...flows.to(THERE)]).toHaveLength(8192)
    expect(flows.from({ ...HERE, port: 1 }, THERE)).toBeUndefined()
    const [first] = flows.to(THERE)
    if (first !== undefined) flows.take(first)
    expect([...flows.to(THERE)]).toHaveLength(8191)
    flows.clear()
    expect([...flows.to(THERE)]).toEqual([])
  })
})
