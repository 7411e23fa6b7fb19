import { LINK_TYPE, type Transport } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { dissect, hasTshark, tsharkTitle } from '../../core/test/tshark.ts'
import { snmpV3 } from '../src/protocols/machines/snmp-v3.ts'
import { PROTOCOLS } from '../src/protocols/table.ts'
import { probeOf } from './detector-kit.ts'
import { packetOf } from './packet-of.ts'

const TRANSPORTS: readonly Transport[] = ['tcp', 'udp']

/** Wireshark's names of the protocols that it takes our probes for. It has none for the others, or knows them by no port. */
const NAMES: Readonly<Record<string, string>> = {
  bgp: 'bgp',
  bitcoin: 'bitcoin',
  coap: 'coap',
  dns: 'dns',
  echo: 'echo',
  git: 'git',
  gopher: 'gopher',
  http: 'http',
  ike: 'isakmp',
  irc: 'irc',
  kerberos: 'kerberos',
  ldap: 'ldap',
  mdns: 'mdns',
  memcached: 'memcache',
  mqtt: 'mqtt',
  'netbios-ns': 'nbns',
  nfs: 'rpc',
  ntp: 'ntp',
  openvpn: 'openvpn',
  postgresql: 'pgsql',
  pptp: 'pptp',
  rdp: 'rdp',
  redis: 'resp',
  rpcbind: 'rpc',
  rtsp: 'rtsp',
  sip: 'sip',
  smb: 'smb2',
  snmp: 'snmp',
  'snmp-v3': 'snmp',
  ssdp: 'ssdp',
  stun: 'stun',
  tftp: 'tftp',
  x11: 'x11',
  xmpp: 'xmpp',
}

interface Probe {
  readonly name: string
  readonly transport: Transport
  readonly port: number
  readonly octets: Uint8Array
}

/** Each protocol's question over each transport, at the first port that it has there. */
const probes: readonly Probe[] = [...new Set([...PROTOCOLS, snmpV3])].flatMap((protocol) =>
  TRANSPORTS.flatMap((transport) => {
    const port = protocol.ports[transport]?.[0]
    if (protocol.probe === undefined || port === undefined) return []
    return [{ name: protocol.name, transport, port, octets: probeOf(protocol, { port, transport }) }]
  }),
)
const known = probes.filter(({ name }) => NAMES[name] !== undefined)

describe.skipIf(!hasTshark)(tsharkTitle('what Wireshark finds in a probe'), () => {
  const packets = known.map(({ transport, port, octets }, i) => packetOf(transport, 40_000 + i, port, octets))
  const dissections = hasTshark ? dissect(packets, LINK_TYPE.raw, { applications: true }) : []

  it.each(known.map((probe, i) => [probe.name, probe.transport, i] as const))(
    'of %s over %s is just that',
    (name, _, i) => {
      const dissection = dissections[i]
      expect(dissection?.protocols.split(':')).toContain(NAMES[name])
      expect(dissection?.complaints).toEqual([])
    },
  )

  it('is looked at for most protocols that have one', () => {
    expect(known.length).toBeGreaterThan(30)
  })
})

describe('a datagram that asks', () => {
  const datagrams = probes.filter(({ transport }) => transport === 'udp')

  it.each(datagrams.map(({ name, octets }) => [name, octets.length] as const))(
    'for %s is a small one',
    (_, length) => {
      expect(length).toBeGreaterThan(0)
      expect(length).toBeLessThanOrEqual(512)
    },
  )
})
