import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ByteStream } from '../src/io/streams.ts'
import { type PeerScript, peerSteps, type SimIo, simIo, type World } from '../src/sim/sim.ts'

const SERVER = '10.0.0.2:5000'
const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value)

function world(peer: PeerScript, more: Partial<World> = {}): SimIo {
  return simIo({ ...more, ports: { [SERVER]: { does: 'accept', afterMs: 0.2, peer }, ...more.ports } })
}

const scripted = (steps: string): SimIo => world({ kind: 'steps', steps: peerSteps(steps) })

async function connect(io: SimIo): Promise<ByteStream> {
  const request = { address: '10.0.0.2', family: 4, port: 5000, close: 'fin', keep: 'bytes' } as const
  const { connection } = await io.net.connect(request).answer
  if (connection === undefined) throw new Error('not connected')
  return connection.bytes()
}

async function rest(stream: ByteStream): Promise<string> {
  let seen = ''
  for (let chunk = await stream.read(4096); chunk !== undefined; chunk = await stream.read(4096)) {
    seen += text(chunk)
  }
  return seen
}

it('logs as the recorded server does: data, half close and the end', async () => {
  const io = scripted(`linger:3 send:'late\\n' wait:0.5 close`)
  const stream = await connect(io)
  await stream.write(octets('hello\n'))
  stream.endWrite()
  expect(await io.runFor(rest(stream), 10)).toBe('late\n')
  expect(io.peerLog(SERVER)).toBe(
    " 0.0 accept\n 0.0 got b'hello\\n'\n 0.0 got FIN\n 0.0 sent b'late\\n'\n 0.5 closed\n",
  )
})

it.each([
  [
    'waits in vain',
    "send:'hi\\n' linger:1 close",
    " 0.0 accept\n 0.0 sent b'hi\\n'\n 1.0 nothing more for now\n 1.0 closed\n",
  ],
  [
    'half closes',
    'fin linger:3 close',
    ' 0.0 accept\n 0.0 sent FIN\n 3.0 nothing more for now\n 3.0 closed\n',
  ],
  ['resets', 'wait:0.5 rst', ' 0.0 accept\n 0.5 sent RST\n'],
  [
    'sends any octets',
    `send:'\\xff\\xfd\\x01it\\'s' close`,
    ` 0.0 accept\n 0.0 sent b'\\xff\\xfd\\x01it\\\\s'\n 0.0 closed\n`,
  ],
])('plays a server that %s', async (_, steps, log) => {
  const io = scripted(steps)
  const stream = await connect(io)
  await io.runUntilIdle(Promise.race([rest(stream).catch(() => {}), new Promise(() => {})]))
  await io.runFor(new Promise(() => {}), 10)
  expect(io.peerLog(SERVER)).toBe(log)
})

it('leaves what comes during a wait unread, so that closing then resets', async () => {
  const io = scripted('linger:1 wait:1 close')
  const stream = await connect(io)
  await io.clock.sleep(1500)
  await stream.write(octets('too late'))
  expect(await io.runFor(stream.broken, 5)).toBe('ECONNRESET')
  expect(io.peerLog(SERVER)).toBe(' 0.0 accept\n 1.0 nothing more for now\n 2.0 closed\n')
})

it('tells its peer of a RST that comes while it reads', async () => {
  const io = scripted('drain close')
  const stream = await connect(io)
  stream.close('rst')
  await io.runUntilIdle(new Promise(() => {}))
  expect(io.peerLog(SERVER)).toBe(' 0.0 accept\n 0.0 got RST\n 0.0 closed\n')
})

it('shows a connection that is only tried to the peer as well', async () => {
  const io = scripted('drain close')
  await io.net.connect({ address: '10.0.0.2', family: 4, port: 5000, close: 'fin' }).answer
  await io.runUntilIdle(new Promise(() => {}))
  expect(io.peerLog(SERVER)).toBe(' 0.0 accept\n 0.0 got FIN\n 0.0 closed\n')
})

