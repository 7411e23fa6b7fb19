import { describe, expect, it } from 'vitest'
import { decodeLink, decodeTcp } from '../../core/src/wire/wire.ts'
import { OPEN, PLAIN_USER, portsOf, range, rowsOf, type Scanned, STEALTH, scan, worldOf } from './kit.ts'

const THERE = '10.0.0.2'
const SILENT = worldOf(portsOf(THERE, range(1, 100), STEALTH))
const CLOSED = worldOf({})

/** When each probe left, milliseconds. */
function shots({ io }: Scanned): readonly number[] {
  return io.wire.flatMap(({ direction, linkType, octets, timeNs }) => {
    const network = decodeLink(linkType, octets)?.network
    if (direction !== 'out' || network?.kind !== 'ipv4') return []
    const { from, to } = network.header.payload
    const tcp = network.header.protocol === 6 ? decodeTcp(octets, from, to) : undefined
    return tcp?.flags === 2 ? [timeNs / 1e6] : []
  })
}

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, i) => time - (times[i] ?? 0))
}

describe('--host-timeout', () => {
  it('tells what is known of the host, which nmap loses', async () => {
    const world = worldOf({ ...portsOf(THERE, range(1, 100), STEALTH), [`${THERE}:22`]: OPEN })
    const { out, elapsedMs, status } = await scan(`-n -p 1-200 --host-timeout 150ms ${THERE} 10.0.0.3`, world)
    expect(out).toContain(`Skipping host ${THERE} due to host timeout`)
    expect(rowsOf(out)).toContain('22/tcp open ssh')
    expect(out).toContain('Nmap scan report for 10.0.0.3\n')
    expect(elapsedMs).toBeLessThan(200)
    expect(status).toBe(0)
  })

  it('is no limit when it is 0', async () => {
    const { out } = await scan(`-n -p 1-40 --host-timeout 0 ${THERE}`, SILENT)
    expect(out).toContain('Not shown: 40 filtered tcp ports (no-response)')
  })
})

it('--host-timeout ends the questions about versions, too, and keeps the ports', async () => {
  const world = worldOf(portsOf(THERE, range(21, 24), OPEN))
  const { out, elapsedMs, file } = await scan(`-n -sT -sV -p 21-24 --host-timeout 1s ${THERE} -oJ a`, world)
  expect(elapsedMs).toBeLessThan(1500)
  expect(rowsOf(out)).toHaveLength(4)
  expect(JSON.parse(file('a')).hosts[0]).toMatchObject({ ended: 'host-timeout', unasked: 0 })
  expect(out).toContain('Skipping')
})

describe('--max-open', () => {
  it.each(['-sS', '-sT'])('leaves a host by %s that accepts everything', async (kind) => {
    const tarpit = worldOf(portsOf(THERE, range(1, 2000), OPEN))
    const { out, io, file } = await scan(`-n ${kind} -p 1-2000 --max-open 20 ${THERE} 10.0.0.3 -oJ a`, tarpit)
    const open = rowsOf(out).filter((row) => row.includes(' open '))
    expect(open.length).toBeGreaterThan(20)
    expect(open.length).toBeLessThan(400)
    expect(out).toContain('Nmap scan report for 10.0.0.3\n')
    expect(out).toContain('Not shown: 2000 closed tcp ports')
    expect(JSON.parse(file('a')).hosts[0].ended).toBe('max-open')
    expect(io.net.attempts.length).toBeLessThan(3000)
  })
})

it.each(['--max-open 5', '--host-timeout 120ms'])(
  'a host that was left by %s is not asked for versions',
  async (option) => {
    const world = worldOf({
      ...portsOf(THERE, range(1, 60), STEALTH),
      ...portsOf(THERE, range(61, 100), OPEN),
    })
    const { out, elapsedMs, io } = await scan(`-n -sV -p 1-100 ${option} ${THERE}`, world)
    expect(rowsOf(out).length).toBeGreaterThan(5)
    expect(io.net.attempts).toEqual([])
    expect(elapsedMs).toBeLessThan(200)
  },
)

