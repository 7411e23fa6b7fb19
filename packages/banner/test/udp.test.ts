import { type DatagramBehaviour, simIo } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { octetsOf, recorded } from './detector-kit.ts'
import { BANNER, type Looked, look, said, worldOf } from './kit.ts'

const DROP: DatagramBehaviour = { does: 'drop' }
/** TFTP's error 1 (RFC 1350). */
const NO_FILE = Uint8Array.from([0, 5, 0, 1, ...octetsOf('File not found\0')])

function udp(words: string, datagrams: Readonly<Record<number, DatagramBehaviour>>): Promise<Looked> {
  const named = Object.entries(datagrams).map(([port, script]) => [`10.0.0.2:${port}`, script] as const)
  return look(`${words} -u`, worldOf({}, { datagrams: Object.fromEntries(named) }))
}

describe('over UDP', () => {
  it('the usual question of a port is asked, and its answer read', async () => {
    const ran = await udp('69', { 69: { does: 'answer', octets: NO_FILE } })
    expect(said(ran, 69)).toMatch(/^open +tftp +File not found +\[probe\]$/)
    expect(ran.status).toBe(0)
    expect(ran.tookMs).toBeLessThan(10)
    expect(ran.io.datagrams).toHaveLength(1)
  })

  it('a refusal is a closed port, known at once', async () => {
    const ran = await udp('161,4711', { 161: { does: 'closed' }, 4711: { does: 'closed', afterMs: 20 } })
    expect(said(ran, 161)).toBe('closed')
    expect(said(ran, 4711)).toBe('closed')
    expect(ran.tookMs).toBeLessThan(100)
    expect(ran.io.datagrams).toHaveLength(2)
  })

  it.each([
    [1, /^unreachable .*10\.0\.0\.254/],
    [13, /^(stealth|unreachable)/],
  ])('ICMP of type 3, code %i is what a router says of it', async (code, expected) => {
    const ran = await udp('161', { 161: { does: 'icmp', type: 3, code, from: '10.0.0.254' } })
    expect(said(ran, 161)).toMatch(expected)
    expect(ran.io.datagrams).toHaveLength(1)
  })

  it('a host that cannot be reached from here is unreachable, and others are looked at', async () => {
    const fault = { does: 'fault', code: 'ENETUNREACH' } as const
    const ran = await udp('7,161', { 7: { does: 'echo' }, 161: fault })
    expect(said(ran, 7)).toMatch(/^open .*echo/)
    expect(said(ran, 161)).toMatch(/^unreachable/)
    expect(ran.stderr).toBe('')
  })

  it('another fault of this machine ends the run with one line', async () => {
    const ran = await udp('161', { 161: { does: 'fault', code: 'EMFILE' } })
    expect(ran.stderr).toMatch(/^banner: .*\n$/)
    expect(ran.status).toBe(2)
  })

  it('a port that has answered is open, whatever comes after', async () => {
    const dies = { does: 'answer', octets: 'zorglub?' } as const
    let asked = 0
    const world = worldOf({}, { datagrams: { '10.0.0.2:40000': dies } })
    const io = simIo(world)
    const refused = simIo(worldOf({}))
    const connectUdp: typeof io.sockets.connectUdp = (request) => {
      asked += 1
      return (asked === 1 ? io : refused).sockets.connectUdp(request)
    }
    void refused.clock.go()
    const ran = await BANNER.runOn({ ...io, sockets: { ...io.sockets, connectUdp } }, [
      'db.lan',
      '40000',
      '-u',
    ])
    expect(said(ran, 40_000)).toMatch(/^open +.*answered, unknown: "zorglub\?"/)
    expect(asked).toBe(2)
  })

  it('silence may be open or stealth, and each question is asked twice, so that one may be lost', async () => {
    const ran = await udp('123', { 123: DROP })
    expect(said(ran, 123)).toMatch(/^open or stealth/)
    const [first, second, ...more] = ran.io.datagrams
    expect(more).toEqual([])
    expect(second?.octets).toEqual(first?.octets)
    expect(((second?.atNs ?? 0) - (first?.atNs ?? 0)) / 1e6).toBeCloseTo(500)
    expect(ran.tookMs).toBeLessThan(1600)
    expect(ran.status).toBe(1)
  })

  it('silence at a port of something that is silent by design says so', async () => {
    expect(said(await udp('51820', { 51820: DROP }), 51820)).toMatch(/WireGuard/)
  })

  it('a port that nobody knows is asked what most servers answer', async () => {
    const ran = await udp('40000', { 40000: { does: 'answer', octets: 'zorglub?' } })
    expect(said(ran, 40_000)).toMatch(/^open +.*answered, unknown: "zorglub\?"/)
    expect(ran.status).toBe(1)
  })

  it('an unknown answer does not end the questions, an identified one does', async () => {
    const dns = recorded('bind9').find(({ proto }) => proto === 'udp')
    const id = (octets: Uint8Array): string => String.fromCharCode(...octets.subarray(0, 2))
    expect(dns).toBeDefined()
    const rules = [
      ['\r\n', 'what?'],
      [/./s, dns?.octets ?? ''],
    ] as const
    const ran = await udp('40000', { 40000: { does: 'answers', answers: rules } })
    // The recorded answer has another id: it is no answer to what was asked, so it must not be claimed either.
    expect(id(ran.io.datagrams.at(-1)?.octets ?? new Uint8Array())).not.toBe(
      id(dns?.octets ?? new Uint8Array()),
    )
    expect(said(ran, 40_000)).toMatch(/answered, unknown: "what\?"/)
  })

  it('TFTP answers from another port', async () => {
    const ran = await udp('69', { 69: { does: 'answer', octets: NO_FILE, fromPort: 50_123 } })
    expect(said(ran, 69)).toMatch(/^open .*tftp .*\[probe\]$/)
  })

  it('TFTP that is silent is silent, and nothing is left open', async () => {
    const ran = await udp('69', { 69: DROP })
    expect(said(ran, 69)).toMatch(/^open or stealth/)
    expect(ran.tookMs).toBeLessThan(1600)
  })

  it("strangers' datagrams are nobody's answer", async () => {
    const arrivals = Array.from({ length: 20 }, (_, i) => ({
      afterMs: 100 + 10 * i,
      from: '10.9.9.9:69',
      to: `10.0.0.1:${35_001 + (i % 3)}`,
      octets: NO_FILE,
    }))
    const datagrams = { '10.0.0.2:69': DROP, '10.0.0.2:123': DROP }
    const ran = await look('69,123 -u', worldOf({}, { datagrams, arrivals }))
    for (const port of [69, 123]) expect(said(ran, port)).toMatch(/^open or stealth/)
  })

  it('--thorough asks what is asked anywhere', async () => {
    const ran = await udp('40000 --thorough --timeout 200', { 40000: DROP })
    expect(ran.io.datagrams.length).toBeGreaterThan(20)
    expect(ran.tookMs).toBeLessThan(200_000)
  })

  it('a port never takes longer than its time', async () => {
    const ran = await udp('40000 --thorough --timeout 2', { 40000: DROP })
    expect(ran.tookMs).toBeLessThan(2010)
    expect(said(ran, 40_000)).toMatch(/\(cut\)/)
  })

  it('silent ports do not hold up each other', async () => {
    const silent = Array.from({ length: 40 }, (_, i) => [40_000 + i, DROP] as const)
    const ran = await udp('40000-40039', Object.fromEntries(silent))
    expect(ran.stdout.match(/open or stealth/g)).toHaveLength(40)
    expect(ran.tookMs).toBeLessThan(6500)
  })

  it('the own question is the only one', async () => {
    const ran = await udp('161 --probe hello --match he(?<version>l+)o', { 161: { does: 'echo' } })
    expect(said(ran, 161)).toMatch(/^open +match +ll +\[probe\]$/)
    expect(ran.io.datagrams.map(({ octets }) => String.fromCharCode(...octets))).toEqual(['hello'])
  })

  it('a flood of datagrams that say nothing ends in time', async () => {
    const datagrams = { '10.0.0.2:123': DROP }
    const arrivals = Array.from({ length: 3000 }, (_, i) => ({
      afterMs: 1 + i,
      from: '10.0.0.2:123',
      to: '10.0.0.1:35001',
      octets: 'x'.repeat(1000),
    }))
    const io = simIo(worldOf({}, { datagrams, arrivals }))
    const { stdout } = await BANNER.runOn(io, ['db.lan', '123', '-u'])
    expect(stdout).toMatch(/^123\/udp/)
  })

  it.each([
    ['--json', /"protocol":"echo"/],
    ['--csv', /,7,udp,/],
    ['--url', /^echo:\/\/db\.lan/],
  ] as const)('%s tells the same', async (option, expected) => {
    const ran = await udp(`7,162,163 ${option}`, {
      7: { does: 'echo' },
      162: DROP,
      163: { does: 'closed' },
    })
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toMatch(expected)
    const records = option === '--json' ? recordsOf(ran.stdout) : []
    for (const record of records) expect(schemaErrors(record)).toBe(FITS)
  })
})
