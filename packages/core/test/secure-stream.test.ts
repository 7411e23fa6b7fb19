import { afterEach, describe, expect, it } from 'vitest'
import { secureStream } from '../src/io/node/secure-stream.ts'
import type { ByteStream, TlsSettings } from '../src/io/streams.ts'
import { makeCertificate, outdated, type PairEnd, streamPair } from './secure-kit.ts'

const good = makeCertificate('DNS:portkit.test,IP:127.0.0.1,IP:::1')
const other = makeCertificate('DNS:elsewhere.test')
const old = outdated(good)

const client: TlsSettings = { serverName: 'portkit.test', verify: true, ca: good.cert, alpn: [] }
const server: TlsSettings = {
  serverName: '',
  verify: false,
  certificate: good.cert,
  key: good.key,
  alpn: [],
}
const text = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString()
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

const open: ByteStream[] = []
afterEach(() => {
  for (const stream of open.splice(0)) stream.close('fin')
})

async function bothEnds(
  clientSettings: Partial<TlsSettings> = {},
  serverSettings: Partial<TlsSettings> = {},
) {
  const [a, b] = streamPair()
  const [near, far] = await Promise.all([
    secureStream(a, 'client', { ...client, ...clientSettings }),
    secureStream(b, 'server', { ...server, ...serverSettings }),
  ])
  open.push(near, far)
  return { near, far, a, b }
}

async function failures(
  clientSettings: Partial<TlsSettings>,
  serverSettings: Partial<TlsSettings> = {},
): Promise<{ near: unknown; far: unknown; a: PairEnd; b: PairEnd }> {
  const [a, b] = streamPair()
  const [near, far] = await Promise.allSettled([
    secureStream(a, 'client', { ...client, ...clientSettings }),
    secureStream(b, 'server', { ...server, ...serverSettings }),
  ])
  for (const one of [near, far]) if (one.status === 'fulfilled') one.value.close('fin')
  const why = (one: PromiseSettledResult<unknown>): unknown =>
    one.status === 'rejected' ? one.reason : undefined
  return { near: why(near), far: why(far), a, b }
}

async function readAll(stream: ByteStream): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let octets = await stream.read(5000); octets; octets = await stream.read(5000)) {
    parts.push(Buffer.from(octets))
  }
  return Buffer.concat(parts)
}

describe('a TLS connection', () => {
  it('carries octets both ways, and tells what was agreed on', async () => {
    const { near, far } = await bothEnds({ alpn: ['h2', 'smtp'] }, { alpn: ['smtp'] })
    await near.write(bytes('ping'))
    expect(text(await far.read(100))).toBe('ping')
    await far.write(bytes('pong'))
    expect(text(await near.read(100))).toBe('pong')
    expect(near).toMatchObject({
      protocol: 'TLSv1.3',
      alpn: 'smtp',
      invalid: undefined,
      local: { address: 'a' },
    })
    expect(far).toMatchObject({ protocol: 'TLSv1.3', alpn: 'smtp', invalid: undefined })
    expect(near.cipher).toMatch(/^TLS_/)
  })

  it('gives no more octets at a time than were asked for, and loses none', async () => {
    const { near, far } = await bothEnds()
    await near.write(bytes('abcdefg'))
    expect(text(await far.read(3))).toBe('abc')
    expect(text(await far.read(1))).toBe('d')
    expect(text(await far.read(9))).toBe('efg')
  })

  it('ends one direction and leaves the other open', async () => {
    const { near, far } = await bothEnds()
    await near.write(bytes('question'))
    near.endWrite()
    near.endWrite()
    expect(text(await readAll(far))).toBe('question')
    expect(await far.read(1)).toBeUndefined()
    await far.write(bytes('late answer'))
    far.endWrite()
    expect(text(await readAll(near))).toBe('late answer')
  })

  it('carries megabytes unchanged', async () => {
    const { near, far } = await bothEnds()
    const sent = Buffer.alloc(3_000_001, 'portkit ')
    const received = readAll(far)
    for (let at = 0; at < sent.length; at += 70_000) await near.write(sent.subarray(at, at + 70_000))
    near.endWrite()
    expect((await received).equals(sent)).toBe(true)
  })

  it('holds a writer back whose peer does not read', async () => {
    const { near } = await bothEnds()
    const chunk = Buffer.alloc(64 * 1024)
    let taken = 0
    const writing = (async () => {
      for (; taken < 100; taken++) await near.write(chunk)
    })().catch(() => {})
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate)
    expect(taken).toBeLessThan(10)
    near.close('rst')
    await writing
  })

  it('ends pending reads when it is closed, and says goodbye to the peer', async () => {
    const { near, far, a } = await bothEnds()
    const pending = near.read(10)
    near.close('fin')
    near.close('rst')
    expect(await pending).toBeUndefined()
    expect(await near.read(1)).toBeUndefined()
    expect(await far.read(1)).toBeUndefined()
    await far.write(bytes('x')).catch(() => {})
    expect(a.closedWith()).toBe('fin')
  })

  it('passes a reset on to readers, writers and watchers', async () => {
    const { near, a } = await bothEnds()
    const reading = near.read(10)
    a.breakWith('ECONNRESET')
    await expect(reading).rejects.toMatchObject({ name: 'StreamFault', code: 'ECONNRESET' })
    await expect(near.write(bytes('x'))).rejects.toMatchObject({ name: 'StreamFault' })
    expect(await near.broken).toBe('ECONNRESET')
  })

  it('is reset, not ended, when asked for', async () => {
    const { near, a, far } = await bothEnds()
    near.close('rst')
    expect(a.closedWith()).toBe('rst')
    expect(await far.broken).toBe('ECONNRESET')
  })
})

