import type { Behaviour, PeerStep } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { answers, greets, type Looked, look, SILENT, said, speaks, TLS13, worldOf } from './kit.ts'

const MPD = 'OK MPD 0.23.5\n'
const send = (octets: string | Uint8Array): PeerStep => ({ does: 'send', octets })
const wait = (seconds: number): PeerStep => ({ does: 'wait', seconds })
const steps = (...all: readonly PeerStep[]): Behaviour =>
  speaks({ kind: 'steps', steps: [...all, { does: 'drain' }] })

/** One octet after the other, so many seconds apart. */
const drip = (text: string, seconds: number): Behaviour =>
  steps(...[...text].flatMap((octet) => [send(octet), wait(seconds)]))

/** Sends without end, whether or not somebody reads. */
const flood = (piece: string): Behaviour =>
  steps(...Array.from({ length: 300 }, () => send(piece.repeat(1000))))

const HOSTILE: readonly (readonly [string, Behaviour])[] = [
  ['one octet a second', drip('x'.repeat(100), 1)],
  ['one octet a second of something that could be SSH', drip(`SSH-2.0-${'x'.repeat(100)}`, 1)],
  [
    'one octet a second of an answer that could be HTTP',
    drip(`HTTP/1.0 200 OK\r\nServer: ${'x'.repeat(90)}`, 0.9),
  ],
  ['data without end', flood('zorglub\r\n')],
  ['a megabyte without newline', flood('x'.repeat(9))],
  [
    'a header without end',
    steps(
      send('HTTP/1.0 200 OK\r\n'),
      ...Array.from({ length: 300 }, (_, i) => send(`X-${i}: ${'y'.repeat(1000)}\r\n`)),
    ),
  ],
  ['a reply of FTP without end', flood('220-hello\r\n')],
  ['a number of lines of IRC without end', flood(':x NOTICE AUTH :*** Looking up\r\n')],
  ['telnet options without end', flood('\xff\xfb\x01')],
  ['zeros without end', flood('\0'.repeat(8))],
  ['silence', SILENT],
  ['an end at once', speaks({ kind: 'steps', steps: [{ does: 'close' }] })],
  ['a reset at once', speaks({ kind: 'steps', steps: [{ does: 'rst' }] })],
  ['a reset after every question', answersAnything('reset')],
  ['an end after every question', answersAnything('close')],
  ['one octet for every question', answersAnything('\0')],
  ['nothing read', { ...steps(wait(1000)), wire: { bufferOctets: 1 } } as Behaviour],
]

function answersAnything(answer: string): Behaviour {
  return answers(['', answer])
}

describe.each([
  ['4711', ''],
  ['80', ''],
  ['22', ''],
  ['443', ''],
  ['25', ' --starttls smtp'],
  ['4711', ' --thorough --timeout 5'],
  ['4711', ' --light'],
] as const)('at port %s with%s', (port, options) => {
  it.each(HOSTILE)('%s ends in time, and holds up nobody', async (_, behaviour) => {
    const ran = await look(`${port},6600${options}`, worldOf({ [port]: behaviour, 6600: greets(MPD) }))
    expectBounded(ran)
    expect(said(ran, 6600)).toMatch(/^open {2}mpd/)
    expect(ran.connections.find((seen) => seen.port === 6600)?.closedNs).toBeLessThan(5e6)
    expect(ran.connections.filter((seen) => seen.closedNs === undefined)).toEqual([])
    expect(ran.mostAtOnce()).toBeLessThanOrEqual(2)
  })

  it.each(HOSTILE)('%s inside TLS ends in time', async (_, behaviour) => {
    const peer = behaviour.does === 'accept' ? behaviour.peer : undefined
    const tls = { [port]: { ...TLS13, peer: peer ?? { kind: 'greeting', text: '' } } } as const
    expectBounded(await look(`${port}${options}`, worldOf({ [port]: SILENT }, { tls })))
  })
})

function expectBounded({ tookMs, status, stderr }: Looked): void {
  expect(stderr).toBe('')
  expect([0, 1]).toContain(status)
  expect(tookMs).toBeLessThanOrEqual(5100)
}

describe('what is read', () => {
  it.each(['4711', '80', '443', '9200'])('is 65536 octets at most at port %s', async (port) => {
    const { stdout } = await look(`${port} --json`, worldOf({ [port]: flood('zorglub\r\n') }))
    const lengths = [...stdout.matchAll(/"receivedBase64":"([^"]*)"/g)].map(
      ([, text = '']) => Buffer.from(text, 'base64').length,
    )
    expect(lengths.length).toBeGreaterThan(0)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(65_536)
  })

  it('is shown without anything that a terminal obeys', async () => {
    const nasty = 'x\x1b]0;gone\x07\x9b2J\u202eevil\u2066\x7f\0\r\n'
    const ports = {
      4711: greets(nasty),
      22: greets(`SSH-2.0-${nasty}`),
      80: answers(['GET', `HTTP/1.0 200 ${nasty}Server: ${nasty}\r\n\r\n`]),
    }
    for (const options of ['', ' -v', ' --hex', ' --json', ' --csv', ' --url']) {
      const { stdout, stderr } = await look(`22,80,4711${options}`, worldOf(ports))
      const shown = (stdout + stderr).replaceAll('\r\n', '\n')
      expect([...shown].filter(isObeyed)).toEqual([])
    }
  })
})

describe('time', () => {
  it.each(['1', '0.2', '3'])('of %s s is all there is for one port, however it speaks', async (timeout) => {
    const world = worldOf({ 4711: drip('SSH-2.0-'.repeat(20), 0.1) })
    const ran = await look(`4711 --timeout ${timeout}`, world)
    expect(ran.tookMs).toBeLessThan(1000 * Number(timeout) + 10)
  })

  it('an answer that comes slowly is read to its end while its wait lasts', async () => {
    const ran = await look('6600', worldOf({ 6600: drip(MPD, 0.05) }))
    expect(said(ran, 6600)).toMatch(/mpd .*0\.23\.5/)
  })
})

/** C0 but for the end of a line, DEL, C1, and what turns the direction of text. */
function isObeyed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  const isControl = (code < 0x20 && character !== '\n') || (code >= 0x7f && code <= 0x9f)
  return isControl || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
}
