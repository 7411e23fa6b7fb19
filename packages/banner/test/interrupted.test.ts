import { type Behaviour, simIo } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { BANNER, greets, look, SILENT, said, speaks, TLS13, worldOf } from './kit.ts'

const MPD = greets('OK MPD 0.23.5\n')
const DROP: Behaviour = { does: 'drop' }
const DRIP = speaks({
  kind: 'steps',
  steps: Array.from({ length: 50 }, (_, i) =>
    i % 2 === 0 ? ({ does: 'send', octets: '220-x' } as const) : ({ does: 'wait', seconds: 0.2 } as const),
  ),
})

describe('Ctrl-C', () => {
  it('ends the run at once, and what is known is told', async () => {
    const world = worldOf({ 6600: MPD, 4711: SILENT, 4712: DROP, 4713: DRIP })
    const ran = await look('6600,4711-4713', world, { interruptMs: 500 })
    expect(said(ran, 6600)).toMatch(/^open {2}mpd/)
    expect(said(ran, 4711)).toBe('open  silent  (cut)')
    expect(said(ran, 4712)).toBeUndefined()
    expect(said(ran, 4713)).toMatch(/^open {2}answered, unknown.* \(cut\)$/)
    expect(ran.tookMs).toBeLessThan(520)
    expect(ran.status).toBe(0)
  })

  it('leaves no connection open', async () => {
    const ports = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [4000 + i, i % 3 === 0 ? DROP : SILENT]),
    )
    const ran = await look('4000-4019', worldOf(ports), { interruptMs: 1300 })
    expect(ran.connections.filter(({ closedNs }) => closedNs === undefined)).toEqual([])
    expect(ran.io.net.open()).toBe(0)
    expect(ran.tookMs).toBeLessThan(1320)
    expect(ran.status).toBe(1)
  })

  it.each([5, 900, 1100, 2200, 3000, 4000])('at %i ms of a silent port ends it', async (interruptMs) => {
    const ran = await look('4711', worldOf({ 4711: SILENT }), { interruptMs })
    expect(said(ran, 4711)).toBe('open  silent  (cut)')
    expect(ran.tookMs).toBeLessThan(interruptMs + 20)
    expect(ran.stderr).toBe('')
  })

  it('inside TLS keeps the facts of TLS', async () => {
    const world = worldOf(
      { 443: SILENT },
      { tls: { 443: { ...TLS13, peer: { kind: 'greeting', text: '' } } } },
    )
    const ran = await look('443', world, { interruptMs: 600 })
    expect(said(ran, 443)).toMatch(/^open {2}tls {2}\(TLSv1\.3, no certificate\).*\[tls\]$/)
    expect(ran.tookMs).toBeLessThan(620)
  })

  it('during the look-up of a name ends the run', async () => {
    const io = simIo(worldOf({}))
    const never = { ...io, dns: { ...io.dns, lookup: () => new Promise<never>(() => {}) } }
    for (const [options, status] of [
      [[], 1],
      [['--exit-code', 'state'], 3],
    ] as const) {
      const ran = await BANNER.runOn(never, ['db.lan', '22', ...options], { interruptMs: 800 })
      expect(ran).toMatchObject({ status, stdout: '', stderr: '' })
    }
  })

  it('while all wait for their turn by --rate ends the run', async () => {
    const ran = await look('6600,4711 -R 0.1', worldOf({ 6600: MPD, 4711: SILENT }), { interruptMs: 2000 })
    expect(said(ran, 6600)).toMatch(/^open {2}mpd/)
    expect(ran.tookMs).toBeLessThan(2020)
  })

  it('over UDP ends the run', async () => {
    const datagrams = { '10.0.0.2:123': { does: 'drop' } } as const
    const ran = await look('123 -u', worldOf({}, { datagrams }), { interruptMs: 700 })
    expect(ran.tookMs).toBeLessThan(720)
    expect(ran.stdout).toBe('')
    expect(ran.status).toBe(1)
  })

  it('leaves whole records', async () => {
    const world = worldOf({ 6600: MPD, 4711: SILENT, 4712: DROP })
    const { stdout } = await look('6600,4711,4712 --json', world, { interruptMs: 700 })
    const records = recordsOf(stdout)
    expect(records.length).toBeGreaterThanOrEqual(2)
    for (const record of records) expect(schemaErrors(record)).toBe(FITS)
  })
})
