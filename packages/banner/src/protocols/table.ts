import type { Transport } from '@portkit/core'
import type { Protocol } from '../model/protocol.ts'
import { adb } from './adb.ts'
import { bgp } from './bgp.ts'
import { bitcoin } from './bitcoin.ts'
import { chargen } from './chargen.ts'
import { daytime } from './daytime.ts'
import { discard } from './discard.ts'
import { distcc } from './distcc.ts'
import { dns } from './dns.ts'
import { echo } from './echo.ts'
import { finger } from './finger.ts'
import { ftp } from './ftp.ts'
import { git } from './git.ts'
import { gopher } from './gopher.ts'
import { gpsd } from './gpsd.ts'
import { h2 } from './h2.ts'
import { http } from './http.ts'
import { ident } from './ident.ts'
import { imap } from './imap.ts'
import { irc } from './irc.ts'
import { lmtp } from './lmtp.ts'
import { mdns } from './mdns.ts'
import { memcached } from './memcached.ts'
import { minecraft } from './minecraft.ts'
import { mpd } from './mpd.ts'
import { mysql } from './mysql.ts'
import { nbd } from './nbd.ts'
import { netbiosNs } from './netbios-ns.ts'
import { nfs } from './nfs.ts'
import { nntp } from './nntp.ts'
import { ntp } from './ntp.ts'
import { nut } from './nut.ts'
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
import { socks4 } from './socks4.ts'
import { socks5 } from './socks5.ts'
import { ssdp } from './ssdp.ts'
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

/** All protocols, those first that are surest of what is theirs. */
export const PROTOCOLS: readonly Protocol[] = [
  echo,
  tlsAlert,
  vnc,
  rsync,
  svn,
  nbd,
  gpsd,
  mpd,
  mysql,
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
  bgp,
  bitcoin,
  distcc,
  dns,
  git,
  gopher,
  ident,
  mdns,
  memcached,
  minecraft,
  netbiosNs,
  nfs,
  ntp,
  nut,
  postgresql,
  pptp,
  rdp,
  rpcbind,
  smb,
  smux,
  snmp,
  stun,
  teamspeak,
  tftp,
  torControl,
  x11,
  zabbix,
  finger,
  daytime,
  chargen,
  time,
  socks4,
  socks5,
  discard,
  wireguard,
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