describe('certificates', () => {
  it.each([
    ['from nobody known', { ca: undefined }, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'for another name',
      { ca: other.cert },
      { certificate: other.cert, key: other.key },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['that are out of date', { ca: old.cert }, { certificate: old.cert, key: old.key }, 'CERT_HAS_EXPIRED'],
    ['for other addresses', { serverName: '127.0.0.2' }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s are refused by the client', async (_, clientSettings, serverSettings, code) => {
    const { near, a } = await failures(clientSettings, serverSettings)
    expect(near).toMatchObject({ name: 'StreamFault', code })
    expect((near as Error).message).toMatch(/\w+ \w+/)
    expect(a.closedWith()).toBeDefined()
  })

  it.each([['127.0.0.1'], ['::1'], ['::1%lo'], ['portkit.test.'], ['']])(
    'are fine for %j',
    async (serverName) => {
      const { near } = await bothEnds({ serverName })
      expect(near.invalid).toBeUndefined()
    },
  )

  it('that are not valid are only named where they need not be', async () => {
    const { near } = await bothEnds({ verify: false, ca: undefined })
    expect(near.invalid).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  it('of clients are wanted by a server with a CA', async () => {
    const { near, far } = await bothEnds({ certificate: good.cert, key: good.key }, { ca: good.cert })
    await near.write(bytes('x'))
    expect(text(await far.read(9))).toBe('x')
  })

  it.each([
    ['none', {}],
    ['one of somebody else', { certificate: other.cert, key: other.key }],
  ])('of clients: a server with a CA refuses a client that has %s', async (_, clientSettings) => {
    const { far, b } = await failures(clientSettings, { ca: good.cert })
    expect(far).toMatchObject({ name: 'StreamFault' })
    expect((far as Error).message).toMatch(/^the client's certificate is missing or not valid \([A-Z_]+\)$/)
    expect(b.closedWith()).toBeDefined()
  })

  it.each([
    ['server', { certificate: undefined }, 'certificate'],
    ['server', { key: undefined }, 'key'],
    ['server', { certificate: 'nonsense' }, 'certificate'],
    ['server', { key: 'nonsense' }, 'key'],
    ['server', { key: other.key }, 'key'],
    ['client', { ca: 'nonsense' }, 'ca'],
    ['client', { certificate: undefined, key: good.key }, 'certificate'],
  ] as const)('%s settings %j are a fault of the %s', async (role, settings, about) => {
    const [a] = streamPair()
    const base = role === 'server' ? server : client
    await expect(secureStream(a, role, { ...base, ...settings })).rejects.toMatchObject({
      name: 'LocalFault',
      about,
    })
    expect(a.closedWith()).toBeDefined()
  })
})

describe('a handshake', () => {
  it.each(['client', 'server'] as const)('of a %s ends when the peer speaks no TLS', async (role) => {
    const [a, b] = streamPair()
    const secured = secureStream(a, role, role === 'client' ? client : server)
    b.write(bytes('SSH-2.0-OpenSSH_9.2p1 Debian\r\n')).catch(() => {})
    await expect(secured).rejects.toMatchObject({
      name: 'StreamFault',
      code: expect.stringMatching(/^ERR_SSL_/),
      message: expect.stringMatching(/^[\w ]+$/),
    })
    expect(a.closedWith()).toBeDefined()
  })

  it.each(['client', 'server'] as const)('of a %s ends when the peer closes', async (role) => {
    const [a, b] = streamPair()
    const secured = secureStream(a, role, role === 'client' ? client : server)
    b.endWrite()
    await expect(secured).rejects.toMatchObject({
      code: 'EPROTO',
      message: 'the connection ended during the TLS handshake',
    })
    expect(a.closedWith()).toBeDefined()
  })

  it.each(['client', 'server'] as const)('of a %s ends when the connection is reset', async (role) => {
    const [a, b] = streamPair()
    const secured = secureStream(a, role, role === 'client' ? client : server)
    b.breakWith('ECONNRESET')
    await expect(secured).rejects.toMatchObject({ name: 'StreamFault', code: 'ECONNRESET' })
  })

  it.each(['client', 'server'] as const)('of a %s ends when it is aborted', async (role) => {
    const [a] = streamPair()
    const abort = new AbortController()
    const secured = secureStream(a, role, role === 'client' ? client : server, abort.signal)
    const reason = new Error('enough')
    setImmediate(() => abort.abort(reason))
    await expect(secured).rejects.toBe(reason)
    expect(a.closedWith()).toBe('rst')
    const [late] = streamPair()
    await expect(secureStream(late, role, client, abort.signal)).rejects.toBe(reason)
    expect(late.closedWith()).toBe('rst')
  })

  it('without a common protocol of the application fails on both sides', async () => {
    const { near, far } = await failures({ alpn: ['h2'] }, { alpn: ['smtp'] })
    expect(near).toMatchObject({ name: 'StreamFault' })
    expect(far).toMatchObject({ name: 'StreamFault' })
  })
})
