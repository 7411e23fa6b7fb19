// What only real processes show: TLS with real certificates, Ctrl-C, broken pipes, full disks. All over loopback.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const tool = builtTool(join(import.meta.dirname, '..'), 'nc-ts')
const PATIENCE = { timeout: 15_000, interval: 20 }

interface Started {
  readonly process: ChildProcessWithoutNullStreams
  readonly stdout: () => string
  readonly stderr: () => string
  /** Status, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

const started: ChildProcessWithoutNullStreams[] = []

function start(...args: string[]): Started {
  return follow(spawn(...tool.command(...args), { cwd: folder }))
}

function follow(process: ChildProcessWithoutNullStreams): Started {
  started.push(process)
  const [out, err]: [string[], string[]] = [[], []]
  process.stdout.on('data', (text) => out.push(String(text)))
  process.stderr.on('data', (text) => err.push(String(text)))
  process.stdin.on('error', () => {})
  const ended = once(process, 'close').then(([status, signal]) => status ?? signal)
  return { process, stdout: () => out.join(''), stderr: () => err.join(''), ended }
}

async function run(input: string | undefined, ...args: string[]) {
  const { process, ended, stdout, stderr } = start(...args)
  if (input !== undefined) process.stdin.end(input)
  return { status: await ended, stdout: stdout(), stderr: stderr() }
}

/** A listener, once it listens. */
async function listen(...args: string[]): Promise<Started & { readonly port: string }> {
  const listener = start('-nlv', ...args, '127.0.0.1', '0')
  const portOf = () => /^Listening on 127\.0\.0\.1 (\d+)$/m.exec(listener.stderr())?.[1]
  await expect.poll(portOf, PATIENCE).toBeDefined()
  return { ...listener, port: portOf() ?? '' }
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portkit-beyond-'))
})

