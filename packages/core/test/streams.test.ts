import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLibc } from '../src/io/kernel/libc.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNodeNet } from '../src/io/node/node-net.ts'
import { createNodeSockets } from '../src/io/node/sockets.ts'
import type { ByteStream, Listener } from '../src/io/streams.ts'
import { LocalFault } from '../src/model/errors.ts'
import { describeByteStream, type StreamPair } from './stream-contract.ts'

const sockets = createNodeSockets(() => undefined)
const net = createNodeNet(nodeClock)
const LOOPBACK = { address: '127.0.0.1', family: 4 } as const

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streams-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const libc = loadLibc()
const kernelSockets = createNodeSockets(
  () => undefined,
  () => libc,
)

async function abstractPair(): Promise<StreamPair> {
  const name = `@portkit-${process.pid}-${Math.random()}`
  const listener = await kernelSockets.listenUnix(name)
  const near = await kernelSockets.connectUnix(name)
  const far = await listener.accept()
  return { near, far, end: () => listener.close() }
}

async function connectTo(listener: Listener): Promise<ByteStream> {
  const { port } = listener.local
  const { connection } = await net.connect({ ...LOOPBACK, port, close: 'fin', keep: 'bytes' }).answer
  if (connection === undefined) throw new Error('not connected')
  return connection.bytes()
}

async function tcpPair(): Promise<StreamPair> {
  const listener = await sockets.listenTcp({ ...LOOPBACK, port: 0 })
  const near = await connectTo(listener)
  const far = await listener.accept()
  return { near, far, end: () => listener.close() }
}

async function unixPair(): Promise<StreamPair> {
  const path = join(folder, 'pair')
  const listener = await sockets.listenUnix(path)
  const near = await sockets.connectUnix(path)
  const far = await listener.accept()
  return { near, far, end: () => listener.close() }
}

const turned = async (pair: Promise<StreamPair>): Promise<StreamPair> => {
  const { near, far, end } = await pair
  return { near: far, far: near, ...(end && { end }) }
}

describeByteStream('a TCP connection that was made', tcpPair, { resets: true })
describeByteStream('a TCP connection that was accepted', () => turned(tcpPair()), { resets: true })
describeByteStream('a UNIX connection that was made', unixPair, { resets: false })
describeByteStream('a UNIX connection that was accepted', () => turned(unixPair()), { resets: false })

if (libc !== undefined) describeByteStream('an abstract UNIX connection', abstractPair, { resets: false })

describe('a TCP listener', () => {
  it('knows both ends of what it accepts', async () => {
    const { near, far, end } = await tcpPair()
    expect(far.remote).toEqual(near.local)
    expect(far.local).toEqual(near.remote)
    near.close('rst')
    far.close('rst')
    end?.()
  })

  it('keeps what a client sends before anybody accepts it', async () => {
    const listener = await sockets.listenTcp({ ...LOOPBACK, port: 0 })
    const near = await connectTo(listener)
    await near.write(Buffer.from('early'))
    const far = await listener.accept()
    expect(Buffer.from((await far.read(10)) ?? []).toString()).toBe('early')
    near.close('rst')
    far.close('rst')
    listener.close()
  })

  it('resets those whom nobody accepted when it is closed', async () => {
    const listener = await sockets.listenTcp({ ...LOOPBACK, port: 0 })
    const near = await connectTo(listener)
    // Accepted in order: the second one is in when the first one is.
    const second = await connectTo(listener)
    const far = await listener.accept()
    listener.close()
    listener.close()
    expect(await second.broken).toBe('ECONNRESET')
    near.close('rst')
    far.close('rst')
  })

  it('stops waiting with the reason of the signal', async () => {
    const listener = await sockets.listenTcp({ ...LOOPBACK, port: 0 })
    const control = new AbortController()
    const waiting = expect(listener.accept(control.signal)).rejects.toBe('enough')
    control.abort('enough')
    await waiting
    await expect(listener.accept(control.signal)).rejects.toBe('enough')
    listener.close()
  })

  it('says that the address is at fault when the port is taken', async () => {
    const listener = await sockets.listenTcp({ ...LOOPBACK, port: 0 })
    const again = sockets.listenTcp({ ...LOOPBACK, port: listener.local.port })
    await expect(again).rejects.toMatchObject({ name: 'LocalFault', code: 'EADDRINUSE', about: 'source' })
    listener.close()
  })

  it.each(['ttl', 'minTtl', 'tos', 'receiveBuffer', 'sendBuffer', 'debug', 'md5Key'] as const)(
    'refuses %s, which Node cannot set, here and for connections',
    async (about) => {
      const wanted = { ...LOOPBACK, port: 1, [about]: about === 'md5Key' ? 'key' : 1 }
      const fault = { name: 'LocalFault', code: 'ENOTSUP', about }
      await expect(sockets.listenTcp(wanted)).rejects.toMatchObject(fault)
      expect(() => net.connect({ ...wanted, close: 'fin' })).toThrow(expect.objectContaining(fault))
    },
  )
})

