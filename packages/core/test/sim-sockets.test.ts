import { expect, it } from 'vitest'
import type { ByteStream, TlsSettings } from '../src/io/streams.ts'
import { type PeerScript, peerSteps, type SimIo, simIo, type World } from '../src/sim/sim.ts'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value)
const steps = (script: string): PeerScript => ({ kind: 'steps', steps: peerSteps(script) })
const world = (more: Partial<World>): SimIo => simIo({ ports: {}, ...more })

const ANY4 = { address: '0.0.0.0', family: 4 } as const
const never = new Promise<never>(() => {})

it('lets clients call a listener at their times, and logs what they see', async () => {
  const io = world({
    clients: [
      {
        afterMs: 500,
        to: '127.0.0.1:4000',
        from: '127.0.0.1:40001',
        script: steps("send:'hello\\n' fin drain"),
      },
      { afterMs: 900, to: '127.0.0.1:4001', from: '127.0.0.1:40002', script: steps('recv close') },
    ],
  })
  const listener = await io.sockets.listenTcp({ ...ANY4, port: 4000 })
  expect(listener.local).toEqual({ address: '0.0.0.0', port: 4000 })
  const stream = await listener.accept()
  expect(io.clock.nowNs()).toBe(500e6)
  expect(stream.remote).toEqual({ address: '127.0.0.1', port: 40_001 })
  expect(stream.local).toEqual({ address: '127.0.0.1', port: 4000 })
  expect(text(await stream.read(100))).toBe('hello\n')
  expect(await stream.read(100)).toBeUndefined()
  await stream.write(octets('bye'))
  stream.close('fin')
  await io.runUntilIdle(never)
  expect(io.peerLog('127.0.0.1:40001')).toBe(
    " 0.0 connected\n 0.0 sent b'hello\\n'\n 0.0 sent FIN\n 0.0 got b'bye'\n 0.0 got FIN\n",
  )
  expect(io.peerLog('127.0.0.1:40002')).toBe(' 0.0 refused\n')
})

it('shows an IPv4 client of an IPv6 listener with a mapped address', async () => {
  const io = world({
    clients: [{ afterMs: 1, to: '127.0.0.1:4000', from: '127.0.0.1:40001', script: steps('close') }],
  })
  const listener = await io.sockets.listenTcp({ address: '::', family: 6, port: 4000 })
  expect((await listener.accept()).remote.address).toBe('::ffff:127.0.0.1')
})

it('keeps clients until they are accepted, and resets them when the listener closes', async () => {
  const client = { afterMs: 1, to: '127.0.0.1:4000', script: steps('drain') }
  const io = world({
    clients: [
      { ...client, from: '127.0.0.1:1' },
      { ...client, from: '127.0.0.1:2' },
    ],
  })
  const listener = await io.sockets.listenTcp({ ...ANY4, port: 4000 })
  await io.clock.sleep(100)
  const first = await listener.accept()
  listener.close()
  first.close('fin')
  await expect(listener.accept()).rejects.toMatchObject({ code: 'EBADF' })
  await io.runUntilIdle(never)
  expect(io.peerLog('127.0.0.1:1')).toContain('got FIN')
  expect(io.peerLog('127.0.0.1:2')).toContain('got RST')
})

it('stops waiting for a client when it is told to', async () => {
  const io = world({})
  const listener = await io.sockets.listenTcp({ ...ANY4, port: 4000 })
  const control = new AbortController()
  const accepting = expect(listener.accept(control.signal)).rejects.toBe('enough')
  control.abort('enough')
  await accepting
})

it.each([
  ['an address of another machine', { address: '10.77.0.99', family: 4, port: 4000 }, 'EADDRNOTAVAIL'],
  ['a privileged port', { ...ANY4, port: 99 }, 'EACCES'],
  ['a port that is taken', { ...ANY4, port: 4001 }, 'EADDRINUSE'],
  ['a port that is taken on all addresses', { address: '127.0.0.1', family: 4, port: 4001 }, 'EADDRINUSE'],
] as const)('does not listen at %s', async (_, request, code) => {
  const io = world({ taken: ['0.0.0.0:4001'], root: false })
  await expect(io.sockets.listenTcp(request)).rejects.toMatchObject({
    name: 'LocalFault',
    code,
    about: 'bind',
  })
})

it('chooses a port where 0 is asked for, and lets two listen on one', async () => {
  const { sockets } = world({})
  const first = await sockets.listenTcp({ ...ANY4, port: 0 })
  const second = await sockets.listenTcp({ ...ANY4, port: 0 })
  expect(first.local.port).toBeGreaterThan(1023)
  expect(second.local.port).not.toBe(first.local.port)
  await expect(sockets.listenTcp({ ...ANY4, port: first.local.port })).resolves.toBeDefined()
})

const udp = (port: number) => ({ address: '10.0.0.2', family: 4, port }) as const

