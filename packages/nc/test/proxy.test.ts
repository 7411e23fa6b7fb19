import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyFault } from '../src/proxy/proxy-fault.ts'
import { complaint } from '../src/words/format.ts'
import { meet, proxied } from './proxy-world.ts'

const SOCKS5_OK = '\x05\x00\x05\x00\x00\x01\x01\x02\x03\x04\x00\x05'
const SOCKS4_OK = '\x00\x5a\x00\x00\x01\x02\x03\x04'
const HTTP_OK = 'HTTP/1.0 200 OK\r\n\r\n'
const HTTP_407 = 'HTTP/1.0 407 Auth\r\nProxy-Authenticate: Basic\r\n\r\nbody'
const names = { 'target.lab': '10.77.0.2' }

// What nc 1.219 wrote to a recording proxy, by the host on its command line.
describe('a request', () => {
  it.each([
    ['10.1.2.3', '\x01\x0a\x01\x02\x03'],
    ['10.2', '\x01\x0a\x00\x00\x02'],
    ['0x7f000001', '\x01\x7f\x00\x00\x01'],
    ['fd77::2', '\x04\xfd\x77\0\0\0\0\0\0\0\0\0\0\0\0\0\x02'],
    ['fe80::1%lo', '\x04\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01'],
    ['::ffff:1.2.3.4', '\x04\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04'],
    ['target.lab', '\x03\x0atarget.lab'],
    ['[::1]', '\x03\x05[::1]'],
    ['', '\x03\x00'],
    ['bücher.de', '\x03\x0ab\xc3\xbccher.de'],
    ['a'.repeat(255), `\x03\xff${'a'.repeat(255)}`],
  ])('to SOCKS 5 for %j carries the address in the right type', async (host, address) => {
    const { streams } = await meet({ protocol: '5', host, scripts: [SOCKS5_OK] })
    expect(streams[0]?.written).toEqual(['\x05\x01\x00', `\x05\x01\x00${address}\x00\x16`])
  })

  it.each([
    ['10.1.2.3', '\x0a\x01\x02\x03'],
    ['10.3', '\x0a\x00\x00\x03'],
    ['target.lab', '\x0a\x4d\x00\x02'],
  ])('to SOCKS 4 for %j carries an IPv4 address', async (host, address) => {
    const { streams } = await meet({ protocol: '4', host, scripts: [SOCKS4_OK], names, port: 0x1234 })
    expect(streams[0]?.written).toEqual([`\x04\x01\x12\x34${address}\x00`])
  })

  it.each(['target.lab', '10.1.2.3', 'a'.repeat(1014)])(
    'to SOCKS 4A for %j leaves it to the proxy',
    async (host) => {
      const { streams } = await meet({ protocol: '4A', host, scripts: [SOCKS4_OK] })
      expect(streams[0]?.written).toEqual([`\x04\x01\x00\x16\x00\x00\x00\x01\x00${host}\x00`])
    },
  )

  it.each([
    ['10.1.2.3', '10.1.2.3:22'],
    ['10.2', '10.2:22'],
    ['fe80::1%lo', '[fe80::1%lo]:22'],
    ['bücher.de', 'b\xc3\xbccher.de:22'],
    ['', ':22'],
    ['a'.repeat(1001), `${'a'.repeat(1001)}:22`],
  ])('to HTTP for %j is a line and no header', async (host, authority) => {
    const { streams } = await meet({ protocol: 'connect', host, scripts: [HTTP_OK] })
    expect(streams[0]?.written).toEqual([`CONNECT ${authority} HTTP/1.0\r\n`, '\r\n'])
  })
})

