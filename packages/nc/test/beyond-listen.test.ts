import { type Io, LocalFault } from '@portkit/core'
import { type Client, peerSteps } from '@portkit/core/sim'
import { beforeAll, describe, expect, it } from 'vitest'
import { run, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

function client(afterMs: number, from: string, steps: string): Client {
  return { afterMs, from, to: '10.0.0.1:4000', script: { kind: 'steps', steps: peerSteps(steps) } }
}

const UNWANTED = client(100, '10.0.0.66:5000', 'send:evil linger:5')
const WANTED = client(200, '10.0.0.2:5001', 'send:good close')
const MAPPED = client(100, '10.0.0.66:5002', 'send:evil linger:5')

describe('--allow and --deny', () => {
  it.each([
    ['--deny 10.0.0.66'],
    ['--allow 10.0.0.2'],
    ['--allow 10.0.0.0/24 --deny 10.0.0.64/26'],
    ['--allow 192.0.2.1,10.0.0.2/31'],
    ['--deny 10.0.0.66 --exit-code state'],
  ])('%s resets an unwanted client, and the listener waits on', async (args) => {
    const { status, stdout, stderr, io } = await run(`-lv ${args} 4000`, { clients: [UNWANTED, WANTED] })
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'good' })
    expect(stderr.split('\n')).toEqual([
      'Listening on 0.0.0.0 4000',
      'nc: connection from 10.0.0.66:5000 refused: the address is not allowed',
      'Connection received on 10.0.0.2 5001',
      '',
    ])
    expect(io.peerLog('10.0.0.66:5000')).toContain('RST')
  })

  it('turns away without a word where -v is not given', async () => {
    const ran = await run('-l --deny 10.0.0.66 4000', { clients: [UNWANTED, WANTED] })
    expect(ran).toMatchObject({ stdout: 'good', stderr: '' })
  })

  it('knows an IPv4 client that comes over IPv6', async () => {
    const six = { ...WANTED, to: '[::1]:4000', from: '[fd00::2]:5001' }
    const ran = await run('-6l --deny 10.0.0.66 4000', { clients: [MAPPED, six] })
    expect(ran).toMatchObject({ stdout: 'good', status: 0 })
  })

  it.each([
    ['-lu', 'the first sender who may enter is talked with'],
    ['-lku', 'nobody else is heard'],
  ])('of datagrams: %s, %s', async (options) => {
    const arrival = (afterMs: number, from: string, octets: string) => ({
      ...{ afterMs, from, octets, to: '10.0.0.1:4000' },
    })
    const arrivals = [
      arrival(100, '10.0.0.66:5000', 'evil'),
      arrival(200, '10.0.0.2:5001', 'good,'),
      arrival(300, '10.0.0.66:5000', 'evil'),
      arrival(400, '10.0.0.2:5001', 'better'),
    ]
    const { stdout, stderr } = await run(`${options}v --deny 10.0.0.66 4000`, { arrivals }, { seconds: 5 })
    expect(stdout).toBe('good,better')
    expect(stderr).toContain('connection from 10.0.0.66:5000 refused: the address is not allowed\n')
  })

  it('refuses what is no address, with one line', async () => {
    const { stderr, status } = await run('-l --allow 10.0.0.0/33 4000', {})
    expect(stderr).toMatch(/^nc: --allow: .*10\.0\.0\.0\/33\n$/)
    expect(status).toBe(1)
  })
})

describe('a listener with -k', () => {
  it('goes on after clients that break off', async () => {
    const clients = [
      client(100, '10.0.0.3:1', 'rst'),
      client(200, '10.0.0.3:2', 'send:a rst'),
      client(300, '10.0.0.3:3', 'fin rst'),
      client(400, '10.0.0.3:4', 'close'),
      client(500, '10.0.0.3:5', 'send:whole close'),
    ]
    const { stdout, status, stderr } = await run('-lk 4000', { clients, stdin: 'null' }, { seconds: 20 })
    expect(stdout).toMatch(/whole$/)
    expect({ status, stderr }).toEqual({ status: 'still running', stderr: '' })
  })

  it('serves the next client at once with -w 0', async () => {
    const clients = [client(100, '10.0.0.3:1', 'linger:60'), client(200, '10.0.0.3:2', 'linger:60')]
    const { io } = await run('-lkw0 4000', { clients }, { seconds: 1 })
    expect(io.peerLog('10.0.0.3:2')).toContain('got FIN')
  })

  it('shows nothing raw of the name that a client has', async () => {
    const names = { '10.0.0.2': 'x\u001b[2Jy\nConnection received on root 1' }
    const { stderr } = await run('-lv 4000', { clients: [WANTED], names })
    expect(stderr.split('\n')).toHaveLength(3)
    expect(stderr).toContain('\\x1b[2Jy\\x0aConnection')
  })
})

it.each([
  ['EMFILE', 'Too many open files'],
  ['ENOBUFS', 'No buffer space available'],
])('a listener that can accept no more ends in the words of nc: %s', async (code, words) => {
  const failing = (io: Io): Io => ({
    ...io,
    sockets: {
      ...io.sockets,
      async listenTcp(request) {
        const accept = () => Promise.reject(new LocalFault(code, 'accept', 'accept'))
        return { ...(await io.sockets.listenTcp(request)), accept }
      },
    },
  })
  const { stderr, status } = await run('-lk 4000', {}, { with: failing })
  expect({ stderr, status }).toEqual({ stderr: `nc: accept: ${words}\n`, status: 1 })
})
