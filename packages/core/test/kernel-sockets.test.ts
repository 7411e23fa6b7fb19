import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { createKernelSockets, type KernelSockets } from '../src/io/kernel/kernel-sockets.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import type { DatagramSocket, Listener } from '../src/io/streams.ts'

const libc = loadLibc()
const missing = libc === undefined ? ' (skipped: needs 64-bit Linux and koffi)' : ''
const open: { close(how: 'fin'): void }[] = []
const kept = <T extends { close(how: 'fin'): void }>(one: T): T => {
  open.push(one)
  return one
}
let sockets: KernelSockets
let folder = ''
beforeAll(() => {
  if (libc !== undefined) sockets = createKernelSockets(libc)
  folder = mkdtempSync(join(tmpdir(), 'portkit-kernel-'))
})
afterEach(() => {
  for (const one of open.splice(0)) one.close('fin')
})
afterAll(() => rmSync(folder, { recursive: true }))

const RECEIVER = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
print('ready')
c, _ = s.accept()
message, fds, _, _ = socket.recv_fds(c, 10, 1)
print(message, os.read(fds[0], 100))
`
const text = (octets: Uint8Array | undefined): string | undefined => octets && Buffer.from(octets).toString()
const octets = (some: string): Uint8Array => Buffer.from(some)
const loopback = { address: '127.0.0.1', family: 4, port: 0 } as const

describe.skipIf(libc === undefined)(`listening by system calls${missing}`, () => {
  const client = async (listener: Listener, host = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ host, port: listener.local.port, allowHalfOpen: true }).on('error', () => {})
    await new Promise((resolve) => socket.once('connect', resolve))
    return socket
  }

  it('takes a connection when asked, tells both ends, and relays both ways', async () => {
    const listener = kept(await sockets.listenTcp(loopback))
    expect(listener.local).toMatchObject({ address: '127.0.0.1' })
    const peer = await client(listener)
    peer.end('hello')
    const stream = kept(await listener.accept())
    expect(stream.remote).toEqual({ address: '127.0.0.1', port: peer.localPort })
    expect(stream.local).toEqual(listener.local)
    expect(text(await stream.read(100))).toBe('hello')
    expect(await stream.read(100)).toBeUndefined()
    await stream.write(octets('answer'))
    stream.endWrite()
    const chunks: Buffer[] = []
    for await (const chunk of peer) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('answer')
  })

  it('waits for a client that comes later', async () => {
    const listener = kept(await sockets.listenTcp(loopback))
    const accepted = listener.accept()
    const peer = await client(listener)
    expect(kept(await accepted).remote.port).toBe(peer.localPort)
    peer.destroy()
  })

  it('shows IPv4 clients of an IPv6 socket as mapped addresses', async () => {
    const listener = kept(await sockets.listenTcp({ address: '::', family: 6, port: 0 }))
    const peer = await client(listener)
    expect(kept(await listener.accept()).remote.address).toBe('::ffff:127.0.0.1')
    peer.destroy()
  })

  it('meets a connection that was kept as octets, which closes once', async () => {
    const listener = kept(await sockets.listenTcp(loopback))
    const net = createKernelNet(libc as Libc, nodeClock)
    const request = { ...loopback, port: listener.local.port, close: 'fin', keep: 'bytes' } as const
    const { fact, connection } = await net.connect(request).answer
    const stream = kept(await listener.accept())
    expect(connection?.descriptor).toBeGreaterThan(2)
    const bytes = connection?.bytes()
    expect(connection?.bytes()).toBe(bytes)
    expect(bytes).toMatchObject({ local: stream.remote, remote: stream.local })
    expect(fact).toMatchObject({ kind: 'handshake', local: stream.remote })
    await bytes?.write(octets('ping'))
    expect(text(await stream.read(10))).toBe('ping')
    await stream.write(octets('pong'))
    expect(text(await bytes?.read(10))).toBe('pong')
    connection?.close()
    connection?.close()
    expect(await stream.read(10)).toBeUndefined()
  })

  it('lets two listen on one port', async () => {
    const first = kept(await sockets.listenTcp(loopback))
    const second = kept(await sockets.listenTcp({ ...loopback, port: first.local.port }))
    expect(second.local).toEqual(first.local)
  })

  it('gives up waiting with the signal’s reason, and can wait again', async () => {
    const listener = kept(await sockets.listenTcp(loopback))
    const abort = new AbortController()
    const accepted = listener.accept(abort.signal)
    abort.abort('enough')
    await expect(accepted).rejects.toBe('enough')
    await expect(listener.accept(AbortSignal.abort('before'))).rejects.toBe('before')
    const peer = await client(listener)
    kept(await listener.accept())
    peer.destroy()
  })

  it('ends a wait when it is closed, and closes twice without harm', async () => {
    const listener = await sockets.listenTcp(loopback)
    const accepted = listener.accept()
    listener.close()
    listener.close()
    await expect(accepted).rejects.toMatchObject({ name: 'LocalFault', code: 'EBADF' })
  })

  it.each([
    [{ address: '192.0.2.1' }, 'EADDRNOTAVAIL', 'bind'],
    [{ ttl: 999 }, 'EINVAL', 'ttl'],
    [{ minTtl: 999 }, 'EINVAL', 'minTtl'],
    [{ md5Key: '' }, 'ENOENT', 'md5Key'],
    [{ md5Key: 'k'.repeat(81) }, 'EINVAL', 'md5Key'],
  ])('refuses %j with %s about %s', async (more, code, about) => {
    const listening = sockets.listenTcp({ ...loopback, ...more })
    await expect(listening).rejects.toMatchObject({ name: 'LocalFault', code, about })
  })
})

/** A client: bound to `source`, connected to `path`. */
async function connectDatagrams(path: string, source: string): Promise<DatagramSocket> {
  const socket = kept(await sockets.bindUnixDatagram(source))
  await socket.connect({ address: path, port: 0 })
  return socket
}

describe.skipIf(libc === undefined)(`UNIX datagrams by system calls${missing}`, () => {
  it('sends to a path and is answered, each read one datagram', async () => {
    const path = join(folder, 'server')
    const server = kept(await sockets.bindUnixDatagram(path))
    const client = kept(await connectDatagrams(path, join(folder, 'client')))
    const sender = server.sender()
    await client.write(octets('one'))
    await client.write(octets('two'))
    expect(await sender).toEqual({ address: join(folder, 'client'), port: 0 })
    await server.connect(await sender)
    expect(text(await server.read(2))).toBe('on')
    expect(text(await server.read(100))).toBe('two')
    await server.write(octets('answer'))
    expect(text(await client.read(100))).toBe('answer')
  })

  it('knows abstract names', async () => {
    const name = `@portkit-test-${process.pid}`
    const server = kept(await sockets.bindUnixDatagram(name))
    const client = kept(await connectDatagrams(name, `${name}-client`))
    await client.write(octets(''))
    expect(await server.sender()).toEqual({ address: `${name}-client`, port: 0 })
    expect(await server.read(10)).toHaveLength(0)
  })

  it('removes what is at its path first, as nc does', async () => {
    const path = join(folder, 'twice')
    const first = kept(await sockets.bindUnixDatagram(path))
    kept(await sockets.bindUnixDatagram(path))
    const client = kept(await connectDatagrams(path, join(folder, 'twice-client')))
    await client.write(octets('to the second'))
    const nothing = first.sender(AbortSignal.timeout(20))
    await expect(nothing).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('waits until a slow reader has room, and loses nothing', async () => {
    const path = join(folder, 'slow')
    const server = kept(await sockets.bindUnixDatagram(path))
    const client = kept(await connectDatagrams(path, join(folder, 'slow-client')))
    const count = 2000
    const writing = (async () => {
      for (let i = 0; i < count; i++) await client.write(octets(String(i)))
    })()
    for (let i = 0; i < count; i++) expect(text(await server.read(100))).toBe(String(i))
    await writing
  })

  it('tells a sender without a name by an empty address, to which nobody can connect', async () => {
    const path = join(folder, 'unnamed')
    const server = kept(await sockets.bindUnixDatagram(path))
    const script = `import socket;socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM).sendto(b'hi',${JSON.stringify(path)})`
    expect(spawnSync('python3', ['-c', script]).status).toBe(0)
    expect(await server.sender()).toEqual({ address: '', port: 0 })
    await expect(server.connect({ address: '', port: 0 })).rejects.toMatchObject({ code: 'EINVAL' })
    expect(text(await server.read(10))).toBe('hi')
  })

  it.each([
    ['nobody is there', () => join(folder, 'none'), () => join(folder, 'me'), 'ENOENT', 'connect'],
    ['a long path', () => join(folder, 'x'.repeat(108)), () => join(folder, 'me'), 'ENAMETOOLONG', 'connect'],
    ['an empty path', () => '', () => join(folder, 'me'), 'EINVAL', 'connect'],
    ['no folder', () => join(folder, 'none'), () => join(folder, 'no/me'), 'ENOENT', 'bind'],
    ['a NUL', () => join(folder, 'none'), () => 'a\0b', 'EINVAL', 'bind'],
  ])('refuses: %s', async (_, path, source, code, about) => {
    const connecting = connectDatagrams(path(), source())
    await expect(connecting).rejects.toMatchObject({ name: 'LocalFault', code, about })
  })

  it('ends a pending read when it is closed, and refuses to write from then on', async () => {
    const server = await sockets.bindUnixDatagram(join(folder, 'closing'))
    const reading = server.read(10)
    server.close('fin')
    server.close('fin')
    expect(await reading).toBeUndefined()
    expect(await server.read(10)).toBeUndefined()
    await expect(server.write(octets('x'))).rejects.toMatchObject({ name: 'StreamFault' })
  })
})

describe.skipIf(libc === undefined)(`UDP by system calls${missing}`, () => {
  it('meets its first sender and drops what others sent before', async () => {
    const server = kept(await sockets.bindUdp(loopback))
    const first = kept(await sockets.connectUdp({ ...loopback, port: server.local.port }))
    const other = kept(await sockets.connectUdp({ ...loopback, port: server.local.port }))
    await first.write(octets('one'))
    await other.write(octets('stranger'))
    await first.write(octets('two'))
    const sender = await server.sender()
    expect(sender).toEqual(first.local)
    await server.connect(sender)
    expect(text(await server.read(100))).toBe('one')
    expect(text(await server.read(100))).toBe('two')
    await server.write(octets('answer'))
    expect(text(await first.read(100))).toBe('answer')
  })

  it.each([
    ['127.0.0.1', 4, { family: 4, type: 3, code: 3 }],
    ['::1', 6, { family: 6, type: 1, code: 4 }],
  ] as const)(
    'hears a refusal while nobody reads, and has the ICMP error (%s)',
    async (address, family, icmp) => {
      const gone = await sockets.bindUdp({ address, family, port: 0 })
      gone.close('fin')
      const socket = kept(await sockets.connectUdp({ address, family, port: gone.local.port }))
      await socket.write(octets('X'))
      expect(await socket.broken).toBe('ECONNREFUSED')
      expect(socket.takeIcmp()).toEqual({ ...icmp, from: address })
      expect(socket.takeIcmp()).toBeUndefined()
      await expect(socket.read(10)).rejects.toMatchObject({ name: 'StreamFault', code: 'ECONNREFUSED' })
      await expect(socket.write(octets('X'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    },
  )

  it('refuses a source that is taken, and a broadcast that was not asked for', async () => {
    const taken = kept(await sockets.connectUdp({ ...loopback, port: 9, sourceAddress: '127.0.0.1' }))
    const source = { sourceAddress: '127.0.0.1', sourcePort: taken.local.port }
    const again = sockets.connectUdp({ ...loopback, port: 9, ...source })
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE', about: 'source' })
    const broadcast = { address: '255.255.255.255', family: 4, port: 9 } as const
    await expect(sockets.connectUdp(broadcast)).rejects.toMatchObject({ name: 'LocalFault' })
  })
})

describe.skipIf(libc === undefined)(`passing a descriptor${missing}`, () => {
  it('hands an open file over with one NUL octet', async () => {
    const path = join(folder, 'receiver')
    const file = join(folder, 'file')
    writeFileSync(file, 'what is in the file')
    const child = spawn('python3', ['-u', '-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const output: string[] = []
    child.stdout.setEncoding('utf8').on('data', (some: string) => output.push(some))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const socket = connect(path)
    await new Promise((resolve) => socket.once('connect', resolve))
    const descriptor = openSync(file, 'r')
    const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
    await sockets.passDescriptor(descriptor, fd)
    await new Promise((resolve) => child.once('close', resolve))
    closeSync(descriptor)
    socket.destroy()
    expect(output.join('')).toBe("ready\nb'\\x00' b'what is in the file'\n")
  })

  it('names the errno when the other end is no socket', async () => {
    await expect(sockets.passDescriptor(0, 999)).rejects.toMatchObject({
      name: 'LocalFault',
      code: 'EBADF',
      about: 'sendmsg',
    })
  })
})
