import { expect, it } from 'vitest'
import type { ByteStream, TlsSettings } from '../src/io/streams.ts'
import { type PeerScript, type SimIo, simIo, type TlsScript } from '../src/sim/sim.ts'

const PORT = '10.0.0.2:993'
const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value)
const LOOK: TlsSettings = { serverName: '', verify: false, alpn: [], weak: true }
const MODERN = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const

function world(peer: PeerScript, tls: TlsScript): SimIo {
  return simIo({ ports: { [PORT]: { does: 'accept', afterMs: 0.2, peer } }, tls: { [PORT]: tls } })
}

async function connect(io: SimIo): Promise<ByteStream> {
  const request = { address: '10.0.0.2', family: 4, port: 993, close: 'fin', keep: 'bytes' } as const
  const { connection } = await io.net.connect(request).answer
  if (connection === undefined) throw new Error('not connected')
  return connection.bytes()
}

it('lets another script speak inside, after what the port says in plain text', async () => {
  const plain: PeerScript = {
    kind: 'answers',
    greeting: '* OK plain\r\n',
    answers: [['a STARTTLS', 'a OK go ahead\r\n']],
  }
  const inside: PeerScript = { kind: 'answers', answers: [['b CAPABILITY', '* CAPABILITY IMAP4rev1\r\n']] }
  const chain = [octets('own'), octets('issuer')]
  const io = world(plain, { ...MODERN, peer: inside, chain })
  const stream = await connect(io)
  expect(text(await stream.read(100))).toBe('* OK plain\r\n')
  await stream.write(octets('a STARTTLS\r\n'))
  expect(text(await stream.read(100))).toBe('a OK go ahead\r\n')
  const startNs = io.clock.nowNs()
  const secure = await io.sockets.secure(stream, 'client', LOOK)
  expect(io.clock.nowNs()).toBe(startNs + 1e6)
  expect(secure).toMatchObject({ ...MODERN, chain, remote: { address: '10.0.0.2', port: 993 } })
  await secure.write(octets('b CAPABILITY\r\n'))
  expect(text(await secure.read(100))).toBe('* CAPABILITY IMAP4rev1\r\n')
  secure.close('fin')
  expect(await stream.read(1)).toBeUndefined()
})

it('ends what is inside with the script that speaks there', async () => {
  const io = world({ kind: 'echo' }, { ...MODERN, peer: { kind: 'answers', answers: [['', 'reset']] } })
  const secure = await io.sockets.secure(await connect(io), 'client', LOOK)
  await secure.write(octets('x'))
  await expect(secure.read(10)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await secure.broken).toBe('ECONNRESET')
})

it('takes as long as the script says, and ends with the reason of its signal', async () => {
  const io = world({ kind: 'echo' }, { ...MODERN, afterMs: 700 })
  const control = new AbortController()
  const stream = await connect(io)
  const secured = expect(io.sockets.secure(stream, 'client', LOOK, control.signal)).rejects.toBe('enough')
  await io.clock.sleep(699)
  control.abort('enough')
  await secured
  expect(await stream.read(1)).toBeUndefined()
})

it('may hang until its signal, while the world is idle', async () => {
  const io = world({ kind: 'echo' }, { does: 'hang' })
  const control = new AbortController()
  const secured = io.sockets.secure(await connect(io), 'client', LOOK, control.signal)
  expect(await io.runUntilIdle(secured)).toBe('still running')
  const ended = expect(secured).rejects.toBe('enough')
  control.abort('enough')
  await ended
})

it.each([
  ['TLSv1', undefined, 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  ['TLSv1.1', false, 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
  ['TLSv1.1', true, undefined],
  ['TLSv1.2', undefined, undefined],
])('speaks %s where weak is %s', async (protocol, weak, code) => {
  const io = world({ kind: 'echo' }, { protocol, cipher: 'AES128-SHA' })
  const secured = io.sockets.secure(await connect(io), 'client', { ...LOOK, weak })
  if (code === undefined) expect(await secured).toMatchObject({ protocol, chain: [] })
  else await expect(secured).rejects.toMatchObject({ name: 'StreamFault', code })
})
