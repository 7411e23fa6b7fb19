import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOctets, read16 } from '../src/wire/octets.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { decodeTcp, encodeTcp, type TcpHeader, tcpHeaderLength } from '../src/wire/tcp.ts'
import { flagsOf, lettersOf, TCP_FLAG } from '../src/wire/tcp-flags.ts'
import { decodeTcpOptions, encodeTcpOptions } from '../src/wire/tcp-options.ts'
import { encoded } from './wire-kit.ts'
import {
  ends,
  expectFaithful,
  expectFaithfulToRecorded,
  joined,
  neverReadsBeyond,
  payload,
  segmentsOf,
  TCP,
  tcpHeader,
} from './wire-transport-kit.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'))
const segment = (name: string) => {
  const found = segmentsOf(TCP.protocol).find(({ packet }) => packet.name === name)
  if (found === undefined) throw new Error(`no segment ${name}`)
  return found
}
const SYN: TcpHeader = {
  sourcePort: 41001,
  destinationPort: 22,
  seq: 1000000,
  ack: 0,
  reserved: 0,
  flags: TCP_FLAG.syn,
  window: 1024,
  urgent: 0,
  options: [],
}
/** A header of `text` options in hexadecimal, whose length is a multiple of 4. */
const withOptions = (text: string): Uint8Array => {
  const octets = new Uint8Array(20 + hex(text).length)
  octets.set(hex(text), 20)
  octets[12] = (octets.length / 4) << 4
  return octets
}

describe('flags of TCP', () => {
  it.each([
    ['', 0],
    ['S', 0x02],
    ['SA', 0x12],
    ['RA', 0x14],
    ['FPU', 0x29],
    ['FSRPAUECN', 0x1ff],
  ])('stands for the letters %o as %i and back', (letters, flags) => {
    expect(flagsOf(letters)).toBe(flags)
    expect(lettersOf(flags)).toBe(letters)
  })

  it('takes letters in any order and refuses others', () => {
    expect(flagsOf('AS')).toBe(flagsOf('SA'))
    expect(() => flagsOf('SX')).toThrow(RangeError)
  })
})

