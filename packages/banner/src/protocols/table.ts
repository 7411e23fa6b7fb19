import type { Transport } from '@portkit/core'
import type { Protocol } from '../model/protocol.ts'
import { cassandra } from './data/cassandra.ts'
import { memcached } from './data/memcached.ts'
import { mongodb } from './data/mongodb.ts'
import { mssql } from './data/mssql.ts'
import { mysql } from './data/mysql.ts'
import { postgresql } from './data/postgresql.ts'
import { redis } from './data/redis.ts'
import { zookeeper } from './data/zookeeper.ts'
import { kerberos } from './directory/kerberos.ts'
import { ldap } from './directory/ldap.ts'
import { ftp } from './files/ftp.ts'
import { git } from './files/git.ts'
import { nbd } from './files/nbd.ts'
import { nfs } from './files/nfs.ts'
import { rpcbind } from './files/rpcbind.ts'
import { rsync } from './files/rsync.ts'
import { smb } from './files/smb.ts'
import { svn } from './files/svn.ts'
import { tftp } from './files/tftp.ts'
import { bgp } from './machines/bgp.ts'
import { coap } from './machines/coap.ts'
import { epmd } from './machines/epmd.ts'
import { gpsd } from './machines/gpsd.ts'
import { ntp } from './machines/ntp.ts'
import { nut } from './machines/nut.ts'
import { smux } from './machines/smux.ts'
import { snmp } from './machines/snmp.ts'
import { snmpV3 } from './machines/snmp-v3.ts'
import { zabbix } from './machines/zabbix.ts'
import { imap } from './mail/imap.ts'
import { lmtp } from './mail/lmtp.ts'
import { nntp } from './mail/nntp.ts'
import { pop3 } from './mail/pop3.ts'
import { sieve } from './mail/sieve.ts'
import { smtp } from './mail/smtp.ts'
import { dns } from './names/dns.ts'
import { mdns } from './names/mdns.ts'
import { netbiosNs } from './names/netbios-ns.ts'
import { ssdp } from './names/ssdp.ts'
import { amqp } from './queues/amqp.ts'
import { beanstalkd } from './queues/beanstalkd.ts'
import { kafka } from './queues/kafka.ts'
import { mqtt } from './queues/mqtt.ts'
import { nats } from './queues/nats.ts'
import { rdp } from './screens/rdp.ts'
import { vnc } from './screens/vnc.ts'
import { x11 } from './screens/x11.ts'
import { adb } from './shells/adb.ts'
import { ssh, sshBehindLines } from './shells/ssh.ts'
import { telnet } from './shells/telnet.ts'
import { chargen } from './small/chargen.ts'
import { daytime } from './small/daytime.ts'
import { discard } from './small/discard.ts'
import { echo } from './small/echo.ts'
import { finger } from './small/finger.ts'
import { ident } from './small/ident.ts'
import { time } from './small/time.ts'
import { bitcoin } from './talk/bitcoin.ts'
import { irc } from './talk/irc.ts'
import { minecraft } from './talk/minecraft.ts'
import { mpd } from './talk/mpd.ts'
import { rtsp } from './talk/rtsp.ts'
import { sip } from './talk/sip.ts'
import { stun } from './talk/stun.ts'
import { teamspeak } from './talk/teamspeak.ts'
import { xmpp } from './talk/xmpp.ts'
import { ike } from './tunnels/ike.ts'
import { openvpn } from './tunnels/openvpn.ts'
import { pptp } from './tunnels/pptp.ts'
import { socks4 } from './tunnels/socks4.ts'
import { socks5 } from './tunnels/socks5.ts'
import { tlsAlert } from './tunnels/tls-alert.ts'
import { torControl } from './tunnels/tor-control.ts'
import { wireguard } from './tunnels/wireguard.ts'
import { gopher } from './web/gopher.ts'
import { h2 } from './web/h2.ts'
import { http } from './web/http.ts'

/** All protocols, those first that are surest of what is theirs. */
export const PROTOCOLS: readonly Protocol[] = [
  echo,
  tlsAlert,
  ssh,
  vnc,
  rsync,
  svn,
  nbd,
  gpsd,
  mpd,
  mysql,
  nats,
  amqp,
  http,
  h2,
  rtsp,
  sip,
  ssdp,
  xmpp,
  redis,
  imap,
  pop3,
  sieve,
  lmtp,
  smtp,
  ftp,
  nntp,
  irc,
  telnet,
  adb,
  beanstalkd,
  bgp,
  bitcoin,
  cassandra,
  coap,
  dns,
  epmd,
  git,
  gopher,
  ident,
  ike,
  kafka,
  kerberos,
  ldap,
  mdns,
  memcached,
  minecraft,
  mongodb,
  mqtt,
  mssql,
  netbiosNs,
  nfs,
  ntp,
  nut,
  openvpn,
  postgresql,
  pptp,
  rdp,
  rpcbind,
  smb,
  smux,
  snmp,
  snmpV3,
  stun,
  teamspeak,
  tftp,
  torControl,
  x11,
  zabbix,
  zookeeper,
  finger,
  daytime,
  chargen,
  time,
  socks5,
  socks4,
  discard,
  wireguard,
  sshBehindLines,
]

/** The protocols that usually have this port, without TLS. */
export function usualAt(port: number, transport: Transport): readonly Protocol[] {
  return PROTOCOLS.filter(({ ports }) => ports[transport]?.includes(port))
}

/** The protocols that usually have this port inside TLS. */
export function usualInTls(port: number): readonly Protocol[] {
  return PROTOCOLS.filter(({ tlsPorts }) => tlsPorts?.includes(port))
}

export function protocolNamed(name: string): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.name === name)
}