it('accepts and says nothing where no peer is named', async () => {
  const io = simIo({ ports: { [SERVER]: { does: 'accept', afterMs: 1 } } })
  const stream = await connect(io)
  expect(await io.runFor(stream.read(1), 60)).toBe('still running')
})

it('echoes, greets, and serves one request', async () => {
  const echo = await connect(world({ kind: 'echo' }))
  await echo.write(octets('again'))
  echo.endWrite()
  expect(await rest(echo)).toBe('again')

  const ssh = await connect(world({ kind: 'greeting', text: 'SSH-2.0-x\r\n' }))
  expect(text(await ssh.read(100))).toBe('SSH-2.0-x\r\n')

  const http = await connect(world({ kind: 'http', response: 'HTTP/1.0 200 OK\r\n\r\nhello' }))
  await http.write(octets('GET / HTTP/1.0\r\n'))
  await http.write(octets('\r\n'))
  expect(await rest(http)).toBe('HTTP/1.0 200 OK\r\n\r\nhello')
})

const ECHO = {
  hosts: { 'target.lab': ['10.0.0.3'] },
  ports: { '10.0.0.3:22': { does: 'accept', afterMs: 0.2, peer: { kind: 'echo' } } },
} as const satisfies World

it.each<[string, PeerScript, string, string, string]>([
  [
    'SOCKS 5 by name',
    { kind: 'socks', version: 5 },
    '\x05\x01\x00\x05\x01\x00\x03\x0atarget.lab\x00\x16',
    '\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00hi',
    'greeting 05 01 00\nrequest 05 01 00 03 0a 74 61 72 67 65 74 2e 6c 61 62 00 16 = target.lab 22\ndone\n',
  ],
  [
    'SOCKS 5 by address, which refuses',
    { kind: 'socks', version: 5, fail: 5 },
    '\x05\x01\x00\x05\x01\x00\x01\x0a\x00\x00\x03\x00\x16',
    '\x05\x00\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00',
    'greeting 05 01 00\nrequest 05 01 00 01 0a 00 00 03 00 16 = 10.0.0.3 22\n',
  ],
  [
    'SOCKS 5 without a way to authenticate',
    { kind: 'socks', version: 5, noAuth: true },
    '\x05\x01\x00',
    '\x05\xff',
    'greeting 05 01 00\n',
  ],
  [
    'SOCKS 5 to a closed port',
    { kind: 'socks', version: 5 },
    '\x05\x01\x00\x05\x01\x00\x01\x0a\x00\x00\x03\x00\x6f',
    '\x05\x00',
    'greeting 05 01 00\nrequest 05 01 00 01 0a 00 00 03 00 6f = 10.0.0.3 111\n' +
      'error ConnectionRefusedError [Errno 111] Connection refused\n',
  ],
  [
    'SOCKS 4',
    { kind: 'socks', version: 4 },
    '\x04\x01\x00\x16\x0a\x00\x00\x03\x00',
    '\x00\x5a\x00\x00\x00\x00\x00\x00hi',
    'request 04 01 00 16 0a 00 00 03 00\ndone\n',
  ],
  [
    'SOCKS 4A',
    { kind: 'socks', version: 4 },
    '\x04\x01\x00\x16\x00\x00\x00\x01u\x00target.lab\x00',
    '\x00\x5a\x00\x00\x00\x00\x00\x00hi',
    'request 04 01 00 16 00 00 00 01 75 00 74 61 72 67 65 74 2e 6c 61 62 00\ndone\n',
  ],
  ['SOCKS 4 to a client that goes', { kind: 'socks', version: 4 }, '', '', "error OSError eof after b''\n"],
  [
    'an HTTP proxy',
    { kind: 'http-proxy' },
    'CONNECT target.lab:22 HTTP/1.0\r\n\r\n',
    'HTTP/1.0 200 Connection established\r\n\r\nhi',
    "request 'CONNECT target.lab:22 HTTP/1.0\\r\\n\\r\\n'\ndone\n",
  ],
  [
    'an HTTP proxy that forbids',
    { kind: 'http-proxy', fail: true },
    'CONNECT [fd77::2]:22 HTTP/1.0\r\n\r\n',
    'HTTP/1.0 403 Forbidden\r\n\r\n',
    "request 'CONNECT [fd77::2]:22 HTTP/1.0\\r\\n\\r\\n'\n",
  ],
  [
    'an HTTP proxy to a closed port',
    { kind: 'http-proxy' },
    'CONNECT 10.0.0.3:111 HTTP/1.0\r\n\r\n',
    'HTTP/1.0 502 Bad Gateway\r\n\r\n',
    "request 'CONNECT 10.0.0.3:111 HTTP/1.0\\r\\n\\r\\n'\n502 [Errno 111] Connection refused\n",
  ],
  [
    'an HTTP proxy that wants a password',
    { kind: 'http-proxy', auth: 'bob:pw' },
    'CONNECT 10.0.0.3:22 HTTP/1.0\r\n\r\n',
    'HTTP/1.0 407 Proxy Authentication Required\r\n\r\n',
    "request 'CONNECT 10.0.0.3:22 HTTP/1.0\\r\\n\\r\\n'\n",
  ],
  [
    'an HTTP proxy that gets its password',
    { kind: 'http-proxy', auth: 'bob:pw' },
    'CONNECT 10.0.0.3:22 HTTP/1.0\r\nProxy-Authorization: Basic Ym9iOnB3\r\n\r\n',
    'HTTP/1.0 200 Connection established\r\n\r\nhi',
    "request 'CONNECT 10.0.0.3:22 HTTP/1.0\\r\\nProxy-Authorization: Basic Ym9iOnB3\\r\\n\\r\\n'\ndone\n",
  ],
])('plays %s, and logs like the recorded one', async (_, peer, sent, answer, log) => {
  const io = world(peer, ECHO)
  const stream = await connect(io)
  await stream.write(Buffer.from(sent, 'latin1'))
  // Where the proxy forwards, the echo behind it sends this back.
  if (answer.endsWith('hi')) await stream.write(octets('hi'))
  stream.endWrite()
  const seen = await io.runFor(rest(stream), 10)
  expect(seen).toBe(Buffer.from(answer, 'latin1').toString())
  await io.runUntilIdle(new Promise(() => {}))
  expect(io.peerLog(SERVER)).toBe(log)
})