it('gives datagrams back from an echo, one for each read, cut to what is asked for', async () => {
  const io = world({ datagrams: { '10.0.0.2:7': { does: 'echo' } } })
  const socket = await io.sockets.connectUdp(udp(7))
  await socket.write(octets('one'))
  await socket.write(octets('two'))
  await socket.write(new Uint8Array(0))
  expect(text(await socket.read(2))).toBe('on')
  expect(text(await socket.read(100))).toBe('two')
  expect(await socket.read(100)).toHaveLength(0)
  expect(io.datagrams.map(({ octets }) => text(octets))).toEqual(['one', 'two', ''])
})

it('is broken by the refusal of a closed port, and tells of the ICMP error where that was asked for', async () => {
  for (const [errors, icmp] of [
    [true, { type: 3, code: 3, from: '10.0.0.2' }],
    [false, undefined],
  ] as const) {
    const socket = await world({}).sockets.connectUdp({ ...udp(9), errors })
    await socket.write(octets('X'))
    await expect(socket.read(10)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await socket.broken).toBe('ECONNREFUSED')
    await expect(socket.write(octets('Y'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(socket.takeIcmp()).toEqual(icmp)
    expect(socket.takeIcmp()).toBeUndefined()
  }
})

it('still gives a datagram that came before a refusal', async () => {
  const io = world({ arrivals: [{ afterMs: 1, from: '10.0.0.2:9', to: '10.0.0.1:35001', octets: 'before' }] })
  const socket = await io.sockets.connectUdp(udp(9))
  await io.clock.sleep(5)
  await socket.write(octets('X'))
  await io.clock.sleep(5)
  expect(text(await socket.read(10))).toBe('before')
})

it.each([
  ['10.0.0.2', 3, 13, false],
  ['10.0.0.2', 3, 1, false],
  ['10.0.0.2', 3, 3, true],
  ['fd00::2', 1, 1, false],
  ['fd00::2', 1, 4, true],
] as const)(
  'takes ICMP from %s, type %i, code %i, as a refusal: %s',
  async (address, type, code, refused) => {
    const name = address.includes(':') ? `[${address}]:8` : `${address}:8`
    const io = world({ datagrams: { [name]: { does: 'icmp', type, code, from: address } } })
    const family = address.includes(':') ? 6 : 4
    const socket = await io.sockets.connectUdp({ address, family, port: 8, errors: true })
    await socket.write(octets('X'))
    expect(await io.runUntilIdle(socket.read(10).catch(({ code }) => code))).toBe(
      refused ? 'ECONNREFUSED' : 'still running',
    )
    expect(socket.takeIcmp()).toMatchObject({ type, code })
  },
)

it('hears nothing where datagrams are dropped, and waits without end', async () => {
  const io = world({ datagrams: { '10.0.0.2:137': { does: 'drop' } } })
  const socket = await io.sockets.connectUdp(udp(137))
  await socket.write(octets('X'))
  expect(await io.runUntilIdle(socket.read(10))).toBe('still running')
})

it('logs datagrams with the seconds since the first, long ones by their size', async () => {
  const io = world({ datagrams: { '10.0.0.2:5353': { does: 'log' } } })
  const socket = await io.sockets.connectUdp(udp(5353))
  await io.clock.sleep(2000)
  await socket.write(octets('X'))
  await io.clock.sleep(1000)
  await socket.write(new Uint8Array(16_384))
  await io.runUntilIdle(never)
  expect(io.peerLog('10.0.0.2:5353')).toBe(" 0.0 got 'X'\n 1.0 got 16384 bytes\n")
})

it('says who sent a datagram, and hears only that one once connected', async () => {
  const arrival = { to: '127.0.0.1:4000', octets: 'x' }
  const io = world({
    arrivals: [
      { ...arrival, afterMs: 5, from: '127.0.0.1:50000', octets: 'one' },
      { ...arrival, afterMs: 5, from: '127.0.0.1:50001', octets: 'stranger' },
      { ...arrival, afterMs: 9, from: '127.0.0.1:50001', octets: 'stranger' },
      { ...arrival, afterMs: 20, from: '127.0.0.1:50000', octets: 'two' },
    ],
  })
  const socket = await io.sockets.bindUdp({ ...ANY4, port: 4000 })
  const peer = await socket.sender()
  expect(peer).toEqual({ address: '127.0.0.1', port: 50_000 })
  await socket.connect(peer)
  expect(socket.remote).toEqual(peer)
  expect(text(await socket.read(10))).toBe('one')
  await socket.write(octets('pong'))
  expect(text(await socket.read(10))).toBe('two')
  await io.runUntilIdle(never)
  expect(io.peerLog('127.0.0.1:50000')).toBe(" 0.0 got 'pong'\n")
})

it('gives up waiting for a sender when told to, and ends reads when closed', async () => {
  const io = world({})
  const socket = await io.sockets.bindUdp({ ...ANY4, port: 4000 })
  const control = new AbortController()
  const waiting = expect(socket.sender(control.signal)).rejects.toBe('enough')
  control.abort('enough')
  await waiting
  const reading = socket.read(10)
  socket.close('fin')
  expect(await reading).toBeUndefined()
  await expect(io.sockets.bindUdp({ ...ANY4, port: 4000 })).resolves.toBeDefined()
})

it('takes UNIX connections both ways, also by abstract names', async () => {
  for (const path of ['/run/u.sock', '@hnc']) {
    const io = world({ clients: [{ afterMs: 3, to: path, script: steps("send:'hello' drain") }] })
    const listener = await io.sockets.listenUnix(path)
    const stream = await listener.accept()
    expect(stream.local).toEqual({ address: path, port: 0 })
    expect(text(await stream.read(10))).toBe('hello')
    const [near, far] = await Promise.all([io.sockets.connectUnix(path), listener.accept()])
    await near.write(octets('hi'))
    expect(text(await far.read(10))).toBe('hi')
  }
})

it.each([
  ['', 'EINVAL'],
  [`/tmp/${'a'.repeat(120)}`, 'ENAMETOOLONG'],
  ['/tmp/none.sock', 'ENOENT'],
  ['/tmp/stale.sock', 'ECONNREFUSED'],
  ['/etc/passwd', 'ECONNREFUSED'],
  ['@none', 'ECONNREFUSED'],
  ['/root/x.sock', 'EACCES'],
])('does not connect to the UNIX socket %j: %s', async (path, code) => {
  const io = world({
    unix: { '/tmp/stale.sock': { does: 'refuse' }, '/root/x.sock': { does: 'fault', code: 'EACCES' } },
    files: { '/etc/passwd': 'root' },
  })
  await expect(io.sockets.connectUnix(path)).rejects.toMatchObject({ name: 'LocalFault', code })
})

it('leaves the socket file of a listener that has gone behind', async () => {
  const { sockets } = world({})
  const listener = await sockets.listenUnix('/run/u.sock')
  listener.close()
  await expect(sockets.connectUnix('/run/u.sock')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('carries UNIX datagrams between two sockets, and knows when nobody is there', async () => {
  const { sockets } = world({})
  const server = await sockets.bindUnixDatagram('/run/log')
  const { path } = await sockets.temporarySocketPath()
  const client = await sockets.bindUnixDatagram(path)
  await client.connect({ address: '/run/log', port: 0 })
  await client.write(octets('ping'))
  await server.connect(await server.sender())
  expect(text(await server.read(10))).toBe('ping')
  await server.write(octets('pong'))
  expect(text(await client.read(10))).toBe('pong')
  await expect(client.connect({ address: '/run/none', port: 0 })).rejects.toMatchObject({ code: 'ENOENT' })
})

const TLS: TlsSettings = { serverName: 'web', verify: true, alpn: ['h2'] }

async function connectTo(io: SimIo): Promise<ByteStream> {
  const request = { address: '10.0.0.2', family: 4, port: 443, close: 'fin', keep: 'bytes' } as const
  const { connection } = await io.net.connect(request).answer
  if (connection === undefined) throw new Error('not connected')
  return connection.bytes()
}

const web = (tls: World['tls']): SimIo =>
  world({
    ports: { '10.0.0.2:443': { does: 'accept', afterMs: 1, peer: { kind: 'echo' } } },
    ...(tls && { tls }),
  })

it('secures a stream where the world says that its peer speaks TLS', async () => {
  const io = web({ '10.0.0.2:443': { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', alpn: 'h2' } })
  const secure = await io.sockets.secure(await connectTo(io), 'client', TLS)
  expect(secure).toMatchObject({ protocol: 'TLSv1.3', alpn: 'h2', invalid: undefined })
  await secure.write(octets('hi'))
  expect(text(await secure.read(10))).toBe('hi')
})

it.each([
  ['speaks no TLS', undefined, 'WRONG_VERSION_NUMBER'],
  ['breaks the handshake off', { fails: 'SSLV3_ALERT_HANDSHAKE_FAILURE' }, 'SSLV3_ALERT_HANDSHAKE_FAILURE'],
  [
    'has an old certificate',
    { protocol: 'TLSv1.3', cipher: 'x', invalid: 'CERT_HAS_EXPIRED' },
    'CERT_HAS_EXPIRED',
  ],
])('closes the stream when its peer %s', async (_, script, code) => {
  const io = web(script && { '10.0.0.2:443': script })
  const stream = await connectTo(io)
  await expect(io.sockets.secure(stream, 'client', TLS)).rejects.toMatchObject({ name: 'StreamFault', code })
  expect(await stream.read(1)).toBeUndefined()
})
