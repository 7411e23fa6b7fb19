/**
 * What an answer is: protocol, product and version as they are read in its octets by eye; or nobody's, and
 * why.
 */
export type Truth = string | { readonly nobodys: string }

/** Probes, or `*` for those that are not named, and what their answers are. */
export type Truths = Readonly<Record<string, Truth>>

const all = (truth: Truth): Truths => ({ '*': truth })

const HTTP = 'http-get http-404 http-options http11-get'
const PAGE: Truth = { nobodys: 'a page without a head, as HTTP 0.9 had it' }
const HOSTILE: Truth = { nobodys: 'made to be taken for something that it is not' }

/** By server, port, and whether it was in TLS. */
export const RECORDED_TRUTH: Readonly<Record<string, Truths>> = {
  'daytime tcp/13': all('daytime'),
  'daytime udp/13': all('daytime'),
  'chargen tcp/19': all('chargen'),
  'chargen udp/19': all('chargen'),
  'vsftpd tcp/21': { greeting: 'ftp vsftpd 3.0.3', ftp: 'ftp' },
  'openssh tcp/22': {
    greeting: 'ssh OpenSSH 9.2p1',
    ssh: { nobodys: 'a key exchange; the identification came before it' },
  },
  'telnetd tcp/23': all('telnet'),
  'postfix tcp/25': { greeting: 'smtp Postfix', ehlo: 'smtp' },
  'time tcp/37': all('time'),
  'bind9 tcp/53': all('dns 9.18.49-1~deb12u3-Debian'),
  'bind9 udp/53': all('dns 9.18.49-1~deb12u3-Debian'),
  'fingerd tcp/79': all('finger'),
  'nginx tcp/80': all('http nginx 1.22.1'),
  'nginx-redirect tcp/81': all('http nginx 1.22.1'),
  'dovecot-pop3 tcp/110': {
    greeting: 'pop3 Dovecot',
    pop3: { nobodys: 'a list of capabilities; the greeting came before it' },
  },
  'rpcbind tcp/111': all('rpcbind'),
  'rpcbind udp/111': all('rpcbind'),
  'chrony udp/123': all('ntp'),
  'nmbd udp/137': all('netbios-ns'),
  'smbd-netbios tcp/139': { nbss: 'netbios-ssn', smb2: 'smb' },
  'dovecot-imap tcp/143': {
    greeting: 'imap Dovecot',
    imap: { nobodys: 'capabilities and a farewell; the greeting came before them' },
  },
  'snmpd udp/161': all('snmp'),
  'snmpd-smux tcp/199': all('smux'),
  'slapd tcp/389': all('ldap OpenLDAP'),
  'nginx-tls tcp/443': all('http nginx 1.22.1'),
  'nginx-tls tcp/443 in TLS': all('http nginx 1.22.1'),
  'smbd tcp/445': { nbss: 'netbios-ssn', smb2: 'smb' },
  'postfix-smtps tcp/465 in TLS': all('smtp Postfix'),
  'postfix-submission tcp/587': { greeting: 'smtp Postfix', ehlo: 'smtp' },
  'cupsd tcp/631': all('ipp CUPS 2.4.2'),
  'cupsd tcp/631 in TLS': all('ipp CUPS 2.4.2'),
  'slapd-ldaps tcp/636 in TLS': all('ldap OpenLDAP'),
  'rsyncd tcp/873': {
    greeting: 'rsync',
    rsyncd: { nobodys: 'a list of modules; the greeting came before it' },
  },
  'stunnel-telnets tcp/992 in TLS': all('telnet'),
  'dovecot-imaps tcp/993 in TLS': all('imap Dovecot'),
  'dovecot-pop3s tcp/995 in TLS': all('pop3 Dovecot'),
  'danted tcp/1080': { socks4: 'socks4', socks5: 'socks5' },
  'mosquitto tcp/1883': all('mqtt'),
  'dropbear tcp/2222': all('ssh Dropbear 2022.83'),
  'node-http tcp/3000': { '*': 'http', [HTTP]: 'http Express', rtsp: 'http Express' },
  'squid tcp/3128': all('http-proxy squid 5.7'),
  'mariadb tcp/3306': all('mysql MariaDB 10.11.19'),
  'mariadb-deny tcp/3307': all('mysql MariaDB'),
  'dnsmasq udp/5300': all('dns dnsmasq 2.90'),
  'postgresql tcp/5432': {
    '*': 'postgresql',
    'pg-ssl': { nobodys: 'one letter' },
    smb2: 'postgresql PostgreSQL',
  },
  'X11-Xvnc tcp/6001': all('x11 The X.Org Foundation 1.21.1.6'),
  'redis tcp/6379': { '*': 'redis', 'redis-info': 'redis Redis 7.0.15' },
  'redis-tls tcp/6380 in TLS': { '*': 'redis', 'redis-info': 'redis Redis 7.0.15' },
  'redis-auth tcp/6381': all('redis'),
  'hostile-escape tcp/6661': all(HOSTILE),
  'hostile-drip tcp/6663': all({ nobodys: 'one digit' }),
  'hostile-tlsgarbage tcp/6668': all(HOSTILE),
  'python-http tcp/8000': { '*': PAGE, [HTTP]: 'http SimpleHTTP 0.6' },
  'apache2 tcp/8080': all('http Apache 2.4.71'),
  'haproxy tcp/8404': { '*': 'http HAProxy', [HTTP]: 'http nginx 1.22.1' },
  'haproxy-503 tcp/8405': all('http HAProxy'),
  'mosquitto-tls tcp/8883 in TLS': all('mqtt'),
  'tor-socks tcp/9050': { '*': 'tor Tor', socks4: 'socks4', socks5: 'socks5' },
  'memcached tcp/11211': {
    '*': { nobodys: 'ERROR, and statistics in a form that others have too' },
    'memcache-version': 'memcached Memcached 1.6.18',
  },
  'memcached udp/11211': all('memcached Memcached 1.6.18'),
}
