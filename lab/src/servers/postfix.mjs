import { HOME } from './server.mjs'

const smtp = { protocol: 'smtp', product: 'Postfix' }
const greeting = { with: /^220 target\.lab ESMTP Postfix/ }

/** SMTP, submission and submissions. @type {import('./server.mjs').Server} */
export const postfix = {
  name: 'postfix',
  runs: 'Postfix',
  packages: ['postfix'],
  ports: [
    { port: 25, startTls: true, ...smtp, answers: greeting },
    { port: 587, startTls: true, ...smtp, answers: greeting },
    { port: 465, tls: true, ...smtp },
  ],
  covers: ['/var/spool/postfix', '/var/lib/postfix'],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'etc/main.cf': MAIN,
    'etc/master.cf': MASTER,
  }),
  script: `
cd /var/spool/postfix
mkdir active bounce corrupt defer deferred flush hold incoming private saved trace
chown postfix . * /var/lib/postfix
chown root .
mkdir pid
mkdir -m 730 maildrop && chown postfix:postdrop maildrop
mkdir -m 710 public && chown postfix:postdrop public
/usr/lib/postfix/sbin/master -d -c ${HOME}/etc
`,
}

const MAIN = `compatibility_level = 3.6
myhostname = target.lab
mydestination =
inet_interfaces = all
inet_protocols = all
smtpd_tls_cert_file = ${HOME}/cert.pem
smtpd_tls_key_file = ${HOME}/key.pem
smtpd_tls_security_level = may
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject
smtpd_client_connection_count_limit = 0
alias_maps =
local_recipient_maps =
`

const MASTER = `smtp inet n - n - - smtpd
submission inet n - n - - smtpd
submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
`