afterAll(() => {
  for (const process of started) if (process.exitCode === null) process.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
}

/** `NAME.cert` and `NAME.key`, self-signed for these names. */
function certificate(name: string, names: string): void {
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}.test`, '-addext', `subjectAltName=${names}`],
    ...['-keyout', `${name}.key`, '-out', `${name}.cert`],
  )
}

const server = ['--tls', '--cert', 'good.cert', '--key', 'good.key'] as const
const lacks = missing(['openssl'])

describe.skipIf(lacks.length > 0)(
  `TLS between two of us${lacks.length > 0 ? ' (needs openssl)' : ''}`,
  () => {
    beforeAll(() => {
      certificate('good', 'IP:127.0.0.1,DNS:good.test')
      certificate('other', 'DNS:other.test')
      certificate('client', 'DNS:client.test')
      openssl('x509', '-in', 'good.cert', '-signkey', 'good.key', '-days', '-1', '-out', 'old.cert')
    })

    it('carries octets both ways, and agrees on a protocol', async () => {
      const listener = await listen(...server, '-N', '--alpn', 'echo,h2')
      listener.process.stdin.end('from the server\n')
      const client = await run(
        'from the client\n',
        ...['-nvN', '--tls', '--ca', 'good.cert', '--alpn', 'h2', '127.0.0.1', listener.port],
      )
      expect(client).toMatchObject({ status: 0, stdout: 'from the server\n' })
      expect(client.stderr).toMatch(/^TLSv1\.3, TLS_\w+, ALPN h2\n/)
      expect(await listener.ended).toBe(0)
      expect(listener.stdout()).toBe('from the client\n')
    })

    it.each([
      ['a self-signed certificate', 'good', [], /SELF_SIGNED|self[- ]signed/i],
      ['a name that it is not for', 'good', ['--ca', 'good.cert', '--sni', 'wrong.test'], /wrong\.test/],
      ['an address that it is not for', 'other', ['--ca', 'other.cert'], /127\.0\.0\.1/],
      ['one that has expired', 'old', ['--ca', 'old.cert'], /expired/i],
    ])('refuses %s with one line, and nothing is sent', async (_, name, args, why) => {
      const key = name === 'old' ? 'good' : name
      const listener = await listen('--tls', '--cert', `${name}.cert`, '--key', `${key}.key`)
      const client = await run('secret', '-nN', '--tls', ...args, '127.0.0.1', listener.port)
      expect(client).toMatchObject({ status: 1, stdout: '' })
      expect(client.stderr).toMatch(/^nc-ts: TLS with 127\.0\.0\.1 port \d+ failed: [^\n]+\n$/)
      expect(client.stderr).toMatch(why)
      await listener.ended
      expect(listener.stdout()).toBe('')
    })

    it('trusts anybody with --tls-insecure, and says why it should not', async () => {
      const listener = await listen(...server, '-N')
      const args = ['-nvN', '--tls', '--tls-insecure', '127.0.0.1', listener.port]
      const client = await run('hello', ...args)
      expect(client.status).toBe(0)
      expect(client.stderr).toContain('certificate not verified')
      listener.process.stdin.end()
      await listener.ended
      expect(listener.stdout()).toBe('hello')
    })

    it('wants a certificate of its clients where --ca says whose', async () => {
      const listener = await listen(...server, '-k', '--ca', 'client.cert')
      const args = ['-nN', '--tls', '--ca', 'good.cert', '-w', '3']
      await run('unwanted', ...args, '127.0.0.1', listener.port)
      await run('wanted', ...args, '--cert', 'client.cert', '--key', 'client.key', '127.0.0.1', listener.port)
      await expect.poll(listener.stdout, PATIENCE).toBe('wanted')
      expect(listener.stderr()).toMatch(/^nc-ts: TLS with 127\.0\.0\.1 port \d+ failed: .*certificate/m)
      listener.process.kill('SIGTERM')
      expect(await listener.ended).toBe('SIGTERM')
    })

    it('serves the next client after one that speaks no TLS', async () => {
      const listener = await listen(...server, '-k')
      await run('GET / HTTP/1.0\r\n\r\n', '-nN', '-w', '3', '127.0.0.1', listener.port)
      await run('hello', '-nN', '--tls', '--ca', 'good.cert', '-w', '3', '127.0.0.1', listener.port)
      await expect.poll(listener.stdout, PATIENCE).toBe('hello')
      listener.process.kill('SIGTERM')
      await listener.ended
    })

    it('checks a port without a word, and leaves nothing that keeps it alive', async () => {
      const listener = await listen(...server)
      const args = ['-nz', '--json', '--tls', '--ca', 'good.cert', '127.0.0.1', listener.port]
      const { status, stdout, stderr } = await run(undefined, ...args)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ state: 'open', port: Number(listener.port) })
      listener.process.stdin.end()
      await listener.ended
    })

    it.each([
      ['a folder', ['--ca', '.']],
      ['a missing file', ['--ca', 'no.cert']],
      ['no PEM', ['--ca', 'notes.txt']],
      ['broken PEM', ['--ca', 'broken.pem']],
      ["somebody else's key", ['--cert', 'good.cert', '--key', 'other.key']],
    ])('refuses %s with one line', async (_, args) => {
      writeFileSync(join(folder, 'notes.txt'), 'hello')
      writeFileSync(
        join(folder, 'broken.pem'),
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      )
      const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port } = silent.address() as { port: number }
      const { status, stderr } = await run(undefined, '-n', '--tls', ...args, '127.0.0.1', String(port))
      silent.close()
      expect(stderr).toMatch(/^nc-ts: [^\n]+\n$/)
      expect(status).toBe(1)
    })
  },
)

describe('a real process', () => {
  it.each([
    ['a listener', ['-l', '127.0.0.1', '0']],
    ['a listener with -k', ['-lk', '127.0.0.1', '0']],
    ['a UDP listener', ['-lu', '127.0.0.1', '0']],
    ['one that waits', ['-z', '--wait', '60', '127.0.0.1', '1']],
  ])('ends by the signal at Ctrl-C: %s', async (_, args) => {
    const { process, ended } = start('-v', ...args)
    await once(process.stderr, 'data')
    process.kill('SIGINT')
    expect(await ended).toBe('SIGINT')
  })

  it('ends by the signal in the middle of a session', async () => {
    const listener = await listen()
    const client = start('-nv', '127.0.0.1', listener.port)
    await once(client.process.stderr, 'data')
    client.process.kill('SIGINT')
    expect(await client.ended).toBe('SIGINT')
    await listener.ended
  })

  it('ends quietly when the reader of its JSON has gone', () => {
    const line = `${tool.shell()} -z --json 127.0.0.1 1-3000 | head -1; echo "status \${PIPESTATUS[0]}"`
    const output = execFileSync('bash', ['-c', `{ ${line}; } 2>&1`], { encoding: 'utf8' })
    const [record = '', status, ...more] = output.trimEnd().split('\n')
    expect(JSON.parse(record)).toMatchObject({ port: 1 })
    expect([status, ...more]).toEqual(['status 0'])
  })

  it('goes on with a session whose dump finds the disk full, and says so in the end', async () => {
    const listener = await listen('-N')
    listener.process.stdin.end('pong')
    const args = ['-nN', '--hex-dump', '/dev/full', '127.0.0.1', listener.port]
    expect(await run('ping', ...args)).toEqual({
      ...{ status: 1, stdout: 'pong' },
      stderr: 'nc-ts: cannot write /dev/full: no space left\n',
    })
    await listener.ended
    expect(listener.stdout()).toBe('ping')
  })

  it('dumps what went both ways', async () => {
    const listener = await listen('-N')
    listener.process.stdin.end('pong')
    await run('ping', '-nN', '--hex-dump', 'dump.txt', '127.0.0.1', listener.port)
    await listener.ended
    const marks = readFileSync(join(folder, 'dump.txt'), 'utf8').match(/^[<>] 00000000 [\da-f ]+/gm)
    expect(marks?.map((mark) => mark.trim()).sort()).toEqual([
      '< 00000000 70 6f 6e 67',
      '> 00000000 70 69 6e 67',
    ])
  })

  it('ends though its standard input stays open, when -F is refused', async () => {
    const listener = await listen('-k')
    const line = `exec ${tool.shell()} -nF 127.0.0.1 ${listener.port} >/dev/null`
    const { ended, stderr } = follow(spawn('bash', ['-c', line]))
    expect(await ended).toBe(1)
    expect(stderr()).toBe('nc-ts: sendmsg: Socket operation on non-socket\n')
    listener.process.kill('SIGTERM')
    await listener.ended
  })

  it('checks all ports twice in good time', async () => {
    const { status, stdout, stderr } = await run(undefined, '-nz', '127.0.0.1', '1-65535', '1-65535')
    expect({ status: [0, 1].includes(Number(status)), stdout, stderr }).toEqual({
      ...{ status: true, stdout: '', stderr: '' },
    })
  })
})
