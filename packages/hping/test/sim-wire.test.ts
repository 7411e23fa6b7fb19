import { decodeLink, decodeUdp } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import { countsOf, outgoing, PLAIN, type Ran, run, shotsOf, world } from './sim-kit.ts'

const FAST = '-i 1ms 10.0.0.2'

/** The IPv4 headers of what left, and the octets behind each. */
function packetsOf({ io }: Ran) {
  return outgoing(io).map(({ linkType, octets }) => {
    const network = decodeLink(linkType, octets)?.network
    if (network?.kind !== 'ipv4') throw new Error('no IPv4')
    const { header } = network
    return { ...header, behind: octets.slice(header.payload.from, header.payload.to) }
  })
}

/** The payloads of datagrams, as text. */
function payloadsOf(ran: Ran): readonly string[] {
  return packetsOf(ran).map(({ behind }) => {
    const udp = decodeUdp(behind, 0, behind.length)
    return Buffer.from(behind.subarray(udp?.payload.from, udp?.payload.to)).toString('latin1')
  })
}

describe('source ports', () => {
  it('rise by one with each packet, from the one that was asked for', async () => {
    const { io } = await run(`-S -p 22 -s 5000 -c 4 ${FAST}`)
    expect(shotsOf(io).map(({ sourcePort }) => sourcePort)).toEqual([5000, 5001, 5002, 5003])
  })

  it('begin anew at 0 behind 65535, and every packet is answered', async () => {
    const ran = await run(`-S -p 22 -s 65534 -c 4 ${FAST}`)
    expect(shotsOf(ran.io).map(({ sourcePort }) => sourcePort)).toEqual([65534, 65535, 0, 1])
    expect(countsOf(ran.stderr)).toEqual({ sent: 4, received: 4, loss: 0 })
  })

  it.each(['-S -p 22', '-2 -p 53'])(
    'stay the same with -k, and answers are told apart (%s)',
    async (mode) => {
      const { io, stdout, stderr } = await run(`${mode} -s 5000 -k -c 3 -i 10ms 10.0.0.2`)
      expect(shotsOf(io).map(({ sourcePort }) => sourcePort)).toEqual([5000, 5000, 5000])
      expect(countsOf(stderr).received).toBe(3)
      expect([...stdout.matchAll(/ seq=(\d) .*rtt=0\.(?:250|400) ms/g)].map(([, seq]) => seq)).toEqual([
        '0',
        '1',
        '2',
      ])
    },
  )

  it.each([1, 2, 3, 4, 5])(
    'begin between 1024 and 3023 when nobody says, with random numbers %i',
    async (seed) => {
      const { io } = await run(`-S -p 22 -c 2 ${FAST}`, world({ seed }))
      const [first = 0, second] = shotsOf(io).map(({ sourcePort }) => sourcePort)
      expect(first).toBeGreaterThanOrEqual(1024)
      expect(first).toBeLessThan(3024)
      expect(second).toBe(first + 1)
    },
  )
})

describe('destination ports', () => {
  it.each([
    ['++65534', [65534, 65535, 0, 1]],
    ['++22', [22, 23, 24, 25]],
    ['22', [22, 22, 22, 22]],
    // 24 never answers.
    ['+22', [22, 23, 24, 24]],
    ['+65534', [65534, 65535, 0, 1]],
  ])('of -p %s', async (text, ports) => {
    const { io } = await run(`-S -p ${text} -c 4 -i 10ms 10.0.0.2`)
    expect(shotsOf(io).map(({ port }) => port)).toEqual(ports)
  })

  it('do not rise with answers that come again', async () => {
    const mischief = { '10.0.0.2': { againMs: [1, 2] } }
    const { io } = await run('-S -p +30 -c 4 -i 10ms 10.0.0.2', world({ mischief }))
    expect(shotsOf(io).map(({ port }) => port)).toEqual([30, 31, 32, 33])
  })

  it('rise with answers of the same moment, however fast packets go', async () => {
    const { io, stderr } = await run('-S -p +1000 -c 50 -i u1 --max-rate 1000000 10.0.0.2')
    const ports = shotsOf(io).map(({ port = 0 }) => port)
    expect(ports.every((port, i) => i === 0 || port >= (ports[i - 1] ?? 0))).toBe(true)
    expect(countsOf(stderr)).toMatchObject({ sent: 50, received: 50 })
  })
})

describe('payloads', () => {
  it('are X, or a signature and then X', async () => {
    expect(payloadsOf(await run(`-2 -p 53 -c 1 -d 5 ${FAST}`))).toEqual(['XXXXX'])
    expect(payloadsOf(await run(`-2 -p 53 -c 1 -e hi -d 5 ${FAST}`))).toEqual(['hiXXX'])
    expect(payloadsOf(await run(`-2 -p 53 -c 1 -e hello ${FAST}`))).toEqual(['hello'])
  })

  it('take one piece of a file each, from its beginning again behind its end, with zeros behind its last octet', async () => {
    const files = { f: 'abcdefgh' }
    const ran = await run(`-2 -p 53 -c 5 -d 3 -E f ${FAST}`, world({ files }))
    expect(payloadsOf(ran)).toEqual(['abc', 'def', 'gh\0', 'abc', 'def'])
    expect(countsOf(ran.stderr).received).toBe(5)
  })

  it('have the signature before each piece', async () => {
    const ran = await run(`-2 -p 53 -c 3 -d 6 -e id: -E f ${FAST}`, world({ files: { f: 'abcdef' } }))
    expect(payloadsOf(ran)).toEqual(['id:abc', 'id:def', 'id:abc'])
  })

  it.each([
    ['-E none', /none: .*no such file|no such file/],
    ['-E empty', /empty: there is nothing in it/],
  ])('cannot come from %s', async (option, why) => {
    const { stderr, status, io } = await run(
      `-2 -p 53 -c 1 -d 3 ${option} ${FAST}`,
      world({ files: { empty: '' } }),
    )
    expect(stderr).toMatch(why)
    expect([status, io.wire.length, io.packets.channels()]).toEqual([2, 0, 0])
  })
})

