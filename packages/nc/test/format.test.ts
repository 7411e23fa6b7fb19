import { errnoOfFact, LocalFault, type Observation, ResolveError, strerror, type Target } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import {
  answerFailed,
  complaint,
  connectFailed,
  connectTimedOut,
  localFaultMessage,
  received,
  receivedOnPath,
  stealthHint,
  succeeded,
  waitsOn,
  waitsOnPath,
} from '../src/words/format.ts'
import { lookUpFailed } from '../src/words/format-lookup.ts'
import {
  httpProxyFailed,
  PROXY,
  proxyPassword,
  proxyReadFailed,
  proxyWriteFailed,
  socks4Failed,
  socks4LookUpFailed,
  socks5Failed,
} from '../src/words/format-proxy.ts'
import { complain } from '../src/words/usage.ts'
import { services } from './command-line-kit.ts'

const target = (
  host: string,
  address: string,
  port = 111,
  transport: Target['transport'] = 'tcp',
): Target => ({
  host,
  address,
  port,
  transport,
  family: address.includes(':') ? 6 : 4,
})
const nc = { name: 'nc', numeric: false }

describe('an open port', () => {
  const line = (host: string, address: string, port: number, settings: object = {}) =>
    succeeded(
      { settings: { numeric: false, transport: 'tcp', proxy: undefined, ...settings }, services },
      host,
      address,
      port,
    )

  it.each([
    ['10.77.0.2', '10.77.0.2', 22, {}, 'Connection to 10.77.0.2 22 port [tcp/ssh] succeeded!\n'],
    [
      'target.lab',
      '10.77.0.2',
      22,
      {},
      'Connection to target.lab (10.77.0.2) 22 port [tcp/ssh] succeeded!\n',
    ],
    ['127.1', '127.0.0.1', 4100, {}, 'Connection to 127.1 (127.0.0.1) 4100 port [tcp/*] succeeded!\n'],
    ['127.1', '127.0.0.1', 80, { numeric: true }, 'Connection to 127.1 80 port [tcp/*] succeeded!\n'],
    [
      'target.lab',
      '10.77.0.9',
      80,
      { proxy: {} },
      'Connection to target.lab 80 port [tcp/http] succeeded!\n',
    ],
    [
      '10.77.0.2',
      '10.77.0.2',
      7,
      { transport: 'udp' },
      'Connection to 10.77.0.2 7 port [udp/echo] succeeded!\n',
    ],
    ['a\u{1b}[2J', '::1', 1, {}, 'Connection to a\\x1b[2J (::1) 1 port [tcp/*] succeeded!\n'],
  ])('%s is told as nc does', (host, address, port, settings, said) => {
    expect(line(host, address, port, settings)).toBe(said)
  })
})

it('failures name the address unless it is what was typed, or -n was given', () => {
  expect(connectFailed(nc, target('10.77.0.2', '10.77.0.2'), 'ECONNREFUSED')).toBe(
    'nc: connect to 10.77.0.2 port 111 (tcp) failed: Connection refused\n',
  )
  expect(connectFailed(nc, target('localhost', '::1', 22), 'EHOSTUNREACH')).toBe(
    'nc: connect to localhost (::1) port 22 (tcp) failed: No route to host\n',
  )
  expect(connectTimedOut({ ...nc, numeric: true }, target('127.1', '127.0.0.1', 137))).toBe(
    'nc: connect to 127.1 port 137 (tcp) timed out: Operation now in progress\n',
  )
})

it.each([
  [waitsOn('Listening', '0.0.0.0', 4000), 'Listening on 0.0.0.0 4000\n'],
  [waitsOn('Bound', '::', 4000), 'Bound on :: 4000\n'],
  [received('local\u{7}host', 50_244), 'Connection received on local\\x07host 50244\n'],
  [waitsOnPath('Bound', '@hnc'), 'Bound on @hnc\n'],
  [waitsOnPath('Listening', '/a\n'), 'Listening on /a\\x0a\n'],
  [receivedOnPath('/a'), 'Connection received on /a\n'],
  [
    complaint('nc', lookUpFailed('nosuch.lab', 22, 'Name or service not known')),
    'nc: getaddrinfo for host "nosuch.lab" port 22: Name or service not known\n',
  ],
  [stealthHint('nc', 137), 'nc: port 137 looks stealth: no answer yet; Ctrl-C ends this, -w limits it\n'],
  [
    complain('nc', new ResolveError('x', 'ENOTFOUND', 'Name or service not known')),
    'nc: getaddrinfo: Name or service not known\n',
  ],
  [complain('nc', new LocalFault('EACCES', 'cannot write f')), 'nc: cannot write f\n'],
  [answerFailed('nc', 'EPIPE'), 'nc: Write Error!: Broken pipe\n'],
])('says %j', (line, said) => {
  expect(line).toBe(said)
})

