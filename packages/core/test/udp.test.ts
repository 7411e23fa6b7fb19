import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../src/io/node/sockets.ts'
import type { DatagramSocket } from '../src/io/streams.ts'

const sockets = createNodeSockets(() => undefined)
const LOOPBACK = { address: '127.0.0.1', family: 4 } as const
const LOOPBACK6 = { address: '::1', family: 6 } as const

const opened: DatagramSocket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close('fin')
})

async function kept(socket: Promise<DatagramSocket>): Promise<DatagramSocket> {
  opened.push(await socket)
  return socket
}
const bound = (address = LOOPBACK) => kept(sockets.bindUdp({ ...address, port: 0 }))
const connectedTo = ({ local }: DatagramSocket) => kept(sockets.connectUdp({ ...LOOPBACK, port: local.port }))

/** A port of loopback where nobody is. */
async function closedPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

const text = (octets: Uint8Array | undefined) => octets && Buffer.from(octets).toString()

describe('UDP', () => {
  it('carries datagrams one by one, cut to what was asked for, empty ones too', async () => {
    const server = await bound()
    const client = await connectedTo(server)
    for (const word of ['first', '', 'third']) await client.write(Buffer.from(word))
    expect(text(await server.read(3))).toBe('fir')
    expect(text(await server.read(100))).toBe('')
    expect(text(await server.read(100))).toBe('third')
  })

  it('tells who sends without taking the datagram, and answers once it is connected', async () => {
    const server = await bound()
    const client = await connectedTo(server)
    await client.write(Buffer.from('hello'))
    const peer = await server.sender()
    expect(peer).toEqual(client.local)
    expect(await server.sender()).toEqual(peer)
    await server.connect(peer)
    expect(server.remote).toEqual(peer)
    expect(text(await server.read(100))).toBe('hello')
    await server.write(Buffer.from('back'))
    expect(text(await client.read(100))).toBe('back')
  })

  it('drops the datagrams of others once it is connected, also those that were waiting', async () => {
    const server = await bound()
    const [one, other] = [await connectedTo(server), await connectedTo(server)]
    await one.write(Buffer.from('one'))
    await server.sender()
    await other.write(Buffer.from('other'))
    await server.connect(one.local)
    await other.write(Buffer.from('other'))
    await one.write(Buffer.from('two'))
    expect(text(await server.read(100))).toBe('one')
    expect(text(await server.read(100))).toBe('two')
  })

  it('hears of a refusal in read, write and broken', async () => {
    const client = await kept(sockets.connectUdp({ ...LOOPBACK, port: await closedPort() }))
    const refused = { name: 'StreamFault', code: 'ECONNREFUSED' }
    const reading = expect(client.read(10)).rejects.toMatchObject(refused)
    await client.write(Buffer.from('X'))
    await reading
    expect(await client.broken).toBe('ECONNREFUSED')
    await expect(client.write(Buffer.from('X'))).rejects.toMatchObject(refused)
  })

  it('keeps what is waiting bounded', async () => {
    const server = await bound()
    const client = await connectedTo(server)
    for (let i = 0; i < 400; i++) await client.write(Buffer.from(String(i)))
    for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    const first = await server.read(10)
    let waiting = 1
    for (; waiting < 1000; waiting++) {
      const next = await Promise.race([server.read(10), new Promise((r) => setImmediate(() => r('none')))])
      if (next === 'none') break
    }
    expect(text(first)).toBe('0')
    expect(waiting).toBe(256)
  })

  it('stops waiting for a sender with the reason of the signal', async () => {
    const server = await bound()
    const control = new AbortController()
    const waiting = expect(server.sender(control.signal)).rejects.toBe('enough')
    control.abort('enough')
    await waiting
  })

  it('ends a pending read when it is closed, and may be closed twice', async () => {
    const server = await bound()
    const reading = server.read(10)
    server.close('fin')
    server.close('rst')
    expect(await reading).toBeUndefined()
    await expect(server.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'EBADF' })
    await expect(server.sender()).rejects.toMatchObject({ code: 'EBADF' })
  })

  it('sends nothing before it is connected, and nothing that is too long', async () => {
    const server = await bound()
    await expect(server.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'EDESTADDRREQ' })
    const client = await connectedTo(server)
    await expect(client.write(new Uint8Array(70_000))).rejects.toMatchObject({ code: 'EMSGSIZE' })
    await client.write(Buffer.from('still there'))
    expect(text(await server.read(100))).toBe('still there')
  })

  it('lets two wait at one port', async () => {
    const server = await bound()
    const again = await kept(sockets.bindUdp({ ...LOOPBACK, port: server.local.port }))
    expect(again.local).toEqual(server.local)
  })

  it('says that the source is at fault when it is taken or not ours', async () => {
    const server = await bound()
    const taken = sockets.connectUdp({
      ...LOOPBACK,
      port: 9,
      sourceAddress: '127.0.0.1',
      sourcePort: server.local.port,
    })
    await expect(taken).rejects.toMatchObject({ name: 'LocalFault', code: 'EADDRINUSE', about: 'source' })
    const foreign = sockets.bindUdp({ address: '192.0.2.1', family: 4, port: 0 })
    await expect(foreign).rejects.toMatchObject({
      name: 'LocalFault',
      code: 'EADDRNOTAVAIL',
      about: 'source',
    })
  })

  it.runIf(process.platform === 'linux')('sends to a broadcast address only where it is wanted', async () => {
    const request = { address: '127.255.255.255', family: 4, port: 9 } as const
    await expect(sockets.connectUdp(request)).rejects.toMatchObject({ name: 'LocalFault', code: 'EACCES' })
    const socket = await kept(sockets.connectUdp({ ...request, broadcast: true }))
    expect(socket.remote).toEqual({ address: request.address, port: 9 })
  })

  it('binds where it was told to', async () => {
    const server = await bound()
    const port = await closedPort()
    const client = await kept(
      sockets.connectUdp({
        ...LOOPBACK,
        port: server.local.port,
        sourceAddress: '127.0.0.1',
        sourcePort: port,
      }),
    )
    expect(client.local).toEqual({ address: '127.0.0.1', port })
    expect(client.remote).toEqual(server.local)
  })

  it('takes IPv4 at the IPv6 wildcard too', async () => {
    const server = await kept(sockets.bindUdp({ address: '::', family: 6, port: 0 }))
    const client = await connectedTo(server)
    await client.write(Buffer.from('mapped'))
    expect(await server.sender()).toEqual({ address: '::ffff:127.0.0.1', port: client.local.port })
    await server.connect(await server.sender())
    await server.write(Buffer.from('back'))
    expect(text(await client.read(100))).toBe('back')
  })

  it.each([LOOPBACK, LOOPBACK6])('sets what Node can set with %o', async (address) => {
    const settings = { ttl: 7, broadcast: true, receiveBuffer: 10_000, sendBuffer: 0 }
    const socket = await kept(sockets.connectUdp({ ...address, port: 9, ...settings }))
    expect(socket.remote).toEqual({ address: address.address, port: 9 })
  })

  it.each([
    ['ttl', 256, 'EINVAL'],
    ['tos', 8, 'ENOTSUP'],
    ['minTtl', 8, 'ENOTSUP'],
    ['debug', true, 'ENOTSUP'],
  ] as const)('says that %s cannot be %s', async (about, value, code) => {
    const wanted = sockets.connectUdp({ ...LOOPBACK, port: 9, [about]: value })
    await expect(wanted).rejects.toMatchObject({ name: 'LocalFault', code, about })
  })

  it('rejects a port that cannot be', async () => {
    await expect(sockets.connectUdp({ ...LOOPBACK, port: 0 })).rejects.toMatchObject({ name: 'LocalFault' })
  })
})
