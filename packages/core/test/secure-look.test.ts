import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNodeNet } from '../src/io/node/node-net.ts'
import { secureStream } from '../src/io/node/secure-stream.ts'
import type { ByteStream, SecureStream, TlsSettings } from '../src/io/streams.ts'
import { derOf, makeCertificate, makeChain, streamPair } from './secure-kit.ts'

const chain = makeChain('portkit.test')
const weak = makeCertificate('DNS:portkit.test', ['-newkey', 'rsa:1024'])
const stranger = makeCertificate('DNS:elsewhere.test')

/** As one looks at servers: whatever they have is fine. */
const LOOK: TlsSettings = { serverName: '', verify: false, alpn: [], weak: true }

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function kept<T extends ByteStream>(stream: T): T {
  closing.push(() => stream.close('rst'))
  return stream
}

async function over(server: Partial<TlsSettings>, client: TlsSettings = LOOK): Promise<SecureStream> {
  const [a, b] = streamPair()
  const both = [
    secureStream(a, 'client', client),
    secureStream(b, 'server', { serverName: '', verify: false, alpn: [], ...server }),
  ] as const
  const [near, far] = await Promise.all(both)
  expect(kept(far).chain).toEqual([])
  return kept(near)
}

/** A connection to a server on loopback. */
async function connectTo(server: ReturnType<typeof createServer>): Promise<ByteStream> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const request = { address: '127.0.0.1', family: 4, port, close: 'rst', keep: 'bytes' } as const
  const { connection } = await createNodeNet(nodeClock).connect(request).answer
  closing.push(() => server.close())
  if (connection === undefined) throw new Error('not connected')
  return kept(connection.bytes())
}

function toTls(options: TlsOptions): Promise<ByteStream> {
  const server = createTlsServer({ cert: chain.own, key: chain.key, ...options }, (socket) => {
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  return connectTo(server)
}

describe('the chain of certificates', () => {
  const { own, intermediate, root, key } = chain
  it.each([
    ['whole', [own, intermediate, root]],
    ['its own alone', [own]],
    ['in disorder', [own, root, intermediate]],
    ['with one that has nothing to do with it', [own, stranger.cert, intermediate]],
    ['with one twice', [own, own]],
  ])('is what the server sent: %s', async (_, sent) => {
    const near = await over({ certificate: sent.join('\n'), key })
    expect(near.chain).toEqual(sent.map(derOf))
  })

  it('has no certificate of ours in it, although that one verifies it', async () => {
    const client = { ...LOOK, ca: root, serverName: 'portkit.test' }
    const near = await over({ certificate: `${own}\n${intermediate}`, key }, client)
    expect(near.invalid).toBeUndefined()
    expect(near.chain).toHaveLength(2)
  })

  it('is told with the reason why it does not verify', async () => {
    const client = { ...LOOK, ca: root, serverName: 'elsewhere.test' }
    const near = await over({ certificate: `${own}\n${intermediate}`, key }, client)
    expect(near.invalid).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    const alone = await over({ certificate: own, key })
    expect(alone.invalid).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })
})

describe('a handshake to look at a server', () => {
  it.each([
    ['TLSv1', 'AES128-SHA'],
    ['TLSv1.1', 'AES256-SHA'],
    ['TLSv1.2', 'AES128-SHA'],
    ['TLSv1.2', 'AECDH-AES256-SHA'],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
  ] as const)('is done with %s and %s', async (version, cipher) => {
    const { cert, key } = weak
    const options = { cert, key, minVersion: version, maxVersion: version } as const
    const stream = await toTls({ ...options, ciphers: `${cipher}:PSK:@SECLEVEL=0` })
    const near = kept(await secureStream(stream, 'client', LOOK))
    expect(near.protocol).toBe(version)
    expect(near.chain).toHaveLength(cipher.startsWith('AECDH') ? 0 : 1)
  })

  it('is not done with what is outdated unless that is wanted', async () => {
    const stream = await toTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' })
    const secured = secureStream(stream, 'client', { ...LOOK, weak: false })
    await expect(secured).rejects.toMatchObject({ name: 'StreamFault' })
  })

  it('takes the best that both have', async () => {
    const near = kept(await secureStream(await toTls({}), 'client', LOOK))
    expect(near).toMatchObject({ protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' })
  })

  it.each([['x'.repeat(300)], ['with blanks and ü'], ['a\0b'], ['127.0.0.1'], ['fe80::1%lo'], ['..']])(
    'neither throws nor hangs for the name %j',
    async (serverName) => {
      const stream = await toTls({})
      const secured = secureStream(stream, 'client', { ...LOOK, serverName }, AbortSignal.timeout(20_000))
      const end = await secured.then(kept, (error: unknown) => error)
      expect(end).toSatisfy((e: object) => 'protocol' in e || (e as Error).name === 'StreamFault')
    },
  )
})

/** What a server says without end, and the beginning of it that it says once. */
const NASTY: [string, string, string][] = [
  ['garbage', '', '00'],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex'), '41'],
  ['records longer than any may be', '160303ffff', '00'],
  ['a message of 16 MB', '160303400002ffffff', '160303400000'],
  ['empty records', '', '1603030000'],
  ['warnings', '', '15030300020100'],
  ['change cipher spec', '', '140303000101'],
]

describe('a server that', () => {
  const flood = (start: string, again: string) => (socket: Socket) => {
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    const piece = Buffer.from(again.repeat(Math.ceil(40_000 / again.length)), 'hex')
    const more = (): void => void socket.write(piece, (error) => (error ? undefined : setImmediate(more)))
    socket.write(Buffer.from(start, 'hex'), more)
  }

  it.each(NASTY)('sends %s without end is left soon', async (_, start, again) => {
    const stream = await connectTo(createServer(flood(start, again)))
    await expect(secureStream(stream, 'client', LOOK)).rejects.toMatchObject({ name: 'StreamFault' })
    expect(await stream.read(1)).toBeUndefined()
  })

  it.each([
    ['says nothing', ''],
    ['never finishes a record', '1603034000'],
    ['never finishes its hello', '160303002c02000100'],
  ])('%s is left at the signal', async (_, said) => {
    const silent = createServer((socket) => {
      socket.on('error', () => {}).write(Buffer.from(said, 'hex'))
      closing.push(() => socket.destroy())
    })
    const stream = await connectTo(silent)
    const control = new AbortController()
    const secured = secureStream(stream, 'client', LOOK, control.signal)
    const outcome = expect(secured).rejects.toBe('enough')
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    control.abort('enough')
    await outcome
    expect(await stream.read(1)).toBeUndefined()
  })

  it.each([
    ['sends half a record', '16030340'],
    ['warns', '1503030002015a'],
    ['gives up', '15030300020228'],
  ])('%s and ends fails', async (_, said) => {
    const server = createServer((socket) => void socket.on('error', () => {}).end(Buffer.from(said, 'hex')))
    const secured = secureStream(await connectTo(server), 'client', LOOK)
    await expect(secured).rejects.toMatchObject({ name: 'StreamFault' })
  })

  it('sends data without end after the handshake is held back until somebody reads', async () => {
    let sent = 0
    const server = createTlsServer({ cert: chain.own, key: chain.key }, (socket) => {
      socket.on('error', () => {})
      closing.push(() => socket.destroy())
      const piece = Buffer.alloc(64 * 1024)
      const more = (): void =>
        void socket.write(piece, (error) => {
          if (error) return
          sent += piece.length
          setImmediate(more)
        })
      more()
    })
    kept(await secureStream(await connectTo(server), 'client', LOOK))
    let before = -1
    while (before !== sent) {
      before = sent
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    }
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })
})
