import { describe, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { loadRawSocket } from '../src/io/raw-socket/raw-socket-package.ts'
import { rawSocketPackets } from '../src/io/raw-socket/raw-socket-packets.ts'
import { synTo, tcpInterest } from './packet-kit.ts'
import { open, PAIR, PAIR6, played, SEND } from './raw-socket-kit.ts'

describe('the package raw-socket', () => {
  const failing = (code: string | undefined, message: string) => (): never => {
    throw Object.assign(new Error(message), { code })
  }

  it.each([
    [
      'is not installed',
      'MODULE_NOT_FOUND',
      "Cannot find module 'raw-socket'\nRequire stack:\n- /x.js",
      /is not installed$/,
    ],
    [
      'was not compiled',
      'MODULE_NOT_FOUND',
      "Cannot find module './build/Release/raw.node'\nRequire stack:\n- /x/raw-socket/index.js",
      /not compiled.*compiler.*npm rebuild raw-socket/,
    ],
    [
      'was compiled for another Node',
      'ERR_DLOPEN_FAILED',
      "The module '/x/raw.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115.",
      /another version of Node.*npm rebuild raw-socket/,
    ],
    [
      'is used by another thread',
      'ERR_DLOPEN_FAILED',
      'Module did not self-register: /x/raw.node',
      /one thread only/,
    ],
    [
      'is broken otherwise',
      'ERR_DLOPEN_FAILED',
      'libc.so.9: cannot open\nmore',
      /cannot be loaded: libc.so.9: cannot open$/,
    ],
  ])('says in its own words that it %s', (_, code, message, words) => {
    const loaded = loadRawSocket(failing(code, message))
    expect(loaded).toEqual({ kind: 'missing', why: expect.stringMatching(words) })
    expect(rawSocketPackets(nodeClock, () => loaded, 'linux')).toEqual(loaded)
  })

  it('is not tried where the system keeps TCP and UDP to itself', () => {
    const packets = rawSocketPackets(nodeClock, failing(undefined, 'tried'), 'darwin')
    expect(packets).toEqual({ kind: 'missing', why: expect.stringContaining('Linux') })
  })
})

describe('sockets of raw-socket', () => {
  it('are one for each protocol and family, and one each for sending that hears nothing', async () => {
    const { raw, sockets, socketOf } = played()
    const channel = await open(raw, {
      interests: [tcpInterest(1, 2), { protocol: 'udp' }, { protocol: 'icmp' }],
    })
    expect(sockets.map(({ asked }) => `${asked.addressFamily} ${asked.protocol}`)).toEqual([
      ...['1 6', '1 17', '1 1', '2 6', '2 17', '2 58'],
      ...['1 255', '2 255'],
    ])
    expect(sockets.map(({ isDeaf }) => isDeaf)).toEqual([...Array(6).fill(false), true, true])
    // The IP header is ours.
    expect(socketOf(SEND).options).toEqual([[0, 3, [1, 0, 0, 0]]])
    channel.close()
    expect(sockets.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('are closed again when one of them cannot be opened, and the fault has a code', async () => {
    const { raw, sockets } = played(({ protocol }) => {
      if (protocol === SEND) throw new Error('Too many open files')
    })
    await expect(open(raw)).rejects.toMatchObject({ name: 'LocalFault', code: 'EMFILE' })
    expect(sockets.length).toBeGreaterThan(0)
    expect(sockets.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it.each([
    ['Operation not permitted', 'EPERM', /CAP_NET_RAW/],
    ['Address family not supported by protocol', 'EAFNOSUPPORT', /address family/],
    ['something new', 'something new', /raw socket/],
  ])('that fail with %s fail with %s', async (text, code, words) => {
    const { raw } = played(() => {
      throw new Error(text)
    })
    await expect(open(raw)).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
  })

  it('are bound to the interface by its name and a NUL, all of them', async () => {
    const { raw, sockets } = played()
    const channel = await open(raw, { interfaceName: 'eth0' })
    for (const { options } of sockets) expect(options).toContainEqual([1, 25, [...Buffer.from('eth0\0')]])
    channel.close()
    const other = played()
    await expect(open(other.raw, { interfaceName: 'x0' })).rejects.toMatchObject({ code: 'ENODEV' })
    expect(other.sockets.map(({ isClosed }) => isClosed)).toEqual([true])
  })

  it('take the largest receive buffer, or what everybody may have', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    expect(socketOf(6).options.map(([, option]) => option)).toEqual([33, 8])
    channel.close()
  })
})

describe('sending by raw-socket', () => {
  const syns = [0, 1, 2].map((i) => synTo(PAIR, 40_000 + i, 80))

  it('gives one packet after the other to the socket of its family', async () => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    const sending = channel.send([syns[0], synTo(PAIR6, 40_001, 80), syns[1]].filter((p) => p !== undefined))
    const [four, six] = [socketOf(SEND), socketOf(SEND, 2)]
    expect([four.sent.length, six.sent.length]).toEqual([1, 0])
    four.sent[0]?.after(null, 40)
    expect(six.sent.map(({ address }) => address)).toEqual(['fd00::2'])
    six.sent[0]?.after(null, 60)
    expect(four.sent.map(({ address }) => address)).toEqual(['10.0.0.2', '10.0.0.2'])
    four.sent[1]?.after(null, 40)
    expect(await sending).toEqual({ sent: 3, fault: undefined })
    channel.close()
  })

  it.each([
    ['No buffer space available', undefined],
    ['Resource temporarily unavailable', undefined],
    ['Operation not permitted', 'EPERM'],
    ['Message too long', 'EMSGSIZE'],
    ['Network unreachable', 'ENETUNREACH'],
  ])('that ends with "%s" after one packet tells the fault %s', async (text, code) => {
    const { raw, socketOf } = played()
    const channel = await open(raw)
    const sending = channel.send(syns)
    const { sent } = socketOf(SEND)
    sent[0]?.after(null, 40)
    sent[1]?.after(new Error(text), 0)
    const outcome = await sending
    expect([outcome.sent, outcome.fault?.code]).toEqual([1, code])
    expect(sent).toHaveLength(2)
    channel.close()
  })

  it.each([
    ['no packet', { ...synTo(PAIR, 1, 2), octets: new Uint8Array(60) }, 'EINVAL'],
    ['a header that is cut', { ...synTo(PAIR, 1, 2), length: 19 }, 'EINVAL'],
    ['an ARP message', { ...synTo(PAIR, 1, 2), hardwareDestination: new Uint8Array(6) }, 'ENOTSUP'],
    ['the other family', synTo(PAIR6, 1, 2), 'EAFNOSUPPORT'],
    [
      'a link that is not there',
      { ...synTo({ local: 'fe80::1', remote: 'fe80::2' }, 1, 2), interfaceIndex: 99_999 },
      'ENODEV',
    ],
  ])('refuses %s itself', async (what, packet, code) => {
    const { raw, sockets } = played()
    const channel = await open(raw, { families: what === 'the other family' ? [4] : [4, 6] })
    const { sent, fault } = await channel.send([packet])
    expect([sent, fault?.code]).toEqual([0, code])
    expect(sockets.flatMap((socket) => socket.sent)).toEqual([])
    channel.close()
  })

  it('ends what is under way when the channel is closed, and when the socket breaks', async () => {
    for (const how of ['close', 'break']) {
      const { raw, socketOf } = played()
      const channel = await open(raw)
      const sending = channel.send(syns)
      const [first] = socketOf(SEND).sent
      first?.after(null, 40)
      if (how === 'close') channel.close()
      else socketOf(SEND).emit('error', new Error('-9'))
      expect(await sending).toMatchObject({ sent: 1, fault: { code: 'EBADF' } })
      socketOf(SEND).sent[1]?.after(null, 40)
      expect(channel.fault()?.code).toBe(how === 'break' ? 'EBADF' : undefined)
      channel.close()
    }
  })
})
