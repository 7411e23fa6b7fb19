import { describe, expect, it } from 'vitest'
import { answers, greets, HTTP, look, SILENT, SSH, said, speaks, worldOf } from './kit.ts'

const WEB = answers(['GET / HTTP/1.', HTTP])

describe('what is tried', () => {
  it('a greeting is enough', async () => {
    const ran = await look('4711', worldOf({ 4711: greets('OK MPD 0.23.5\n') }))
    expect(ran.stdout).toBe('4711/tcp  open     mpd         MPD, protocol 0.23.5  [greeting]\n')
    expect(ran.connections).toMatchObject([{ sent: [] }])
    expect(ran.status).toBe(0)
  })

  it('who says nothing is asked for a page over the same connection', async () => {
    const ran = await look('4711', worldOf({ 4711: WEB }))
    expect(said(ran, 4711)).toBe('open  http  nginx 1.22.1, 200 OK  [probe]')
    expect(ran.connections).toHaveLength(1)
    expect(ran.tookMs).toBeLessThan(1100)
  })

  it('the usual protocol of a port is asked for at once', async () => {
    const ran = await look('80', worldOf({ 80: WEB }))
    expect(said(ran, 80)).toBe('open  http  nginx 1.22.1, 200 OK  [probe]')
    expect(ran.tookMs).toBeLessThan(100)
    expect(ran.connections).toHaveLength(1)
  })

  it('a protocol that greets is waited for at its port, and found at the port of one that is asked', async () => {
    const ran = await look('22,6379', worldOf({ 22: greets(SSH, 3), 6379: greets('OK MPD 0.23.5\n') }))
    expect(said(ran, 22)).toMatch(/^open {2}ssh {2}OpenSSH 9\.2p1/)
    expect(said(ran, 6379)).toMatch(/^open {2}mpd/)
  })

  it('a silent port is greeted, asked, shaken hands with, and asked for help over three connections', async () => {
    const ran = await look('4711', worldOf({ 4711: SILENT }))
    expect(ran.stdout).toBe('4711/tcp  open                 silent\n')
    expect(ran.status).toBe(1)
    const sent = ran.connections.map((seen) => seen.sent.map((text) => text.split('\r\n')[0]))
    expect(sent).toEqual([['GET / HTTP/1.0'], [], ['', 'HELP']])
    expect(ran.tookMs).toBeLessThan(5000)
  })

  it('who was asked in vain is not listened to once more, and everything is tried in time', async () => {
    const ran = await look('6379', worldOf({ 6379: SILENT }))
    expect(said(ran, 6379)).not.toContain('cut')
    const sent = ran.connections.map((seen) => seen.sent.map((text) => text.split('\r\n')[0]))
    expect(sent).toEqual([['PING'], ['GET / HTTP/1.0'], [], ['', 'HELP']])
    expect(ran.tookMs).toBeLessThan(4600)
  })

  it('a server that only knows lines answers HELP', async () => {
    const old = answers(['HELP', 'no such thing here\r\n'])
    const ran = await look('4711', worldOf({ 4711: old }))
    expect(said(ran, 4711)).toBe('open  answered, unknown: "no such thing here\\x0d\\x0a"')
    expect(ran.connections).toHaveLength(3)
  })

  it('an echo is recognised before everything else', async () => {
    const ran = await look('4711,80,22', worldOf({ 4711: ECHO, 80: ECHO, 22: ECHO }))
    for (const port of [4711, 80, 22]) expect(said(ran, port)).toBe('open  echo  [probe]')
  })

  it('answers that nobody knows are shown', async () => {
    const ran = await look('4711', worldOf({ 4711: greets('hello \x1b[31m wörld\r\n') }))
    expect(said(ran, 4711)).toBe('open  answered, unknown: "hello \\x1b[31m wörld\\x0d\\x0a"')
    expect(ran.status).toBe(1)
  })

  it('an unknown answer in many small pieces is shown as one', async () => {
    const steps = [...'zorglub 1.0'].flatMap((octets) => [
      { does: 'send', octets } as const,
      { does: 'wait', seconds: 0.001 } as const,
    ])
    const ran = await look('4711', worldOf({ 4711: speaks({ kind: 'steps', steps: [...steps, DRAIN] }) }))
    expect(said(ran, 4711)).toBe('open  answered, unknown: "zorglub 1.0"')
  })

  it('who hangs up without a word is asked nothing more', async () => {
    const hangsUp = speaks({ kind: 'steps', steps: [{ does: 'close' }] })
    const resets = speaks({ kind: 'steps', steps: [{ does: 'rst' }] })
    const ran = await look('4711,4712', worldOf({ 4711: hangsUp, 4712: resets }))
    expect(said(ran, 4711)).toBe('open  accepted, then closed')
    expect(said(ran, 4712)).toBe('open  accepted, then reset')
    expect(ran.connections).toHaveLength(2)
  })

  it('who hangs up when asked is still asked otherwise', async () => {
    const picky = speaks({
      kind: 'answers',
      answers: [
        ['GET', 'close'],
        ['\r\n', 'OK MPD 0.23.5\n'],
      ],
    })
    const ran = await look('4711', worldOf({ 4711: picky }))
    expect(said(ran, 4711)).toMatch(/^open {2}mpd/)
  })

  it('what was said right before a reset is read all the same', async () => {
    const steps = [{ does: 'send', octets: 'OK MPD 0.23.5\n' }, { does: 'rst' }] as const
    const peer = speaks({ kind: 'steps', steps })
    const ran = await look('80,4711,6379', worldOf({ 80: peer, 4711: peer, 6379: peer }))
    for (const port of [80, 4711, 6379]) expect(said(ran, port)).toMatch(/^open {2}mpd/)
  })

  it('names that only the number of a port suggests are marked as guesses', async () => {
    const ran = await look('5432 --timeout 10', worldOf({ 5432: SILENT }))
    expect(said(ran, 5432)).toBe("open  (postgresql?)  silent; guess from the port's number  [port table]")
  })

  it('printers are left alone unless they are allowed', async () => {
    const world = worldOf({ 9100: WEB, 9107: WEB, 9108: WEB })
    const ran = await look('9100,9107,9108', world)
    for (const port of [9100, 9107]) expect(said(ran, port)).toContain('left alone')
    expect(said(ran, 9108)).toContain('nginx')
    const quiet = ran.connections.filter(({ port }) => port < 9108)
    expect(quiet.flatMap(({ sent }) => sent)).toEqual([])
    expect(said(await look('9100 --allow-printers', world), 9100)).toContain('nginx')
  })
})