it.each([
  ['ttl', 'EINVAL', 4, 'client', 'set IP TTL: Invalid argument'],
  ['ttl', 'EINVAL', 6, 'client', 'set IPv6 unicast hops: Invalid argument'],
  ['minTtl', 'EINVAL', 4, 'client', 'set IP min TTL: Invalid argument'],
  ['tos', 'EPERM', 6, 'client', 'set IPv6 traffic class: Operation not permitted'],
  ['receiveBuffer', 'ENOTSUP', 4, 'client', '-I needs Linux and the optional package koffi'],
  ['unixDatagrams', 'ENOTSUP', 4, 'listener', '-uU needs Linux and the optional package koffi'],
  ['debug', 'EACCES', 4, 'client', 'Permission denied'],
  ['source', 'EADDRINUSE', 4, 'client', 'bind failed: Address already in use'],
  ['bind', 'EADDRNOTAVAIL', 4, 'client', 'bind failed: Cannot assign requested address'],
  ['bind', 'EADDRINUSE', 4, 'listener', 'Address already in use'],
  [undefined, 'EMFILE', 4, 'client', 'Too many open files'],
] as const)('a local fault about %s (%s, IPv%i, %s) is %j', (about, code, family, role, said) => {
  expect(localFaultMessage(new LocalFault(code, '', about), role, family)).toBe(said)
})

it.each([
  [socks5Failed(2), 'connection failed, SOCKSv5 error: Connection not allowed by ruleset'],
  [socks5Failed(8), 'connection failed, SOCKSv5 error: Address type not supported'],
  [socks5Failed(9), 'connection failed, SOCKSv5 error: Unknown error'],
  [socks4Failed(93), 'connection failed, SOCKSv4 error: Client program and identd report different user-ids'],
  [socks4Failed(94), 'connection failed, SOCKSv4 error: Unknown error'],
  [
    socks4LookUpFailed('fd77::2', 22, 'Address family for hostname not supported'),
    'getaddrinfo("fd77::2", "22"): Address family for hostname not supported',
  ],
  [httpProxyFailed('HTTP/1.0 403 Forbidden'), 'Proxy error: "HTTP/1.0 403 Forbidden"'],
  [proxyReadFailed(0, 4), 'read failed (0/4): Broken pipe'],
  [proxyWriteFailed(0, 3, 'ECONNRESET'), 'write failed (0/3): Connection reset by peer'],
  [proxyPassword('bob', '10.77.0.2'), 'Proxy password for bob@10.77.0.2: '],
  [PROXY.noMethod, 'authentication method negotiation failed'],
])('of a proxy: %j', (message, said) => {
  expect(message).toBe(said)
})

const timed = { rttNs: undefined, clock: 'kernel', elapsedNs: 1, syns: 1 } as const
const icmp = (family: 4 | 6, type: number, code: number): Observation => ({
  kind: 'icmp-error',
  family,
  type,
  code,
  from: undefined,
  ...timed,
})

describe('what came of a connection is called as Linux would', () => {
  it.each<[Observation, string]>([
    [{ kind: 'refused', by: 'rst', ...timed }, 'Connection refused'],
    [icmp(4, 3, 0), 'Network is unreachable'],
    [icmp(4, 3, 1), 'No route to host'],
    [icmp(4, 3, 2), 'Protocol not available'],
    [icmp(4, 3, 3), 'Connection refused'],
    [icmp(4, 3, 4), 'Message too long'],
    [icmp(4, 3, 5), 'Operation not supported'],
    [icmp(4, 3, 7), 'Host is down'],
    [icmp(4, 3, 8), 'Machine is not on the network'],
    [icmp(4, 3, 10), 'No route to host'],
    [icmp(4, 3, 13), 'No route to host'],
    [icmp(4, 3, 99), 'No route to host'],
    [icmp(4, 11, 0), 'No route to host'],
    [icmp(4, 12, 0), 'Protocol error'],
    [icmp(6, 1, 0), 'Network is unreachable'],
    [icmp(6, 1, 1), 'Permission denied'],
    [icmp(6, 1, 3), 'No route to host'],
    [icmp(6, 1, 4), 'Connection refused'],
    [icmp(6, 1, 6), 'Permission denied'],
    [icmp(6, 1, 99), 'Protocol error'],
    [icmp(6, 3, 0), 'No route to host'],
    [{ kind: 'unreachable', code: 'EHOSTDOWN', ...timed }, 'Host is down'],
    [{ kind: 'silence', waitedNs: 1, syns: 7 }, 'Connection timed out'],
    [
      { kind: 'handshake', reset: true, local: { address: '::1', port: 1 }, ...timed },
      'Connection reset by peer',
    ],
  ])('%j', (observation, said) => {
    expect(strerror(errnoOfFact(observation))).toBe(said)
  })

  it('an error that has no text is named', () => {
    expect(strerror('EWEIRD')).toBe('Unknown error EWEIRD')
    expect(strerror('constructor')).toBe('Unknown error constructor')
  })
})
