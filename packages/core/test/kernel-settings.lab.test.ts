import { spawn, spawnSync } from 'node:child_process'
import { connect, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectFact, ConnectRequest, Net } from '../src/io/io.ts'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { createKernelSockets, type KernelSockets } from '../src/io/kernel/kernel-sockets.ts'
import { OPTION } from '../src/io/kernel/layout.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { createSocketOptions } from '../src/io/kernel/socket-options.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'

const libc = loadLibc()
const lacks = [
  ...(libc === undefined ? ['64-bit Linux and koffi'] : []),
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...['tcpdump', 'nc.openbsd', 'strace'].filter((tool) => spawnSync('which', [tool]).status !== 0),
]
const title = (what: string): string =>
  lacks.length === 0 ? what : `${what} (skipped: needs ${lacks.join(', ')})`

const clean: (() => void)[] = []
afterEach(() => {
  for (const end of clean.splice(0)) end()
})

/** Packets on loopback as tcpdump tells them, each with its lines joined. */
async function watch(filter: string) {
  const dump = spawn('tcpdump', ['-i', 'lo', '-n', '-v', '-l', '--immediate-mode', filter])
  clean.push(() => dump.kill())
  let seen = ''
  let look: () => void = () => {}
  dump.stdout.setEncoding('utf8').on('data', (some: string) => {
    seen += some.replace(/\n\s+/g, ' ')
    look()
  })
  await new Promise<void>((resolve) => {
    dump.stderr.setEncoding('utf8').on('data', (some: string) => some.includes('listening on') && resolve())
  })
  return (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      look = () => {
        const found = pattern.exec(seen)
        if (found !== null) resolve(found[0])
      }
      look()
    })
}

describe.skipIf(lacks.length > 0)(title('settings of connecting sockets'), () => {
  let net: Net
  let server: Server
  let port = 0
  beforeAll(async () => {
    net = createKernelNet(libc as Libc, nodeClock)
    server = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((resolve) => server.listen(0, '::', resolve))
    port = (server.address() as { port: number }).port
  })
  afterAll(() => server?.close())
  const fact = async (more: Partial<ConnectRequest>): Promise<ConnectFact> => {
    const request = { address: '127.0.0.1', family: 4, port, close: 'fin', ...more } as const
    return (await net.connect(request).answer).fact
  }
  const six = { address: '::1', family: 6 } as const

  it.each([
    ['ttl', { ttl: 33 }, /ttl 33.*Flags \[S\]/],
    ['tos', { tos: 184 }, /tos 0xb8.*Flags \[S\]/],
    ['hop limit', { ...six, ttl: 33 }, /hlim 33.*Flags \[S\]/],
    ['traffic class', { ...six, tos: 224 }, /class 0xe0.*Flags \[S\]/],
    ['receive buffer', { receiveBuffer: 4096 }, /Flags \[S\].* win \d{4},/],
  ] as const)('shows the %s on the very first packet', async (_, settings, pattern) => {
    const seen = await watch(`tcp and dst port ${port}`)
    expect(await fact(settings)).toMatchObject({ kind: 'handshake' })
    expect(await seen(pattern)).toMatch(pattern)
  })

  it.each([
    ['127.0.0.1', 4],
    ['::1', 6],
  ] as const)('takes no notice of answers with less than the minimum TTL (%s)', async (address, family) => {
    // Loopback answers come with 64 hops.
    expect(await fact({ address, family, minTtl: 64 })).toMatchObject({ kind: 'handshake' })
    const attempt = net.connect({ address, family, port, close: 'rst', minTtl: 65 })
    const silence = nodeClock.sleep(300).then(() => 'silence')
    expect(await Promise.race([attempt.answer, silence])).toBe('silence')
    attempt.abandon()
  })

  it('holds the sizes of both buffers', async () => {
    const options = createSocketOptions(libc as Libc)
    const request = { address: '127.0.0.1', family: 4, port, close: 'rst', keep: 'bytes' } as const
    const { connection } = await net.connect({ ...request, receiveBuffer: 8192, sendBuffer: 16384 }).answer
    clean.push(() => connection?.close())
    const size = (option: typeof OPTION.receiveBuffer | typeof OPTION.sendBuffer) =>
      options.get(connection?.descriptor ?? -1, option, 4)?.getInt32(0, true)
    // Linux doubles what it is asked for (socket(7)).
    expect([size(OPTION.receiveBuffer), size(OPTION.sendBuffer)]).toEqual([16384, 32768])
  })

  it('names the setting that cannot be made, and the source that is not ours', async () => {
    const taken = await net.connect({ address: '127.0.0.1', family: 4, port, close: 'rst', keep: 'bytes' })
      .answer
    clean.push(() => taken.connection?.close())
    expect(() => net.connect({ address: '127.0.0.1', family: 4, port, close: 'rst', ttl: 256 })).toThrow(
      expect.objectContaining({ name: 'LocalFault', code: 'EINVAL', about: 'ttl' }),
    )
    const source = { sourceAddress: '192.0.2.1' }
    expect(() => net.connect({ address: '127.0.0.1', family: 4, port, close: 'rst', ...source })).toThrow(
      expect.objectContaining({ name: 'LocalFault', code: 'EADDRNOTAVAIL', about: 'source' }),
    )
  })

  it('takes a source port in TIME_WAIT only when it may', async () => {
    // Below the ports that the system gives to everybody's connections (ip_local_port_range).
    const sourcePort = 20_000 + Math.floor(Math.random() * 10_000)
    // FIN from our side first, so that TIME_WAIT is ours.
    const gone = new Promise((resolve) => server.once('connection', (peer) => peer.once('close', resolve)))
    expect(await fact({ sourcePort })).toMatchObject({ kind: 'handshake', local: { port: sourcePort } })
    await gone
    const request = { address: '127.0.0.1', family: 4, port: 1, close: 'rst', sourcePort } as const
    expect(() => net.connect({ ...request, exclusiveSource: true })).toThrow(
      expect.objectContaining({ code: 'EADDRINUSE', about: 'source' }),
    )
    expect((await net.connect(request).answer).fact).toMatchObject({ kind: 'refused' })
  })
})

