import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judging } from '../src/dialogue/judge.ts'
import type { DetectContext, Protocol } from '../src/model/protocol.ts'
import type { Service } from '../src/model/service.ts'
import { PROTOCOLS } from '../src/protocols/table.ts'
import { contextOf, octetsOf, type Recorded, recorded } from './detector-kit.ts'
import { RECORDED_TRUTH, type Truth } from './recorded-truth.ts'

/** Probes that are one of ours, by its protocol's name; all others are told by their own name. */
const ASKED: Readonly<Record<string, string>> = {
  greeting: 'nothing',
  'http-get': 'http',
  'http-404': 'http',
  'http-options': 'http',
  'http11-get': 'http',
  'dns-version': 'dns',
  'ldap-rootdse': 'ldap',
  'memcache-version': 'memcached',
  'mqtt-connect': 'mqtt',
  'pg-ssl': 'postgresql',
  'pg-startup': 'postgresql',
  'redis-info': 'redis',
  'redis-ping': 'redis',
  'rpc-dump': 'rpcbind',
  rsyncd: 'rsync',
  smb2: 'smb',
  nbss: 'smb',
}

/** Probes whose octets no echo server sent back. */
const SENT: Readonly<Record<string, string>> = {
  ehlo: 'EHLO probe.example.test\r\n',
  ftp: 'FEAT\r\n',
  imap: 'a CAPABILITY\r\n',
  pop3: 'CAPA\r\n',
  ssh: 'SSH-2.0-probe\r\n',
}

/** What was asked over UDP by the port, and the end of it, which the recording leaves out. */
const DATAGRAMS: Readonly<Record<number, readonly [asked: string, rest: string, server?: string]>> = {
  13: ['daytime', ''],
  19: ['chargen', ''],
  53: ['dns', '640000100003'],
  111: ['rpcbind', '00'.repeat(16)],
  123: ['ntp', '00'.repeat(24), 'chrony'],
  137: ['netbios-ns', `${'41'.repeat(21)}0000210001`, 'nmbd'],
  161: ['snmp', '', 'snmpd'],
  5300: ['dns', '640000100003'],
  11211: ['memcached', ''],
}

/** The ends of SNMP's two requests: for sysDescr, and for all of the system's group. */
const SNMP: Readonly<Record<string, string>> = {
  udp0: '020100300b300906052b060102010500',
  udp1: '020100300e300c06082b060102010101000500',
}

const ECHOED = new Map(recorded('echo').map(({ probe, octets }) => [probe, octets]))

/** Echo's answers depend on what was sent only: they have a test of their own. */
const ANSWERS = recorded().filter(({ name, octets }) => name !== 'echo' && octets.length > 0)

function contextFor({ port, proto, tls, probe }: Recorded): DetectContext {
  const common = { port, transport: proto, secure: tls } as const
  const [asked, rest] = DATAGRAMS[port] ?? []
  if (proto === 'udp') {
    const [number = '', begun = ''] = probe.split(':')
    const end = asked === 'snmp' ? SNMP[number] : rest
    const sent = Uint8Array.from(Buffer.from(begun + (end ?? ''), 'hex'))
    return contextOf({ ...common, asked: asked ?? probe, sent })
  }
  const sent = probe === 'greeting' ? octetsOf('') : (ECHOED.get(probe) ?? octetsOf(SENT[probe] ?? '\r\n'))
  return contextOf({ ...common, asked: ASKED[probe] ?? probe, sent })
}

function titleOf({ name, port, proto, tls }: Recorded): string {
  const server = proto === 'udp' ? (DATAGRAMS[port]?.[2] ?? name) : name
  return `${server} ${proto}/${port}${tls ? ' in TLS' : ''}`
}

function truthOf(answer: Recorded): Truth | undefined {
  const truths = RECORDED_TRUTH[titleOf(answer)] ?? {}
  const named = Object.entries(truths).find(([probes]) => probes.split(' ').includes(answer.probe))
  return named?.[1] ?? truths['*']
}

const wordsOf = ({ protocol, product, version }: Service): string =>
  [protocol, product, version].filter((word) => word !== undefined).join(' ')

/** All that claim the answer: one, if they are sure of what is theirs. */
function claimsOf(protocols: readonly Protocol[], { octets, ...answer }: Recorded): readonly string[] {
  const context = contextFor({ octets, ...answer })
  return protocols.flatMap(({ name, detect }) => {
    const service = detect(octets, context)
    if (service === 'more') return [`${name} wants more at the end`]
    return service === undefined ? [] : [wordsOf(service)]
  })
}