describe('a reply', () => {
  const replies = [
    ['5', SOCKS5_OK],
    ['5', `\x05\x00\x05\x00\x00\x04${'a'.repeat(18)}`],
    ['5', '\x04\x02\x04\x00\x00\x01abcdef'],
    ['4', SOCKS4_OK],
    ['4', '\x07\x5aabcdef'],
    ['4A', SOCKS4_OK],
    ['connect', HTTP_OK],
    ['connect', 'HTTP/1.1 200\n\n'],
    ['connect', 'HTTP/1.0 2000\r\r\nVia: x\r\n\r\r\n'],
    ['connect', 'HTT\rP/1.1 200 Connection Established\r\n\0gone\r\n'],
    ['connect', `HTTP/1.0 200 OK\r\n${'x'.repeat(1023)}\r\n\r\n`],
    ['connect', `HTTP/1.0 200 OK\r\n${'a: b\r\n'.repeat(63)}\r\n`],
  ] as const

  it.each(replies)('of %s is read to its last octet and no further: %j', async (protocol, reply) => {
    for (const dribble of [1, 3, 1e9]) {
      const { stream, error, streams } = await meet({
        protocol,
        host: '10.1.2.3',
        scripts: [{ sends: `${reply}SSH-2.0`, dribble }],
      })
      expect(error).toBeUndefined()
      expect(stream).toBe(streams[0])
      expect(streams[0]).toMatchObject({ left: 'SSH-2.0', closedWith: undefined })
    }
  })

  it.each([
    ['5', '', 'read failed (0/3): Broken pipe'],
    ['5', '\x05', 'read failed (1/3): Broken pipe'],
    ['5', '\x05\xff', 'authentication method negotiation failed'],
    ['5', 'hello there\r\n\r\n', 'connection failed, SOCKSv5 error: Unknown error'],
    ['5', '\x05\x00', 'read failed (0/4): Broken pipe'],
    ['5', '\x05\x00\x05\x00', 'read failed (2/4): Broken pipe'],
    ['5', '\x05\x00\x05\x00\x00\x01ab', 'read failed (2/6): Broken pipe'],
    ['5', '\x05\x00\x05\x00\x00\x04ab', 'read failed (2/18): Broken pipe'],
    ['5', '\x05\x00\x05\x00\x00\x03\x04name\x00\x16', 'connection failed, unsupported address type'],
    ['5', '\x05\x00\x05\x01\x00\x01', 'connection failed, SOCKSv5 error: General SOCKS server failure'],
    ['5', '\x05\x00\x05\x02\x00\x01', 'connection failed, SOCKSv5 error: Connection not allowed by ruleset'],
    ['5', '\x05\x00\x05\x03\x00\x01', 'connection failed, SOCKSv5 error: Network unreachable'],
    ['5', '\x05\x00\x05\x04\x00\x01', 'connection failed, SOCKSv5 error: Host unreachable'],
    ['5', '\x05\x00\x05\x05\x00\x01', 'connection failed, SOCKSv5 error: Connection refused'],
    ['5', '\x05\x00\x05\x06\x00\x01', 'connection failed, SOCKSv5 error: TTL expired'],
    ['5', '\x05\x00\x05\x07\x00\x01', 'connection failed, SOCKSv5 error: Command not supported'],
    ['5', '\x05\x00\x05\x08\x00\x01', 'connection failed, SOCKSv5 error: Address type not supported'],
    ['5', '\x05\x00\x05\x09\x00\x01', 'connection failed, SOCKSv5 error: Unknown error'],
    ['4', '\x00\x5a', 'read failed (2/8): Broken pipe'],
    ['4', '\x00\x5babcdef', 'connection failed, SOCKSv4 error: Request rejected or failed'],
    [
      '4',
      '\x00\x5cabcdef',
      'connection failed, SOCKSv4 error: SOCKS server cannot connect to identd on the client',
    ],
    [
      '4',
      '\x00\x5dabcdef',
      'connection failed, SOCKSv4 error: Client program and identd report different user-ids',
    ],
    ['4A', '\x00\x5eabcdef', 'connection failed, SOCKSv4 error: Unknown error'],
    ['connect', '', 'proxy read: Broken pipe'],
    ['connect', 'HTTP/1.0 20', 'proxy read: Broken pipe'],
    ['connect', 'HTTP/1.0 200 OK\r\nfoo', 'proxy read: Broken pipe'],
    ['connect', '\r\n\r\n', 'Proxy error: ""'],
    ['connect', 'hello there\r\n\r\n', 'Proxy error: "hello there"'],
    ['connect', 'HTTP/1.0 403 Forbidden\r\n\r\n', 'Proxy error: "HTTP/1.0 403 Forbidden"'],
    ['connect', 'HTTP/1.0 201 Created\r\n\r\n', 'Proxy error: "HTTP/1.0 201 Created"'],
    ['connect', 'HTTP/2 200 OK\r\n\r\n', 'Proxy error: "HTTP/2 200 OK"'],
    ['connect', 'http/1.1 200 ok\r\n\r\n', 'Proxy error: "http/1.1 200 ok"'],
    ['connect', HTTP_407, 'Proxy error: "HTTP/1.0 407 Auth"'],
    ['connect', 'HTTP/1.0 403 no\0way\r\n\r\n', 'Proxy error: "HTTP/1.0 403 no"'],
    ['connect', `${'x'.repeat(1023)}\r\n`, `Proxy error: "${'x'.repeat(1023)}"`],
    ['connect', `${'x'.repeat(1024)}\r\n`, 'proxy read too long'],
    ['connect', `HTTP/1.0 200 OK\r\n${'x'.repeat(1024)}\r\n\r\n`, 'proxy read too long'],
    ['connect', '\r'.repeat(100_000), 'proxy read too long'],
    ['connect', `HTTP/1.0 200 OK\r\n${'a: b\r\n'.repeat(64)}\r\n`, 'Too many proxy headers received'],
  ] as const)('of %s that is %j ends the run', async (protocol, sends, message) => {
    const met = await meet({ protocol, host: '10.1.2.3', scripts: [sends] })
    expect(met.error).toBeInstanceOf(ProxyFault)
    expect(met.message).toBe(message)
    expect(met.streams[0]?.closedWith).toBe('fin')
  })

  it.each([
    ['5', '\x05\x00', 'read failed (0/4): Connection reset by peer'],
    ['4', '\x00', 'read failed (1/8): Connection reset by peer'],
    ['connect', 'HTTP', 'proxy read: Connection reset by peer'],
    ['5', '', 'write failed (0/3): Broken pipe'],
    ['4', '', 'write failed (0/9): Broken pipe'],
    ['connect', '', 'write failed (0/30): Broken pipe'],
  ] as const)('of %s that a reset cuts off after %j is named', async (protocol, sends, message) => {
    const scripts = [{ sends, ends: 'ECONNRESET' }] as const
    expect((await meet({ protocol, host: '10.1.2.3', scripts })).message).toBe(message)
  })

  it.each([
    ['HTTP/1.0 403 \x1b[31mred\x07', 'HTTP/1.0 403 \\x1b[31mred\\x07'],
    ['HTTP/1.0 403 \x9b\xff', 'HTTP/1.0 403 \\x9bÿ'],
    ['HTTP/1.0 403 n\xc3\xa9 "q"', 'HTTP/1.0 403 né "q"'],
    ['HTTP/1.0 403 \xe2\x80\xae', 'HTTP/1.0 403 \\u202e'],
  ])('whose status line has control characters cannot reach the terminal: %j', async (status, shown) => {
    const met = await meet({ protocol: 'connect', host: 'h', scripts: [`${status}\r\n\r\n`] })
    expect(complaint('nc', met.message ?? '')).toBe(`nc: Proxy error: "${shown}"\n`)
  })

  it('never does more harm than a fault, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('4', '4A', '5', 'connect'),
        fc.constantFrom('', '\x05\x00', 'HTTP/1.0 200 OK\r\n'),
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
        async (protocol, start, rest) => {
          const met = await meet({ protocol, host: '10.1.2.3', scripts: [start + rest] })
          if (met.error !== undefined) expect(met.error).toBeInstanceOf(ProxyFault)
          expect(complaint('nc', met.message ?? '')).toMatch(/^nc: \P{Cc}*\n$/u)
        },
      ),
    )
  })
})