describe.skipIf(lacks.length > 0)(title('settings of listeners'), () => {
  let net: Net
  let sockets: KernelSockets
  beforeAll(() => {
    net = createKernelNet(libc as Libc, nodeClock)
    sockets = createKernelSockets(libc as Libc)
  })

  it.each([
    ['127.0.0.1', '127.0.0.1', 4],
    ['::', '::1', 6],
    ['::', '127.0.0.1', 4],
  ] as const)('signs with MD5: a listener at %s hears %s with its key only', async (at, address, family) => {
    const md5Key = 'secret'
    const bound = at === '::' ? 6 : 4
    const listener = await sockets.listenTcp({ address: at, family: bound, port: 0, md5Key })
    clean.push(() => listener.close())
    const { port } = listener.local
    const seen = await watch(`tcp and port ${port}`)
    const request = { address, family, port, close: 'rst' } as const
    expect((await net.connect({ ...request, md5Key }).answer).fact).toMatchObject({ kind: 'handshake' })
    expect(await seen(/Flags \[S\.\].*md5/)).toContain('md5')
    for (const wrong of ['Secret', undefined]) {
      const attempt = net.connect({ ...request, md5Key: wrong })
      const silence = nodeClock.sleep(200).then(() => 'silence')
      expect(await Promise.race([attempt.answer, silence])).toBe('silence')
      attempt.abandon()
    }
  })

  it('shares a port with the real nc, whichever of them comes first', async () => {
    const ours = await sockets.listenTcp({ address: '127.0.0.1', family: 4, port: 0 })
    const { port } = ours.local
    const nc = spawn('nc.openbsd', ['-lvkn', '127.0.0.1', String(port)])
    clean.push(() => nc.kill())
    const said = await new Promise((resolve) => nc.stderr.setEncoding('utf8').once('data', resolve))
    expect(said).toBe(`Listening on 127.0.0.1 ${port}\n`)
    ours.close()
    const again = await sockets.listenTcp({ address: '127.0.0.1', family: 4, port })
    clean.push(() => again.close())
    // The kernel shares connections out among both.
    const accepted = again.accept()
    const clients = Array.from({ length: 32 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    clean.push(() => {
      for (const client of clients) client.destroy()
    })
    const stream = await accepted
    clean.push(() => stream.close('rst'))
    expect(stream.local).toEqual(again.local)
  })

  it('makes the settings that the real nc makes, in its order, before bind', async () => {
    const flags = ['-M', '33', '-m', '5', '-T', 'ef', '-I', '8192', '-O', '16384', '-D', '-b', '-n']
    const strace = ['-e', 'trace=setsockopt,bind,listen', 'timeout', '2', 'nc.openbsd']
    const traced = spawnSync('strace', ['-f', ...strace, '-l', ...flags, '127.0.0.1', '0'], {
      encoding: 'utf8',
    })
    const theirs = [...traced.stderr.matchAll(/(setsockopt|bind|listen)\(3, (?:SOL_\w+, (\w+), \[(\d+)\])?/g)]
    const ours: string[] = []
    const numbers = new Map(
      Object.entries(OPTION).map(([name, { level, name: n }]) => [`${level} ${n}`, name]),
    )
    const traceable = libc as Libc
    const memory: { view: DataView } = { view: new DataView(new ArrayBuffer(0)) }
    const recording: Libc = {
      ...traceable,
      allocate: (octets) => {
        const made = traceable.allocate(octets)
        if (octets === 224) memory.view = made.view
        return made
      },
      setsockopt: (fd, level, name, value, length) => {
        ours.push(`${numbers.get(`${level} ${name}`)} ${memory.view.getInt32(0, true)}`)
        return traceable.setsockopt(fd, level, name, value, length)
      },
      bind: (...args) => {
        ours.push('bind')
        return traceable.bind(...args)
      },
      listen: (fd, backlog) => {
        ours.push('listen')
        return traceable.listen(fd, backlog)
      },
    }
    const settings = { ttl: 33, minTtl: 5, tos: 184, receiveBuffer: 8192, sendBuffer: 16384 }
    const request = {
      address: '127.0.0.1',
      family: 4,
      port: 0,
      ...settings,
      debug: true,
      broadcast: true,
    } as const
    const listener = await createKernelSockets(recording).listenTcp(request)
    listener.close()
    const called: Readonly<Record<string, string>> = {
      SO_REUSEADDR: 'reuseAddress',
      SO_REUSEPORT: 'reusePort',
      SO_BROADCAST: 'broadcast',
      SO_DEBUG: 'debug',
      IP_TOS: 'tos',
      SO_RCVBUF: 'receiveBuffer',
      SO_SNDBUF: 'sendBuffer',
      IP_TTL: 'ttl',
      IP_MINTTL: 'minTtl',
    }
    const wanted = theirs.map(([, call, name, value]) => (name ? `${called[name]} ${value}` : call))
    expect(wanted.length).toBeGreaterThan(10)
    expect(ours).toEqual(wanted)
  })
})