describe('of all the protocols in the table', () => {
  it.each(ANSWERS.map((answer) => [titleOf(answer), answer.probe, answer] as const))(
    'only the right one claims what %s says to %s',
    (_, __, answer) => {
      const truth = truthOf(answer)
      expect(truth).toBeDefined()
      expect(claimsOf(PROTOCOLS, answer)).toEqual(typeof truth === 'string' ? [truth] : [])
    },
  )

  it.each(ANSWERS.map((answer) => [titleOf(answer), answer.probe, answer] as const))(
    'the first says the same of %s and %s when it comes octet by octet',
    (_, __, answer) => {
      const { octets } = answer
      const read = judging(PROTOCOLS, contextFor(answer))
      let judged = read(octets.subarray(0, 1), false)
      for (let length = 2; judged === 'more' && length <= octets.length; length += 1)
        judged = read(octets.subarray(0, length), false)
      if (judged === 'more') judged = read(octets, true)
      const truth = truthOf(answer)
      const words = judged === undefined || judged === 'more' ? undefined : wordsOf(judged.value.service)
      expect(words).toBe(typeof truth === 'string' ? truth : undefined)
    },
  )

  it('nobody claims silence', () => {
    const silent = recorded().filter(({ octets }) => octets.length === 0)
    expect(silent.length).toBeGreaterThan(20)
    for (const answer of silent) expect(claimsOf(PROTOCOLS, answer)).toEqual([])
  })

  it('echo claims what came back, and only that', () => {
    const echoes = recorded('echo').filter(({ octets }) => octets.some((octet) => octet > 0x20))
    expect(echoes.length).toBeGreaterThan(5)
    for (const { octets, proto } of echoes) {
      const context = contextOf({ transport: proto, asked: 'http', sent: octets })
      expect(judging(PROTOCOLS, context)(octets, true)).toMatchObject({
        value: { service: { protocol: 'echo' } },
      })
    }
  })
})

/** Answers that are not in the recordings, as the servers' manuals and specifications have them. */
const WRITTEN = [
  ['git', 'git', '0045ERR access denied or repository not exported: /no-such-repository'],
  ['svn', 'nothing', '( success ( 2 2 ( ) ( edit-pipeline svndiff1 ) ) ) '],
  [
    'nut Network UPS Tools upsd 2.8.0',
    'nut',
    'Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n',
  ],
  ['nut', 'http', 'ERR INVALID-ARGUMENT\n'],
  ['gpsd gpsd 3.22', 'nothing', '{"class":"VERSION","release":"3.22","proto_major":3,"proto_minor":14}\r\n'],
  ['mpd MPD', 'nothing', 'OK MPD 0.23.5\n'],
  ['ident', 'ident', '113 , 1 : ERROR : NO-USER\r\n'],
  ['nbd', 'nothing', 'NBDMAGICIHAVEOPT\0\x03'],
  ['vnc', 'nothing', 'RFB 003.008\n'],
  ['rdp', 'rdp', '\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\x01\x08\0\x01\0\0\0'],
  ['tor-control Tor', 'http', '514 Authentication required.\r\n'],
  ['tls', 'http', '\x15\x03\x01\0\x02\x02\x46'],
  ['tls', 'http', '\x15\x03\x03\0\x02\x02\x0a'],
  ['bgp', 'nothing', `${'\xff'.repeat(16)}\0\x15\x03\x06\x05`],
  [
    'teamspeak TeamSpeak',
    'nothing',
    'TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type "help"\n\r',
  ],
  ['zabbix Zabbix agent 6.0.14', 'zabbix', 'ZBXD\x01\x06\0\0\0\0\0\0\x006.0.14'],
  ['gopher', 'gopher', '1Programs\t/programs\tgopher.lan\t70\r\n.\r\n'],
] as const

it.each(WRITTEN)('only %s claims its answer to %s: %j', (words, asked, text) => {
  const context = contextOf({ asked, sent: octetsOf(asked === 'nothing' ? '' : 'x\r\n') })
  const claims = PROTOCOLS.map(({ detect }) => detect(octetsOf(text), context))
  const services = claims.filter((claim) => claim !== undefined && claim !== 'more')
  expect(services.map(wordsOf)).toEqual([words])
})

/** Things that anybody could say, and what looks like more than it is. */
const NOBODYS = [
  '',
  '\n',
  'OK\r\n',
  'ERROR\r\n',
  '? \r\n',
  '\0',
  '\0\0\0\0',
  'login: ',
  'Password: ',
  '500\r\n',
]

it.each(NOBODYS)('nobody claims %j, whatever was asked', (text) => {
  for (const asked of ['nothing', 'crlf', 'help', 'http']) {
    const sent = octetsOf(asked === 'nothing' ? '' : 'x\r\n')
    const claims = PROTOCOLS.map(({ detect }) => detect(octetsOf(text), contextOf({ asked, sent })))
    expect(claims.filter((claim) => claim !== undefined)).toEqual([])
  }
})

it('names no server that was not recorded', () => {
  const titles = new Set(ANSWERS.map(titleOf))
  expect(Object.keys(RECORDED_TRUTH).filter((title) => !titles.has(title))).toEqual([])
})

it('has every protocol in the table', async () => {
  const folder = new URL('../src/protocols/', import.meta.url)
  const names: string[] = []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  for (const file of files) {
    const module: Readonly<Record<string, unknown>> = await import(
      /* @vite-ignore */ new URL(file, folder).href
    )
    for (const value of Object.values(module)) if (isProtocol(value)) names.push(value.name)
  }
  expect(PROTOCOLS.map(({ name }) => name).sort()).toEqual(names.sort())
})

function isProtocol(value: unknown): value is Protocol {
  return typeof value === 'object' && value !== null && 'detect' in value && 'ports' in value
}
