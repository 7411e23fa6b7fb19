import type { Transport } from '@portkit/core'
import type { Protocol } from '../model/protocol.ts'
import { adb } from './adb.ts'
import { amqp } from './amqp.ts'
import { beanstalkd } from './beanstalkd.ts'
import { bgp } from './bgp.ts'
import { bitcoin } from './bitcoin.ts'
import { cassandra } from './cassandra.ts'
import { chargen } from './chargen.ts'
import { coap } from './coap.ts'
import { daytime } from './daytime.ts'
import { discard } from './discard.ts'
import { dns } from './dns.ts'
import { echo } from './echo.ts'
import { epmd } from './epmd.ts'
import { finger } from './finger.ts'
import { ftp } from './ftp.ts'
import { git } from './git.ts'
import { gopher } from './gopher.ts'
import { gpsd } from './gpsd.ts'
import { h2 } from './h2.ts'
import { http } from './http.ts'
import { ident } from './ident.ts'
import { ike } from './ike.ts'
import { imap } from './imap.ts'
import { irc } from './irc.ts'
import { kafka } from './kafka.ts'
import { kerberos } from './kerberos.ts'
import { ldap } from './ldap.ts'
import { lmtp } from './lmtp.ts'
import { mdns } from './mdns.ts'
import { memcached } from './memcached.ts'
import { minecraft } from './minecraft.ts'
import { mongodb } from './mongodb.ts'
import { mpd } from './mpd.ts'
import { mqtt } from './mqtt.ts'
import { mssql } from './mssql.ts'
import { mysql } from './mysql.ts'
import { nats } from './nats.ts'
import { nbd } from './nbd.ts'
import { netbiosNs } from './netbios-ns.ts'
import { nfs } from './nfs.ts'
import { nntp } from './nntp.ts'
import { ntp } from './ntp.ts'
import { nut } from './nut.ts'
import { openvpn } from './openvpn.ts'
import { pop3 } from './pop3.ts'
import { postgresql } from './postgresql.ts'
import { pptp } from './pptp.ts'
import { rdp } from './rdp.ts'
import { redis } from './redis.ts'
import { rpcbind } from './rpcbind.ts'
import { rsync } from './rsync.ts'
import { rtsp } from './rtsp.ts'
import { sieve } from './sieve.ts'
import { sip } from './sip.ts'
import { smb } from './smb.ts'
import { smtp } from './smtp.ts'
import { smux } from './smux.ts'
import { snmp } from './snmp.ts'
import { snmpV3 } from './snmp-v3.ts'
import { socks4 } from './socks4.ts'
import { socks5 } from './socks5.ts'
import { ssdp } from './ssdp.ts'
import { ssh, sshBehindLines } from './ssh.ts'
import { stun } from './stun.ts'
import { svn } from './svn.ts'
import { teamspeak } from './teamspeak.ts'
import { telnet } from './telnet.ts'
import { tftp } from './tftp.ts'
import { time } from './time.ts'
import { tlsAlert } from './tls-alert.ts'
import { torControl } from './tor-control.ts'
import { vnc } from './vnc.ts'
import { wireguard } from './wireguard.ts'
import { x11 } from './x11.ts'
import { xmpp } from './xmpp.ts'
import { zabbix } from './zabbix.ts'
import { zookeeper } from './zookeeper.ts'

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
