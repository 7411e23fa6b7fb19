import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressBytes, addressText } from '../src/address.mjs'
import { createDueQueue } from '../src/tun/due.mjs'
import { createFarEnd } from '../src/tun/far-end.mjs'
import { parseConfig } from '../src/tun/rules.mjs'
import { decode, encodeTcp, FLAG, type Tcp } from '../src/tun/wire.mjs'

const ENDS = {
  4: { family: 4, src: addressBytes('10.78.0.1'), dst: addressBytes('10.79.0.1') },
  6: { family: 6, src: addressBytes('fd78::1'), dst: addressBytes('fd79::1') },
} as const

const farEnd = (config: object) => createFarEnd(parseConfig(config))

/** One segment to port 22 in, the answer out. */
function say(
  end: ReturnType<typeof farEnd>,
  flags: number,
  { seq = 1000, ack = 0, family = 4 as 4 | 6 } = {},
): Tcp | undefined {
  const answer = end.receive(encodeTcp({ ...ENDS[family], sport: 40_000, dport: 22, seq, ack, flags }))
  const packet = answer && decode(answer.packet)
  if (answer !== undefined && packet === undefined) throw new Error('the answer is not well formed')
  return packet?.kind === 'tcp' ? packet : undefined
}

describe.each([4, 6] as const)('the far end over IPv%d', (family) => {
  it('shakes hands, and ends the connection when the peer does', () => {
    const end = farEnd({ rules: [{ ports: '22' }] })
    const synAck = say(end, FLAG.SYN, { family })
    expect(synAck).toMatchObject({ flags: FLAG.SYN | FLAG.ACK, ack: 1001, sport: 22, dport: 40_000 })
    const ack = (synAck?.seq ?? 0) + 1
    expect(say(end, FLAG.ACK, { family, seq: 1001, ack })).toBeUndefined()
    const fin = say(end, FLAG.FIN | FLAG.ACK, { family, seq: 1001, ack })
    expect(fin).toMatchObject({ flags: FLAG.FIN | FLAG.ACK, seq: ack >>> 0, ack: 1002 })
    expect(say(end, FLAG.ACK, { family, seq: 1002, ack: ack + 1 })).toBeUndefined()
  })

  it('answers a resent SYN with the same sequence number', () => {
    const end = farEnd({ rules: [{ ports: '22' }] })
    expect(say(end, FLAG.SYN, { family })?.seq).toBe(say(end, FLAG.SYN, { family })?.seq)
  })

  it('takes a RST quietly and then knows nothing of the connection', () => {
    const end = farEnd({ rules: [{ ports: '22' }] })
    say(end, FLAG.SYN, { family })
    expect(say(end, FLAG.RST, { family, seq: 1001 })).toBeUndefined()
    expect(say(end, FLAG.ACK, { family, seq: 1001, ack: 77 })).toMatchObject({ flags: FLAG.RST, seq: 77 })
  })

  it.each([
    ['a SYN', FLAG.SYN, { flags: FLAG.RST | FLAG.ACK, seq: 0, ack: 1001 }],
    ['an ACK', FLAG.ACK, { flags: FLAG.RST, seq: 5 }],
    ['a FIN', FLAG.FIN, { flags: FLAG.RST | FLAG.ACK, seq: 0, ack: 1001 }],
    ['no flags', 0, { flags: FLAG.RST | FLAG.ACK, seq: 0, ack: 1000 }],
  ])('resets %s to a closed port as RFC 9293 says', (_what, flags, expected) => {
    expect(say(farEnd({}), flags, { family, ack: flags === FLAG.ACK ? 5 : 0 })).toMatchObject(expected)
  })

  it('never answers a RST, not even from a closed port', () => {
    expect(say(farEnd({}), FLAG.RST, { family })).toBeUndefined()
  })

  it('counts what it ignores: a wrong checksum', () => {
    const end = farEnd({ rules: [{}] })
    const packet = encodeTcp({ ...ENDS[family], sport: 1, dport: 22, seq: 1, ack: 0, flags: FLAG.SYN })
    packet.writeUInt8(packet.readUInt8(packet.length - 1) ^ 1, packet.length - 1)
    expect(end.receive(packet)).toBeUndefined()
    expect(end.seen()).toEqual({ syns: 0, echoes: 0, lost: 0, ignored: 1, flows: [] })
  })
})

