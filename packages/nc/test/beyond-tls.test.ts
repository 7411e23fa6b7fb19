import { beforeAll, describe, expect, it } from 'vitest'
import { run, talks, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const DB = '10.0.0.2:443'
const GOOD = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const
const PEM = '-----BEGIN CERTIFICATE-----\n'
const hosts = { 'db.lan': ['10.0.0.2'] }
const files = { 'ca.pem': PEM, 'cert.pem': PEM, 'key.pem': PEM, 'text.txt': 'hello' }
const base = {
  hosts,
  files,
  ports: { [DB]: talks('send:hello recv close') },
  stdin: [{ write: 'hi' }],
} as const

describe('--tls', () => {
  it('carries the session, and says under -v what was agreed on', async () => {
    const { stdout, stderr, status, io } = await run('-vN --tls db.lan 443', { ...base, tls: { [DB]: GOOD } })
    expect({ stdout, status }).toEqual({ stdout: 'hello', status: 0 })
    expect(stderr).toBe(
      'TLSv1.3, TLS_AES_256_GCM_SHA384\nConnection to db.lan (10.0.0.2) 443 port [tcp/https] succeeded!\n',
    )
    expect(io.peerLog(DB)).toContain("got b'hi'")
  })

  it('names the protocol agreed on with --alpn', async () => {
    const tls = { [DB]: { ...GOOD, alpn: 'h2' } }
    const { stderr } = await run('-vz --tls --alpn h2,http/1.1 db.lan 443', { ...base, tls })
    expect(stderr.split('\n')[0]).toBe('TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2')
  })

  it('is refused by name where the certificate is not valid, and nothing is sent', async () => {
    const tls = { [DB]: { ...GOOD, invalid: 'CERT_HAS_EXPIRED' } }
    const { stdout, stderr, status, io } = await run('-N --tls db.lan 443', { ...base, tls })
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: 'nc: TLS with db.lan port 443 failed: CERT_HAS_EXPIRED\n',
      status: 1,
    })
    expect(io.peerLog(DB)).not.toContain('hi')
  })

  it('goes on with --tls-insecure, and says so', async () => {
    const tls = { [DB]: { ...GOOD, invalid: 'CERT_HAS_EXPIRED' } }
    const { stdout, stderr } = await run('-vN --tls --tls-insecure db.lan 443', { ...base, tls })
    expect(stdout).toBe('hello')
    expect(stderr).toContain(', certificate not verified: CERT_HAS_EXPIRED\n')
  })

  it('shows nothing raw of what the other side says', async () => {
    const tls = { [DB]: { fails: 'not for db.lan but \u001b]0;x\u0007' } }
    const { stderr } = await run('--tls db.lan 443', { ...base, tls })
    expect(stderr).toBe('nc: TLS with db.lan port 443 failed: not for db.lan but \\x1b]0;x\\x07\n')
  })

  it('tries the next port where TLS fails', async () => {
    const ports = { ...base.ports, '10.0.0.2:444': talks('send:second close') }
    const tls = { [DB]: { fails: 'ECONNRESET' }, '10.0.0.2:444': GOOD }
    const { stdout, status } = await run('-N --tls db.lan 443 444', { ...base, ports, tls })
    expect({ stdout, status }).toEqual({ stdout: 'second', status: 0 })
  })

  it.each([
    ['--ca no.pem', 'cannot read no.pem: no such file'],
    ['--ca text.txt', 'cannot read text.txt: PEM is expected'],
    ['--cert cert.pem --key no.pem', 'cannot read no.pem: no such file'],
    ['--cert no.pem --key key.pem', 'cannot read no.pem: no such file'],
  ])('refuses %s with one line, before it connects', async (args, said) => {
    const { stderr, status, io } = await run(`--tls ${args} db.lan 443`, { ...base, tls: { [DB]: GOOD } })
    expect({ stderr, status }).toEqual({ stderr: `nc: ${said}\n`, status: 1 })
    expect(io.net.attempts).toEqual([])
  })
})

describe('a listener with --tls', () => {
  const at = '10.0.0.1:4000'
  const clients = [
    {
      ...{ afterMs: 100, from: '10.0.0.2:1', to: at },
      script: { kind: 'greeting', text: 'hello' },
    },
  ] as const
  const args = '--tls --cert cert.pem --key key.pem'

  it('does not begin to listen without its files', async () => {
    const { stderr, status } = await run('-lv --tls --cert no.pem --key key.pem 4000', { files })
    expect({ stderr, status }).toEqual({ stderr: 'nc: cannot read no.pem: no such file\n', status: 1 })
  })

  it('fails with its only client', async () => {
    const world = { files, clients, tls: { [at]: { fails: 'ECONNRESET' } } } as const
    const { stderr, status } = await run(`-l ${args} 4000`, world)
    expect({ stderr, status }).toEqual({
      stderr: 'nc: TLS with 10.0.0.2 port 1 failed: ECONNRESET\n',
      status: 1,
    })
  })

  it('waits on with -k', async () => {
    const world = { files, clients, tls: { [at]: { fails: 'ECONNRESET' } } } as const
    const { status } = await run(`-lk ${args} 4000`, world, { seconds: 10 })
    expect(status).toBe('still running')
  })
})