describe('UNIX sockets', () => {
  it('replace what is at the path and leave the socket behind', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'in the way')
    const listener = await sockets.listenUnix(path)
    listener.close()
    expect(statSync(path).isSocket()).toBe(true)
    await expect(sockets.connectUnix(path)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it.runIf(process.platform === 'linux')('may have abstract names, which leave no file', async () => {
    const name = `@portkit-${process.pid}-${Math.random()}`
    const listener = await sockets.listenUnix(name)
    const near = await sockets.connectUnix(name)
    const far = await listener.accept()
    expect(near.remote).toEqual({ address: name, port: 0 })
    await near.write(Buffer.from('x'))
    expect((await far.read(9))?.length).toBe(1)
    near.close('fin')
    far.close('fin')
    listener.close()
    await expect(sockets.connectUnix(name)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it.runIf(libc !== undefined)('have abstract names of exactly so many octets (unix(7))', async () => {
    const name = `@portkit-${process.pid}-${Math.random()}`
    const listener = await kernelSockets.listenUnix(name)
    expect(readFileSync('/proc/net/unix', 'utf8')).toContain(`${name}\n`)
    await expect(kernelSockets.listenUnix(name)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    listener.close()
    await expect(kernelSockets.connectUnix(name)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(kernelSockets.connectUnix(`@${'x'.repeat(108)}`)).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
    })
  })

  it.each([
    ['ENOENT', 'nowhere'],
    ['ENAMETOOLONG', 'x'.repeat(120)],
    ['EINVAL', 'a\0b'],
  ])('say %s as the system does', async (code, name) => {
    const rejected = await sockets.connectUnix(join(folder, name)).catch((error: unknown) => error)
    expect(rejected).toBeInstanceOf(LocalFault)
    expect(rejected).toMatchObject({ code })
  })

  it.each([
    ['ENOENT', 'where there is no folder', () => join(folder, 'no', 'where')],
    ['ENOTDIR', 'below a file', () => join(import.meta.filename, 'socket')],
    ['EINVAL', 'at no path', () => ''],
  ])('cannot listen: %s %s', async (code, _, path) => {
    const rejected = { name: 'LocalFault', code }
    await expect(sockets.listenUnix(path())).rejects.toMatchObject(rejected)
    await expect(sockets.connectUnix(path())).rejects.toMatchObject(rejected)
  })

  it.runIf(process.platform === 'linux')('cannot listen in a folder that takes no files', async () => {
    await expect(sockets.listenUnix('/proc/socket')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('take a name for a path, though it reads as a number', async () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      const listener = await sockets.listenUnix('80')
      const near = await sockets.connectUnix('80')
      expect(near.remote.address).toBe('80')
      near.close('fin')
      listener.close()
      expect(statSync('80').isSocket()).toBe(true)
    } finally {
      process.chdir(before)
    }
  })

  it('need koffi for datagrams', async () => {
    await expect(sockets.bindUnixDatagram(join(folder, 'd'))).rejects.toMatchObject({
      code: 'ENOTSUP',
      about: 'unixDatagrams',
    })
  })

  it('get a private path for a moment', async () => {
    const { path, remove } = await sockets.temporarySocketPath()
    expect(path).toMatch(/^\/tmp\/nc-\w{6}\/recv\.sock$/)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    remove()
    expect(() => statSync(join(path, '..'))).toThrow('ENOENT')
  })
})