describe('a host that cannot be asked for', () => {
  it.each([
    ['4', '::1', 'getaddrinfo("::1", "22"): Address family for hostname not supported'],
    ['4', 'nosuch.lab', 'getaddrinfo("nosuch.lab", "22"): Name or service not known'],
    ['4', '', 'getaddrinfo("", "22"): Name or service not known'],
    ['4', `${'b'.repeat(70)}.lab`, `getaddrinfo("${'b'.repeat(64)}", "22"): Name or service not known`],
    ['4A', 'a'.repeat(1015), 'hostname too big'],
    ['connect', 'a b', 'Invalid hostname'],
    ['connect', 'a\r\nX: y', 'Invalid hostname'],
    ['connect', '[::1]', 'Invalid hostname'],
    ['connect', 'a'.repeat(1002), 'hostname too long'],
  ] as const)('through %s is refused before anything is written: %j', async (protocol, host, message) => {
    const { message: said, wrote, streams } = await meet({ protocol, host, scripts: [''] })
    expect(said).toBe(message)
    expect(wrote).toEqual([''])
    expect(streams[0]?.closedWith).toBe('fin')
  })

  it('is refused by SOCKS 5 once the method is agreed on, as nc does', async () => {
    const { message, wrote } = await meet({ protocol: '5', host: 'a'.repeat(256), scripts: [SOCKS5_OK] })
    expect(message).toBe('host name too long for SOCKS5')
    expect(wrote).toEqual(['\x05\x01\x00'])
  })
})