it('writes IPv6 addresses of SOCKS requests in their short form', async () => {
  const io = world({ kind: 'socks', version: 5 })
  const stream = await connect(io)
  await stream.write(Buffer.from(`05010005010004fd77${'00'.repeat(13)}020016`, 'hex'))
  await io.runFor(rest(stream), 10)
  expect(io.peerLog(SERVER)).toContain('= fd77::2 22\n')
})

it('refuses a step that it does not know', () => {
  expect(() => peerSteps('send:x jump')).toThrow('no such step of a peer: jump')
})

it('ends every peer in an orderly way, whatever it is sent and however it is left', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom<PeerScript>(
        { kind: 'socks', version: 4 },
        { kind: 'socks', version: 5 },
        { kind: 'http-proxy', auth: 'a:b' },
        { kind: 'http', response: 'x' },
        { kind: 'echo' },
        { kind: 'steps', steps: peerSteps('recv send:x linger:1 drain') },
      ),
      fc.constantFrom('', '\x05\x01\x00\x05\x01\x00', '\x04\x01\x00\x16', 'CONNECT '),
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('fin' as const, 'rst' as const, 'half' as const),
      async (peer, start, sent, leave) => {
        const io = world(peer, ECHO)
        const stream = await connect(io)
        await stream.write(Buffer.concat([Buffer.from(start, 'latin1'), sent]))
        if (leave === 'half') stream.endWrite()
        else stream.close(leave)
        const ended = rest(stream).catch(() => 'broken')
        expect(await io.runUntilIdle(ended)).not.toBe('still running')
        await io.runUntilIdle(new Promise(() => {}))
      },
    ),
    { numRuns: 200 },
  ))
