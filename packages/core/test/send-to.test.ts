import { afterEach, describe, expect, it } from 'vitest'
import { createKernelSockets } from '../src/io/kernel/kernel-sockets.ts'
import { loadLibc } from '../src/io/kernel/libc.ts'
import { createNodeSockets } from '../src/io/node/sockets.ts'
import type { BindRequest, DatagramSocket } from '../src/io/streams.ts'
import { simIo } from '../src/sim/sim.ts'

const libc = loadLibc()

interface Datagrams {
  bindUdp(request: BindRequest): Promise<DatagramSocket>
}

const ways: [string, () => Datagrams, boolean][] = [
  ['node:dgram', () => createNodeSockets(() => undefined), true],
  ['system calls', () => createKernelSockets(libc as NonNullable<typeof libc>), libc !== undefined],
  ['the simulated world', () => simIo({ ports: {} }).sockets, true],
]

const octets = (text: string): Uint8Array => Buffer.from(text)
const text = (some: Uint8Array | undefined) => some && Buffer.from(some).toString()

const open: DatagramSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.close('fin')
})

describe.each(ways)('a datagram to an endpoint by %s', (_, create, available) => {
  let sockets: Datagrams | undefined
  const bound = async (address = '127.0.0.1'): Promise<DatagramSocket> => {
    sockets ??= create()
    const socket = await sockets.bindUdp({ address, family: address.includes(':') ? 6 : 4, port: 0 })
    open.push(socket)
    return socket
  }

  it.skipIf(!available).each(['127.0.0.1', '::1'])(
    'reaches it from %s, and the answer may come from elsewhere',
    async (address) => {
      const [client, server, other] = [await bound(address), await bound(address), await bound(address)]
      await client.sendTo(octets('question'), server.local)
      expect(await server.sender()).toEqual(client.local)
      expect(text(await server.read(100))).toBe('question')
      await other.sendTo(octets('answer'), client.local)
      expect(await client.sender()).toEqual(other.local)
      expect(text(await client.read(100))).toBe('answer')
      await client.sendTo(octets(''), other.local)
      expect(await other.read(100)).toHaveLength(0)
    },
  )

  it.skipIf(!available)('leaves a sender that is being asked for alone', async () => {
    const [client, server] = [await bound(), await bound()]
    const asked = server.sender()
    await client.sendTo(octets('x'), server.local)
    const sending = server.sendTo(octets('y'), client.local)
    expect(await asked).toEqual(client.local)
    expect(await server.sender()).toEqual(client.local)
    await sending
    expect(text(await client.read(10))).toBe('y')
  })

  it.skipIf(!available)('outlives an endpoint where nobody is', async () => {
    const [client, server, gone] = [await bound(), await bound(), await bound()]
    gone.close('fin')
    for (let i = 0; i < 5; i++) await client.sendTo(octets('x'), gone.local)
    await client.sendTo(octets('still there'), server.local)
    expect(text(await server.read(100))).toBe('still there')
  })

  it.skipIf(!available).each([
    ['too long', 70_000, { address: '127.0.0.1', port: 9 }, 'EMSGSIZE'],
    ['to port 0', 1, { address: '127.0.0.1', port: 0 }, 'EINVAL'],
    ['to the other family', 1, { address: '::1', port: 9 }, 'EINVAL'],
  ] as const)('fails with an error of the stream when it is %s', async (_, length, to, code) => {
    const client = await bound()
    const sent = client.sendTo(new Uint8Array(length), to)
    await expect(sent).rejects.toMatchObject({ name: 'StreamFault', code })
  })

  it.skipIf(!available)('from IPv6 never becomes one to an IPv4 address', async () => {
    const client = await bound('::1')
    const sent = client.sendTo(octets('x'), { address: '127.0.0.1', port: 9 })
    await expect(sent).rejects.toMatchObject({ name: 'StreamFault', code: 'EINVAL' })
  })

  it.skipIf(!available)('is refused by a socket that is connected or closed', async () => {
    const [client, server] = [await bound(), await bound()]
    await server.sendTo(octets('x'), client.local)
    await client.sender()
    await client.connect(server.local)
    const connected = client.sendTo(octets('x'), server.local)
    await expect(connected).rejects.toMatchObject({ name: 'StreamFault', code: 'EISCONN' })
    server.close('fin')
    const closed = server.sendTo(octets('x'), client.local)
    await expect(closed).rejects.toMatchObject({ name: 'StreamFault', code: 'EBADF' })
  })
})
