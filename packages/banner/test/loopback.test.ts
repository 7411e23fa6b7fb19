import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createIo } from '@portkit/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { Line } from '../../core/src/cli/line.ts'
import { runCli } from '../../core/src/cli/run-cli.ts'
import { type JsonRecord, recordsOf } from '../../core/test/tool-kit.ts'
import { banner } from '../src/cli.ts'

const ends: (() => void)[] = []

afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A server on a free port of the loopback that does this with each connection. */
async function serving(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

async function look(words: string): Promise<string> {
  const lines: Line[] = []
  const write = (line: Line): boolean => lines.push(line) > 0
  await runCli(banner, ['127.0.0.1', ...words.split(' ')], createIo(), write, { version: '1' })
  return lines.map(({ text }) => text).join('')
}

interface Told {
  readonly asked: string
  readonly sentBase64: string
  readonly octets: number
}

const exchangesOf = (record: JsonRecord | undefined): readonly Told[] => (record?.exchanges ?? []) as Told[]

describe('real sockets', () => {
  it('a greeting is read and named', async () => {
    const port = await serving((socket) => socket.end('OK MPD 0.23.5\n'))
    expect(await look(`${port}`)).toMatch(/^\d+\/tcp {2}open {5}mpd {9}.*0\.23\.5 {2}\[greeting\]\n$/)
  })

  it('who answers a ClientHello with something else has answered, and that is shown', async () => {
    const port = await serving((socket) => socket.once('data', () => socket.write('what?\n')))
    expect(await look(`${port} --tls`)).toMatch(/answered, unknown: "what\?.*nothing here speaks TLS/)
    const [record] = recordsOf(await look(`${port} --tls --json`))
    const [exchange] = exchangesOf(record)
    expect(exchange).toMatchObject({ asked: 'tls', octets: 6 })
    // A record of TLS with a handshake message in it (RFC 8446 section 5.1).
    expect(Buffer.from(exchange?.sentBase64 ?? '', 'base64').subarray(0, 2)).toEqual(Buffer.of(22, 3))
  })

  it('who ends or resets the connection at a ClientHello has answered nothing', async () => {
    const closing = await serving((socket) => socket.once('data', () => socket.end()))
    const resetting = await serving((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const text = await look(`${closing},${resetting} --tls`)
    expect(text).toMatch(new RegExp(`^${closing}/tcp .*accepted, then closed; nothing here speaks TLS$`, 'm'))
    expect(text).toMatch(
      new RegExp(`^${resetting}/tcp .*accepted, then reset; nothing here speaks TLS$`, 'm'),
    )
  })

  it('an alert is TLS, and its words are told', async () => {
    const alert = Buffer.of(21, 3, 1, 0, 2, 2, 40)
    const port = await serving((socket) => socket.once('data', () => socket.end(alert)))
    expect(await look(`${port} --tls`)).toMatch(/open {5}tls .*handshake failure.*\[tls\]$/m)
  })

  it('a flood is read no further than its limit', async () => {
    const piece = Buffer.alloc(65_536, 'zorglub\r\n')
    const port = await serving((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(piece));
      }
      socket.on('drain', more)
      more()
    })
    const [record] = recordsOf(await look(`${port} --json`))
    const octets = exchangesOf(record).reduce((sum, exchange) => sum + exchange.octets, 0)
    expect(octets).toBe(65_536)
    expect(record?.outcome).toBe('unknown')
  })
})
