import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { listenTcp } from '../src/io/node/listener.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNodeNet } from '../src/io/node/node-net.ts'
import { secureStream } from '../src/io/node/secure-stream.ts'
import type { ByteStream, TlsSettings } from '../src/io/streams.ts'
import { makeCertificate } from './secure-kit.ts'

type Openssl = ChildProcessByStdio<Writable, Readable, null>

const own = makeCertificate('DNS:portkit.test,IP:127.0.0.1')
const folder = mkdtempSync(join(tmpdir(), 'portkit-tls-'))
const files = ['-key', join(folder, 'key'), '-cert', join(folder, 'cert')]
writeFileSync(join(folder, 'key'), own.key)
writeFileSync(join(folder, 'cert'), own.cert)
const running: Openssl[] = []
afterEach(() => {
  for (const openssl of running.splice(0)) openssl.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

const client: TlsSettings = { serverName: '127.0.0.1', verify: true, ca: own.cert, alpn: [] }
const server: TlsSettings = { serverName: '', verify: false, certificate: own.cert, key: own.key, alpn: [] }
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

function openssl(...args: readonly string[]): Openssl {
  const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.on('error', () => {})
  running.push(child)
  return child
}

/** Waits until openssl has said it. */
async function said(child: Openssl, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  for (;;) {
    const [chunk] = await once(child.stdout, 'data')
    text += chunk
    const match = pattern.exec(text)
    if (match !== null) return match
  }
}

/** A server of openssl, and a connection of ours to it. */
async function toServer(...args: readonly string[]) {
  const child = openssl('s_server', '-accept', '127.0.0.1:0', ...files, ...args)
  const [, port] = await said(child, /ACCEPT 127\.0\.0\.1:(\d+)/)
  const request = {
    address: '127.0.0.1',
    family: 4,
    port: Number(port),
    close: 'fin',
    keep: 'bytes',
  } as const
  const { connection } = await createNodeNet(nodeClock).connect(request).answer
  if (connection === undefined) throw new Error('openssl does not listen')
  return { child, stream: connection.bytes() }
}

async function readUntil(stream: ByteStream, length: number): Promise<string> {
  const parts: Buffer[] = []
  for (let count = 0; count < length; ) {
    const octets = await stream.read(65_536)
    if (octets === undefined) break
    parts.push(Buffer.from(octets))
    count += octets.length
  }
  return Buffer.concat(parts).toString('latin1')
}

describe('TLS with openssl', () => {
  it.each([
    ['-tls1_2', 'TLSv1.2'],
    ['-tls1_3', 'TLSv1.3'],
  ])('as a server with %s: octets both ways, then an orderly end', async (version, protocol) => {
    const { child, stream } = await toServer(version, '-naccept', '1')
    const secure = await secureStream(stream, 'client', client)
    expect(secure).toMatchObject({ protocol, invalid: undefined })
    const answer = said(child, /question/)
    await secure.write(bytes('question\n'))
    await answer
    child.stdin.write('answer\n')
    expect(await readUntil(secure, 7)).toBe('answer\n')
    const exited = once(child, 'exit')
    secure.close('fin')
    expect(await exited).toEqual([0, null])
  })

  it('as a server of an old version is refused', async () => {
    const { stream } = await toServer('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')
    await expect(secureStream(stream, 'client', client)).rejects.toMatchObject({
      name: 'StreamFault',
      code: expect.stringMatching(/^ERR_SSL_|^EPROTO$/),
    })
  })

  it.each(['-tls1_2', '-tls1_3'])(
    'as a client with %s: half a megabyte in, the same out',
    async (version) => {
      const listener = await listenTcp({ address: '127.0.0.1', family: 4, port: 0 })
      const target = ['-connect', `127.0.0.1:${listener.local.port}`, '-CAfile', join(folder, 'cert')]
      const child = openssl('s_client', version, '-quiet', '-verify_return_error', ...target)
      const secure = await secureStream(await listener.accept(), 'server', server)
      const data = 'portkit!'.repeat(65_536)
      child.stdin.end(data)
      expect((await readUntil(secure, data.length)) === data).toBe(true)
      const out: Buffer[] = []
      child.stdout.on('data', (chunk) => out.push(chunk))
      const exited = once(child, 'close')
      await secure.write(bytes(data))
      secure.close('fin')
      listener.close()
      expect(await exited).toEqual([0, null])
      expect(Buffer.concat(out).toString() === data).toBe(true)
    },
  )

  it('that is killed in the middle of a session ends the stream', async () => {
    const { child, stream } = await toServer()
    const secure = await secureStream(stream, 'client', client)
    const reading = secure.read(10).catch((error) => error.code)
    child.kill('SIGKILL')
    expect([undefined, 'ECONNRESET']).toContain(await reading)
    secure.close('fin')
  })
})