describe('TCP', () => {
  it('reads a recorded SYN of connect() with every option it has', () => {
    const { octets } = segment('tcp4-connect-syn')
    expect(decodeTcp(octets)).toEqual({
      sourcePort: 41101,
      destinationPort: 22,
      seq: 0x2a23f130,
      ack: 0,
      reserved: 0,
      flags: TCP_FLAG.syn,
      window: 64240,
      checksum: 0x4b59,
      urgent: 0,
      options: [
        { kind: 'mss', value: 1460 },
        { kind: 'sack-permitted' },
        { kind: 'timestamps', value: 0xf4853c99, echo: 0 },
        { kind: 'nop' },
        { kind: 'window-scale', shift: 10 },
      ],
      headerLength: 40,
      malformed: false,
      payload: { from: 40, to: 40 },
      truncated: false,
    })
  })

  it('computes the very checksums that are on the wire', () => {
    for (const { packet, octets, ends: addresses } of segmentsOf(TCP.protocol)) {
      const whole = octets.slice()
      const header = decodeTcp(octets)
      if (header === undefined) throw new Error(`no TCP in ${packet.name}`)
      const payloadLength = octets.length - header.headerLength
      encodeTcp(header, whole, 0, { ...addresses, payloadLength })
      const isWrong = packet.name === 'tcp4-bad-checksum'
      expect(Buffer.compare(whole, octets) === 0, packet.name).toBe(!isWrong)
      expect(verifyTransport('tcp', octets, 0, octets.length, addresses)).toBe(isWrong ? 'bad' : 'good')
    }
  })

  it('decodes what it encodes, with a checksum that is right', () => {
    fc.assert(
      fc.property(tcpHeader, payload, ends, (header, data, addresses) => {
        const seal = { ...addresses, payloadLength: data.length }
        const whole = joined(
          encoded((into, at) => encodeTcp(header, into, at, seal), data),
          data,
        )
        const length = tcpHeaderLength(header)
        expect(decodeTcp(whole)).toEqual({
          ...header,
          checksum: read16(whole, 16),
          headerLength: length,
          malformed: false,
          payload: { from: length, to: length + data.length },
          truncated: false,
        })
        expect(verifyTransport('tcp', whole, 0, whole.length, addresses)).toBe('good')
      }),
    )
  })

  it('keeps every octet of any header that it can read', () => {
    expectFaithfulToRecorded(TCP)
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 70 }),
        fc.integer({ min: 5, max: 15 }),
        (octets, words) => {
          octets[12] = (words << 4) | ((octets[12] ?? 0) & 15)
          expectFaithful(TCP, octets)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('never throws and never reads beyond the octets it was given', () => {
    neverReadsBeyond(TCP)
    neverReadsBeyond(TCP, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xf0])
  })

  it.each([
    ['fewer than 20 octets', new Uint8Array(19).fill(0x50)],
    ['a data offset below 5', withOptions('').fill(0x4f, 12, 13)],
    ['a data offset beyond the segment', withOptions('').fill(0x60, 12, 13)],
  ])('does not read a header with %s', (_, octets) => {
    expect(decodeTcp(octets)).toBeUndefined()
  })

  it('reads a header that the capture cut within its options when the IP header says how long it was', () => {
    const { octets, length } = segment('tcp4-connect-syn')
    const cut = octets.subarray(0, 27)
    expect(decodeTcp(cut)).toBeUndefined()
    const header = decodeTcp(cut, 0, cut.length, length)
    expect(header).toMatchObject({
      destinationPort: 22,
      headerLength: 40,
      truncated: true,
      malformed: false,
      payload: { from: 27, to: 27 },
    })
    expect(header?.options.map(({ kind }) => kind)).toEqual(['mss', 'sack-permitted', 'unreadable'])
  })

  it('leaves the padding of a frame out of the payload when the IP header says how long it is', () => {
    const { octets } = segment('tcp4-syn')
    const padded = Uint8Array.from([...octets, 0, 0, 0, 0, 0, 0])
    expect(decodeTcp(padded, 0, padded.length, 20)).toMatchObject({
      payload: { from: 20, to: 20 },
      truncated: false,
    })
  })

  it.each([
    ['an option without its length', '01010103', ['nop', 'nop', 'nop', 'unreadable']],
    ['a length of zero', '02000102', ['unreadable']],
    ['a length of one', '02040102 08010000', ['mss', 'unreadable']],
    ['a length beyond the header', '01020501', ['nop', 'unreadable']],
  ])('keeps what was readable of options with %s, and says so', (_, options, kinds) => {
    const header = decodeTcp(withOptions(options))
    expect(header?.malformed).toBe(true)
    expect(header?.options.map(({ kind }) => kind)).toEqual(kinds)
    expectFaithful(TCP, withOptions(options))
  })

  it.each([
    ['a kind nobody knows', 'fd06 0102 0304 0101', { kind: 'unknown', number: 253, octets: hex('01020304') }],
    ['MSS of another length', '0206 0102 0304 0101', { kind: 'unknown', number: 2, octets: hex('01020304') }],
    [
      'SACK with half a block',
      '0506 0102 0304 0101',
      { kind: 'unknown', number: 5, octets: hex('01020304') },
    ],
    ['SACK without a block', '0502 0101', { kind: 'unknown', number: 5, octets: hex('') }],
    [
      'time stamps cut in half',
      '0806 0102 0304 0101',
      { kind: 'unknown', number: 8, octets: hex('01020304') },
    ],
    ['the end, and octets behind it', '00ff fffe', { kind: 'end', octets: hex('fffffe') }],
  ])('keeps %s with its octets', (_, options, first) => {
    expect(decodeTcp(withOptions(options))?.options[0]).toEqual(first)
    expectFaithful(TCP, withOptions(options))
  })

  it('reads the blocks of a selective acknowledgment', () => {
    const octets = hex('0101 0512 00000001 00000002 fffffffe ffffffff')
    expect(decodeTcpOptions(octets, 0, octets.length)).toEqual([
      { kind: 'nop' },
      { kind: 'nop' },
      {
        kind: 'sack',
        blocks: [
          { left: 1, right: 2 },
          { left: 0xfffffffe, right: 0xffffffff },
        ],
      },
    ])
  })

  it('pads options with zeros, which end the list', () => {
    const octets = encoded((into, at) => encodeTcp({ ...SYN, options: [{ kind: 'nop' }] }, into, at, 0))
    expect(octets.subarray(20)).toEqual(hex('01000000'))
  })

  it('writes a wrong checksum when it is asked to', () => {
    const octets = encoded((into, at) => encodeTcp(SYN, into, at, 0xbad5))
    expect(decodeTcp(octets)?.checksum).toBe(0xbad5)
  })

  it.each<[string, Partial<TcpHeader>]>([
    ['a port above 65535', { sourcePort: 65536 }],
    ['a negative port', { destinationPort: -1 }],
    ['a sequence number above 32 bits', { seq: 2 ** 32 }],
    ['a fractional acknowledgment number', { ack: 0.5 }],
    ['a tenth flag', { flags: 0x200 }],
    ['a window above 65535', { window: 65536 }],
    ['options beyond 40 octets', { options: Array.from({ length: 41 }, () => ({ kind: 'nop' as const })) }],
    ['SACK without blocks', { options: [{ kind: 'sack', blocks: [] }] }],
    ['an unknown option that has no length', { options: [{ kind: 'unknown', number: 1, octets: hex('') }] }],
  ])('refuses %s as a mistake of the programmer', (_, wrong) => {
    expect(() => encodeTcp({ ...SYN, ...wrong }, new Uint8Array(100), 0, 0)).toThrow(RangeError)
  })

  it('refuses a fifth block of a selective acknowledgment, for which no header has room', () => {
    const blocks = Array.from({ length: 5 }, () => ({ left: 1, right: 2 }))
    expect(() => encodeTcpOptions([{ kind: 'sack', blocks }], new Uint8Array(100), 0)).toThrow(RangeError)
  })

  it('refuses a buffer without room, for the header as for the payload that the checksum covers', () => {
    const addresses = { source: addressOctets('10.0.0.1'), destination: addressOctets('10.0.0.2') }
    expect(() => encodeTcp(SYN, new Uint8Array(20), 1, 0)).toThrow(RangeError)
    expect(() => encodeTcp(SYN, new Uint8Array(20), 0, { ...addresses, payloadLength: 1 })).toThrow(
      RangeError,
    )
    const mixed = { ...addresses, destination: addressOctets('::1'), payloadLength: 0 }
    expect(() => encodeTcp(SYN, new Uint8Array(20), 0, mixed)).toThrow(RangeError)
  })
})
