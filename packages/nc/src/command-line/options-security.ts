import { nonEmpty, type OptionTable } from '@portkit/core'
import { protocolList, proxyProtocol } from './options-values.ts'

const PROXY = 'Through a proxy'
const TLS = 'TLS'

export const PROXIES = {
  proxy: {
    kind: 'value',
    short: 'x',
    placeholder: 'HOST[:PORT]',
    completes: 'host',
    describe: 'Connect through this proxy; its port is 1080, for HTTP 3128',
    group: PROXY,
  },
  'proxy-type': {
    kind: 'value',
    short: 'X',
    placeholder: '4|4A|5|connect',
    coerce: proxyProtocol,
    describe: 'SOCKS 4, 4A or 5 (default), or HTTP CONNECT',
    group: PROXY,
  },
  'proxy-user': {
    kind: 'value',
    short: 'P',
    placeholder: 'NAME',
    describe: 'User for an HTTP proxy; asks for the password',
    group: PROXY,
  },
} as const satisfies OptionTable

export const ENCRYPTION = {
  tls: { kind: 'flag', describe: 'Speak TLS; certificates of servers must be valid', group: TLS },
  'tls-insecure': { kind: 'flag', describe: 'Trust any certificate', group: TLS },
  sni: {
    kind: 'value',
    placeholder: 'NAME',
    coerce: nonEmpty,
    completes: 'host',
    describe: 'Name to ask for and to check, in place of the host',
    group: TLS,
  },
  ca: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe:
      'Trust these certificates (PEM) in place of the usual ones; a listener then wants one of its clients',
    group: TLS,
  },
  cert: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Our own certificate (PEM); a listener needs one',
    group: TLS,
  },
  key: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Its private key (PEM)',
    group: TLS,
  },
  alpn: {
    kind: 'value',
    placeholder: 'LIST',
    coerce: protocolList,
    describe: 'Protocols offered or accepted, best first: h2,http/1.1',
    group: TLS,
  },
} as const satisfies OptionTable
