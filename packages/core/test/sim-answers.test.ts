import { expect, it } from 'vitest'
import type { ByteStream } from '../src/io/streams.ts'
import { type PeerScript, type Question, type SimIo, simIo } from '../src/sim/sim.ts'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value)

const RULES = [
  ['QUIT', 'close'],
  [/^get (?:one|two)/gi, 'a number\n'],
  [Uint8Array.of(0xff, 0), Uint8Array.of(1, 2, 3)],
  [/\xfe$/, 'ends with an octet\n'],
  ['BOOM', 'reset'],
  ['GET', 'something else\n'],
] as const

async function connect(peer: PeerScript): Promise<ByteStream> {
  const io = simIo({ ports: { '10.0.0.2:70': { does: 'accept', afterMs: 1, peer } } })
  const request = { address: '10.0.0.2', family: 4, port: 70, close: 'fin', keep: 'bytes' } as const
  const { connection } = await io.net.connect(request).answer
  if (connection === undefined) throw new Error('not connected')
  return connection.bytes()
}

it('answers each piece by the first rule that fits, after a greeting', async () => {
  const stream = await connect({ kind: 'answers', greeting: 'hello\n', answers: RULES })
  const ask = async (question: Uint8Array) => {
    await stream.write(question)
    return stream.read(100)
  }
  expect(text(await stream.read(100))).toBe('hello\n')
  for (let i = 0; i < 3; i++) expect(text(await ask(octets('GET two')))).toBe('a number\n')
  expect(text(await ask(octets('GET three')))).toBe('something else\n')
  expect(await ask(Uint8Array.of(0xff, 0, 7))).toEqual(Uint8Array.of(1, 2, 3))
  expect(text(await ask(Uint8Array.of(0x31, 0xfe)))).toBe('ends with an octet\n')
  await stream.write(octets('what fits nothing'))
  expect(await ask(octets('QUIT'))).toBeUndefined()
})

it('resets where a rule says so', async () => {
  const stream = await connect({ kind: 'answers', answers: RULES })
  await stream.write(octets('BOOM'))
  await expect(stream.read(1)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

const datagrams = (answers: readonly (readonly [Question, string])[], fromPort?: number): SimIo =>
  simIo({
    ports: {},
    datagrams: { '10.0.0.2:69': { does: 'answers', answers, ...(fromPort !== undefined && { fromPort }) } },
  })

it('answers datagrams by what they ask, and others not at all', async () => {
  const io = datagrams([['ping', 'pong']])
  const socket = await io.sockets.connectUdp({ address: '10.0.0.2', family: 4, port: 69 })
  await socket.write(octets('other'))
  await socket.write(octets('ping 1'))
  expect(text(await socket.read(100))).toBe('pong')
  expect(await io.runUntilIdle(socket.read(100))).toBe('still running')
})

it('answers from another port, which only a socket that is not connected hears', async () => {
  const io = datagrams([['', 'data']], 40_069)
  const connected = await io.sockets.connectUdp({ address: '10.0.0.2', family: 4, port: 69 })
  await connected.write(octets('read'))
  const bound = await io.sockets.bindUdp({ address: '0.0.0.0', family: 4, port: 0 })
  await bound.sendTo(octets('read'), { address: '10.0.0.2', port: 69 })
  expect(await bound.sender()).toEqual({ address: '10.0.0.2', port: 40_069 })
  expect(text(await bound.read(100))).toBe('data')
  expect(await io.runUntilIdle(connected.read(100))).toBe('still running')
})