describe('--light', () => {
  it('sends not one octet, whatever the port', async () => {
    const world = worldOf({ 22: greets(SSH), 80: WEB, 443: SILENT, 4711: SILENT })
    const ran = await look('22,80,443,4711 --light', world)
    expect(ran.connections.flatMap(({ sent }) => sent)).toEqual([])
    expect(ran.connections).toHaveLength(4)
    expect(said(ran, 22)).toMatch(/^open {2}ssh {2}OpenSSH 9\.2p1/)
    expect(said(ran, 80)).toMatch(/silent/)
  })
})

describe('--thorough', () => {
  const rare = answers(['version\r\n', 'VERSION 1.6.18\r\n'])

  it('tries every probe, each over a connection of its own', async () => {
    const ran = await look('4711 --thorough --timeout 120', worldOf({ 4711: rare }))
    expect(said(ran, 4711)).toMatch(/^open {2}memcached {2}.*1\.6\.18.*\[probe\]$/)
    expect(ran.connections.length).toBeGreaterThan(10)
    expect(said(await look('4711', worldOf({ 4711: rare })), 4711)).toBe('open  silent')
  })

  it('says where its time was not enough', async () => {
    const ran = await look('4711 --thorough --timeout 6', worldOf({ 4711: SILENT }))
    expect(said(ran, 4711)).toBe('open  silent  (cut)')
    expect(ran.tookMs).toBeLessThan(6010)
  })
})

const ECHO = speaks({ kind: 'echo' })
const DRAIN = { does: 'drain' } as const