describe('an HTTP proxy that wants a password', () => {
  const asks = { protocol: 'connect', host: '10.1.2.3', user: 'bob' } as const

  it('gets it on a further connection, after the request line', async () => {
    const met = await meet({ ...asks, scripts: [HTTP_407, `${HTTP_OK}SSH`], passwords: ['pw'] })
    expect(met.stream).toBe(met.streams[1])
    expect(met.asked).toEqual(['Proxy password for bob@proxy.lab: '])
    expect(met.said).toEqual([])
    expect(met.streams[0]?.closedWith).toBe('fin')
    expect(met.streams[1]).toMatchObject({
      left: 'SSH',
      written: ['CONNECT 10.1.2.3:22 HTTP/1.0\r\n', 'Proxy-Authorization: Basic Ym9iOnB3\r\n', '\r\n'],
    })
  })

  it('is asked three times more, and then no more', async () => {
    const met = await meet({ ...asks, scripts: Array(4).fill(HTTP_407), passwords: ['a', 'b', 'c'] })
    expect(met.message).toBe('Too many authentication failures')
    expect(met.said).toEqual(Array(3).fill('Proxy authentication failed'))
    expect(met.asked).toHaveLength(3)
    expect(met.streams.map(({ closedWith }) => closedWith)).toEqual(Array(4).fill('fin'))
  })

  it('is told from one that refuses for good', async () => {
    const scripts = [HTTP_407, 'HTTP/1.0 403 No\r\n\r\n']
    expect((await meet({ ...asks, scripts, passwords: ['a'] })).message).toBe(
      'Proxy error: "HTTP/1.0 403 No"',
    )
  })

  it.each([
    ['no terminal to ask on', 'bob', undefined, 'Unable to read proxy passphrase'],
    ['a name that is too long', 'u'.repeat(763), 'pw', 'Proxy username/password too long'],
    ['a name that is nearly too long', 'u'.repeat(750), 'pw', 'Proxy auth response too long'],
  ])('gets none when there is %s', async (_, user, password, message) => {
    const met = await meet({ ...asks, user, scripts: [HTTP_407, HTTP_OK], passwords: [password] })
    expect(met.message).toBe(message)
    expect(met.wrote[1]).toBe('CONNECT 10.1.2.3:22 HTTP/1.0\r\n')
    expect(met.streams[1]?.closedWith).toBe('fin')
  })

  it('gets 255 octets of a longer one, in UTF-8', async () => {
    const met = await meet({ ...asks, scripts: [HTTP_407, HTTP_OK], passwords: ['ß'.repeat(200)] })
    const [, sent = ''] = /Basic (\S+)/.exec(met.wrote[1] ?? '') ?? []
    expect(Buffer.from(sent, 'base64').toString()).toBe(`bob:${'ß'.repeat(127)}`)
  })
})

describe('an abort', () => {
  it.each([
    ['5', ''],
    ['5', '\x05\x00'],
    ['4', ''],
    ['connect', 'HTTP/1.0 200 OK\r\n'],
  ] as const)('ends the wait for a silent %s proxy after %j', async (protocol, sends) => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const meeting = meet({
      protocol,
      host: '10.1.2.3',
      scripts: [{ sends, ends: 'silence' }],
      signal: abort.signal,
    })
    setImmediate(() => abort.abort(reason))
    const { error, streams } = await meeting
    expect(error).toBe(reason)
    expect(streams[0]?.closedWith).toBe('rst')
  })

  it('that came before keeps everything from being written', async () => {
    const met = await meet({
      protocol: '5',
      host: 'h',
      scripts: [SOCKS5_OK],
      signal: AbortSignal.abort('early'),
    })
    expect(met).toMatchObject({ error: 'early', wrote: [''] })
    expect(met.streams[0]?.closedWith).toBe('rst')
  })
})

it('passes errors on that are not the stream’s', async () => {
  const stream = proxied({ sends: '' })
  expect(stream.closedWith).toBeUndefined()
  const met = await meet({ protocol: 'connect', host: 'h', user: 'bob', scripts: [HTTP_407] })
  expect(met.message).toBe('no further connection was expected')
})
