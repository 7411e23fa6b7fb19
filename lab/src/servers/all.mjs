import { apache } from './apache.mjs'
import { bind } from './bind.mjs'
import { chrony } from './chrony.mjs'
import { dovecot } from './dovecot.mjs'
import { dropbear } from './dropbear.mjs'
import { git } from './git.mjs'
import { hostile } from './hostile.mjs'
import { fingerd, inetd, telnetd } from './inetd.mjs'
import { mariadb } from './mariadb.mjs'
import { memcached } from './memcached.mjs'
import { mosquitto } from './mosquitto.mjs'
import { nginx } from './nginx.mjs'
import { ngircd } from './ngircd.mjs'
import { openssh } from './openssh.mjs'
import { postfix } from './postfix.mjs'
import { postgresql } from './postgresql.mjs'
import { prosody } from './prosody.mjs'
import { dante, tinyproxy } from './proxies.mjs'
import { redisServer } from './redis.mjs'
import { rpcbind } from './rpcbind.mjs'
import { rsync } from './rsync.mjs'
import { samba } from './samba.mjs'
import { slapd } from './slapd.mjs'
import { beanstalkd, svnserve } from './small.mjs'
import { snmpd } from './snmpd.mjs'
import { squid } from './squid.mjs'
import { vsftpd } from './vsftpd.mjs'

/** Those that take longest to start come first. @type {readonly import('./server.mjs').Server[]} */
export const SERVERS = [
  postgresql,
  mariadb,
  samba,
  postfix,
  squid,
  prosody,
  apache,
  beanstalkd,
  bind,
  chrony,
  dante,
  dovecot,
  dropbear,
  fingerd,
  git,
  hostile,
  inetd,
  memcached,
  mosquitto,
  nginx,
  ngircd,
  openssh,
  redisServer,
  rpcbind,
  rsync,
  slapd,
  snmpd,
  svnserve,
  telnetd,
  tinyproxy,
  vsftpd,
]