describe('the far end', () => {
  it('never throws on bytes from the network', () => {
    const end = farEnd({ rules: [{ lose: { share: 0.5 } }] })
    const version = fc.constantFrom(0x45, 0x4f, 0x60, 0x00)
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 100 }), (first, rest) => {
        end.receive(Buffer.from([first, ...rest]))
      }),
    )
  })

  it('never throws on a damaged packet', () => {
    const end = farEnd({ rules: [{}] })
    const good = encodeTcp({ ...ENDS[4], sport: 1, dport: 22, seq: 1, ack: 0, flags: FLAG.SYN })
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const bytes = Buffer.from(good)
        bytes.writeUInt8(value, at)
        end.receive(bytes.subarray(0, length))
      }),
    )
  })

  it('delays by the rule, with the same jitter for the same seed', () => {
    const delays = (seed: number) => {
      const end = farEnd({ seed, rules: [{ delayMs: 5, jitterMs: 10 }] })
      const syn = encodeTcp({ ...ENDS[4], sport: 1, dport: 22, seq: 1, ack: 0, flags: FLAG.SYN })
      return Array.from({ length: 50 }, () => end.receive(syn)?.afterNs ?? Number.NaN)
    }
    expect(delays(3)).toEqual(delays(3))
    expect(delays(3)).not.toEqual(delays(4))
    expect(Math.min(...delays(3))).toBeGreaterThanOrEqual(5e6)
    expect(Math.max(...delays(3))).toBeLessThan(15e6)
    expect(new Set(delays(3)).size).toBeGreaterThan(40)
  })

  it.each([0, 0.25, 1])('loses a random share of %d', (share) => {
    const end = farEnd({ rules: [{ lose: { share } }] })
    for (let seq = 0; seq < 2000; seq++) say(end, FLAG.SYN, { seq })
    expect(end.seen().lost / 2000).toBeCloseTo(share, 1)
  })
})

describe('the rules', () => {
  it.each([
    [undefined, 'configuration invalid: undefined'],
    [[], 'configuration invalid: []'],
    [{ rule: [] }, 'configuration has no "rule": seed, rules'],
    [{ rules: {} }, 'rules invalid: {}'],
    [{ rules: [{ delay: 3 }] }, 'rule has no "delay": to, ports, does, delayMs, jitterMs, lose, from'],
    [{ rules: [{ delayMs: -1 }] }, 'delayMs invalid: -1'],
    [{ rules: [{ delayMs: '5' }] }, 'delayMs invalid: "5"'],
    [{ rules: [{ to: '10.79.0.0/33' }] }, 'to invalid: "10.79.0.0/33"'],
    [{ rules: [{ to: 'fd79::/129' }] }, 'to invalid: "fd79::/129"'],
    [{ rules: [{ to: 'host' }] }, 'to invalid: "host"'],
    [{ rules: [{ ports: '9-3' }] }, 'ports invalid: "9-3"'],
    [{ rules: [{ ports: '65536' }] }, 'ports invalid: "65536"'],
    [{ rules: [{ ports: '' }] }, 'ports invalid: ""'],
    [{ rules: [{ lose: {} }] }, 'lose invalid: {}'],
    [{ rules: [{ lose: { every: 2, first: 1 } }] }, 'lose invalid: {"every":2,"first":1}'],
    [{ rules: [{ lose: { every: 0 } }] }, 'every invalid: 0'],
    [{ rules: [{ lose: { every: 1.5 } }] }, 'every invalid: 1.5'],
    [{ rules: [{ lose: { share: 1.01 } }] }, 'share invalid: 1.01'],
    [{ rules: [{ does: 'hasOwnProperty' }] }, 'does invalid: "hasOwnProperty"'],
    [{ rules: [{ from: 'fe80::1%lab0' }] }, 'from invalid: "fe80::1%lab0"'],
    [{ seed: Number.NaN }, 'seed invalid: null'],
  ])('refuse %j', (config, message) => {
    expect(() => parseConfig(config)).toThrow(message)
  })
})

describe('an address', () => {
  it.each([
    '10.79.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fd79::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1:0:0:2::3',
    'fe80::1:0:0:1',
  ])('is the same text after a round trip: %s', (text) => expect(addressText(addressBytes(text))).toBe(text))

  it('is the same octets after a round trip', () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }),
    )
    fc.assert(
      fc.property(octets, (bytes) => {
        expect([...addressBytes(addressText(Buffer.from(bytes)))]).toEqual([...bytes])
      }),
    )
  })
})

describe('packets that wait', () => {
  it('leave in the order of their moments, none before its own', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 3000 }), (times) => {
        const queue = createDueQueue()
        for (const dueNs of times) queue.add({ dueNs, packet: Buffer.from(String(dueNs)) })
        const sorted = [...times].sort((a, b) => a - b)
        for (const dueNs of sorted) {
          expect(queue.nextNs()).toBe(dueNs)
          expect(queue.take(dueNs - 1)).toBeUndefined()
          expect(String(queue.take(dueNs))).toBe(String(dueNs))
        }
        expect(queue.nextNs()).toBeUndefined()
      }),
    )
  })
})