describe('fragments', () => {
  it.each([
    ['-f', 50, [16, 16, 16, 10]],
    ['-m 24', 40, [24, 24]],
    ['-m 8', 1, [8, 1]],
    ['-m 1480', 100, [108]],
  ])('of %s with %i octets of payload', async (option, data, sizes) => {
    const ran = await run(`-2 -p 53 -c 1 -d ${data} ${option} ${FAST}`)
    const packets = packetsOf(ran)
    expect(packets.map(({ behind }) => behind.length)).toEqual(sizes)
    expect(new Set(packets.map(({ id }) => id)).size).toBe(1)
    const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0))
    expect(packets.map(({ fragmentOffset }) => fragmentOffset)).toEqual(offsets)
    expect(packets.map(({ moreFragments }) => moreFragments)).toEqual(
      sizes.map((_, i) => i < sizes.length - 1),
    )
    // The target puts them together and answers.
    expect(countsOf(ran.stderr)).toEqual({ sent: 1, received: 1, loss: 0 })
  })

  it('of a TCP segment are answered, too', async () => {
    const { stderr } = await run(`-S -p 22 -c 2 -d 30 -f ${FAST}`)
    expect(countsOf(stderr)).toEqual({ sent: 2, received: 2, loss: 0 })
  })

  it.each([
    ['-x', true, 0],
    ['-g 16', false, 16],
    ['-x -g 8', true, 8],
  ])(
    'with %s are one packet, which nobody answers, and say nothing of the port',
    async (option, more, offset) => {
      const ran = await run(`-S -p 22 -c 1 ${option} ${FAST}`)
      expect(packetsOf(ran)).toMatchObject([{ moreFragments: more, fragmentOffset: offset }])
      expect(ran.stderr).toContain('port 22: unknown (no-response), 0 of 1 answered\n')
      expect(ran.status).toBe(1)
    },
  )

  it('are made of what is longer than the interface takes', async () => {
    const ran = await run(`-2 -p 53 -c 1 -d 3000 -V ${FAST}`)
    expect(packetsOf(ran).map(({ behind }) => behind.length)).toEqual([1480, 1480, 48])
    expect(ran.stdout).toContain('auto-activate fragmentation, fragments size: 1480\n')
    expect(countsOf(ran.stderr).received).toBe(1)
  })

  it('are not made of what just fits', async () => {
    const ran = await run(`-2 -p 53 -c 1 -d 1472 -V ${FAST}`)
    expect(packetsOf(ran).map(({ totalLength }) => totalLength)).toEqual([1500])
    expect(ran.stdout).not.toContain('auto-activate')
  })

  it('of IPv6 are made by its own header', async () => {
    const datagrams = { '[fd00::2]:53': { does: 'echo', afterMs: 0.4 } } as const
    const { io, stderr } = await run('-2 -p 53 -c 1 -d 3000 -i 1ms fd00::2', world({ datagrams }))
    // RFC 8200 section 4.5: 8 octets of header before what is a multiple of 8.
    expect(outgoing(io).map(({ octets }) => octets.length)).toEqual([1496, 1496, 40 + 8 + 3008 - 2 * 1448])
    expect(countsOf(stderr).received).toBe(1)
  })
})

describe('header fields', () => {
  it.each([
    ['-t 9', { ttl: 9 }],
    ['', { ttl: 64, tos: 0, dontFragment: false }],
    ['-o 1c', { tos: 0x1c }],
    ['-N 4711', { id: 4711 }],
    ['-y', { dontFragment: true }],
  ])('with %j', async (options, fields) => {
    const [first, second] = packetsOf(await run(`-S -p 22 -c 2 ${options} ${FAST}`))
    expect(first).toMatchObject(fields)
    expect(second).toMatchObject(fields)
  })

  it.each(['-S -p 22', '-2 -p 53', '-1'])(
    'with a wrong checksum are not answered, and say nothing: %s -b',
    async (mode) => {
      const ran = await run(`${mode} -b -c 2 ${FAST}`)
      expect(packetsOf(ran)).toHaveLength(2)
      expect(countsOf(ran.stderr)).toEqual({ sent: 2, received: 0, loss: 100 })
      expect(ran.stderr).toMatch(/: unknown \(no-response\), 0 of 2 answered\n$/)
    },
  )

  it('have another id for each packet', async () => {
    const ids = packetsOf(await run(`-S -p 22 -c 20 ${FAST}`)).map(({ id }) => id)
    expect(new Set(ids).size).toBeGreaterThan(15)
  })

  it.each([
    ['-w 1000 -M 7 -L 9', { window: 1000, seq: 7, ack: 9 }],
    ['', { window: 512 }],
  ])('of TCP with %j', async (options, fields) => {
    const { io } = await run(`-S -p 22 -c 1 ${options} ${FAST}`, PLAIN)
    const [packet] = outgoing(io)
    const view = new DataView((packet?.octets ?? new Uint8Array()).buffer.slice(20))
    const found = { seq: view.getUint32(4), ack: view.getUint32(8), window: view.getUint16(14) }
    expect(found).toMatchObject(fields)
  })
})
