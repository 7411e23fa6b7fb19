import { HOME } from './server.mjs'

const pop3 = { protocol: 'pop3', product: 'Dovecot' }
const imap = { protocol: 'imap', product: 'Dovecot' }

/** POP3 and IMAP, both also in TLS, LMTP and ManageSieve. @type {import('./server.mjs').Server} */
export const dovecot = {
  name: 'dovecot',
  runs: 'Dovecot',
  packages: ['dovecot-core', 'dovecot-pop3d', 'dovecot-imapd', 'dovecot-lmtpd', 'dovecot-managesieved'],
  ports: [
    { port: 110, startTls: true, ...pop3, answers: { with: /^\+OK Dovecot/ } },
    { port: 143, startTls: true, ...imap, answers: { with: /^\* OK \[CAPABILITY .*\] Dovecot/ } },
    { port: 995, tls: true, ...pop3 },
    { port: 993, tls: true, ...imap },
    { port: 24, protocol: 'lmtp', product: 'Dovecot', answers: { with: /^220 target\.lab Dovecot/ } },
    {
      port: 4190,
      startTls: true,
      protocol: 'sieve',
      product: 'Dovecot (Debian) Pigeonhole',
      answers: { with: /^"IMPLEMENTATION" "Dovecot/ },
    },
  ],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'dovecot.conf': CONFIGURATION,
  }),
  script: `
mkdir -m 755 base state
dovecot -F -c ${HOME}/dovecot.conf
`,
}

const CONFIGURATION = `protocols = imap pop3 lmtp sieve
listen = *, ::
base_dir = ${HOME}/base
state_dir = ${HOME}/state
log_path = /dev/stderr
ssl = yes
ssl_cert = <${HOME}/cert.pem
ssl_key = <${HOME}/key.pem
mail_location = maildir:${HOME}/mail/%u
hostname = target.lab
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${HOME}/mail/%u
}
service lmtp {
  inet_listener lmtp {
    port = 24
  }
}
`