describe('--max-retries', () => {
  it.each([0, 1, 3])('asks silent ports %i times again at most', async (retries) => {
    const ran = await scan(`-n -p 1-20 --max-retries ${retries} ${THERE}`, SILENT)
    expect(shots(ran).length).toBeLessThanOrEqual(20 * (retries + 1))
    expect(shots(ran).length).toBeGreaterThanOrEqual(20 * Math.min(2, retries + 1))
    expect(ran.out).toContain('20/tcp filtered')
  })

  it('does not ask for ever where answers are lost for ever', async () => {
    const mischief = { [THERE]: { lost: { every: 2 } } }
    const { elapsedMs } = await scan(`-n -p 1-100 ${THERE}`, worldOf({}, { mischief }))
    expect(elapsedMs).toBeLessThan(60_000)
  })
})

describe('how fast probes leave', () => {
  it.each([50, 400])('is at most --max-rate %i a second', async (rate) => {
    const ran = await scan(`-n -p 1-200 --max-rate ${rate} ${THERE}`, CLOSED)
    const times = shots(ran)
    expect(times.length).toBeGreaterThanOrEqual(200)
    expect((times.length - 1) / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000)).toBeLessThanOrEqual(
      rate * 1.1,
    )
    expect(rowsOf(ran.out)).toEqual([])
  })

  it('holds for all hosts together', async () => {
    const ran = await scan('-n -Pn -p 1-30 --max-rate 100 10.0.0.2-6', CLOSED)
    const times = shots(ran)
    expect(times.length).toBeGreaterThanOrEqual(150)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1400)
  })

  it('is at least --min-rate a second, though nobody answers', async () => {
    const slow = await scan(`-n -Pn -p 1-100 ${THERE}`, SILENT)
    const fast = await scan(`-n -Pn -p 1-100 --min-rate 20000 ${THERE}`, SILENT)
    const spread = (ran: Scanned) => (shots(ran)[99] ?? 0) - (shots(ran)[0] ?? 0)
    expect(spread(fast)).toBeLessThan(10)
    expect(spread(fast)).toBeLessThan(spread(slow))
  })

  it('is one each --scan-delay', async () => {
    const ran = await scan(`-n -p 1-30 --scan-delay 100ms ${THERE}`, CLOSED)
    const times = shots(ran)
    expect(times).toHaveLength(30)
    for (const gap of gaps(times)) expect(gap).toBeGreaterThan(99)
  })

  it.each([
    ['-T0', 300_000],
    ['-T1', 15_000],
    ['-T2', 400],
    ['-T sneaky', 15_000],
  ])('is one each so many milliseconds with %s: %i', async (template, leastMs) => {
    const ran = await scan(`-n -p 1-5 ${template} ${THERE}`, CLOSED)
    const times = shots(ran)
    expect(times).toHaveLength(5)
    for (const gap of gaps(times)) expect(gap).toBeGreaterThan(leastMs * 0.99)
  })

  it('grows with the template', async () => {
    const elapsed = async (level: number) =>
      (await scan(`-n -Pn -p 1-100 -T${level} 10.9.9.9`, FAR)).elapsedMs
    const [normal, aggressive, insane] = [await elapsed(3), await elapsed(4), await elapsed(5)]
    expect(aggressive).toBeLessThan(normal)
    expect(insane).toBeLessThan(aggressive)
  })

  const FAR = worldOf(portsOf('10.9.9.9', range(1, 100), STEALTH), {
    hops: { '10.9.9.9': [{ address: '10.0.0.254' }] },
  })
})

describe('how many connections are under way', () => {
  it.each([1, 7])('is at most --max-parallelism %i', async (most) => {
    const world = worldOf(portsOf(THERE, range(1, 30), STEALTH), PLAIN_USER)
    const { io, out } = await scan(`-n -Pn -p 1-30 --max-parallelism ${most} ${THERE}`, world)
    const starts = io.net.attempts.map(({ atNs }) => atNs)
    const most100 = starts.map((from) => starts.filter((at) => at >= from && at < from + 99e6).length)
    expect(Math.max(...most100)).toBeLessThanOrEqual(most)
    expect(out).toContain('Not shown: 30 filtered tcp ports (no-response)')
  })
})
