import { HOME } from './server.mjs'

const ftp = {
  protocol: 'ftp',
  product: 'vsftpd',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('vsftpd'),
}

/** FTP with AUTH TLS, and FTP in TLS. @type {import('./server.mjs').Server} */
export const vsftpd = {
  name: 'vsftpd',
  runs: 'vsFTPd',
  packages: ['vsftpd'],
  ports: [
    { port: 21, startTls: true, ...ftp, answers: { with: /^220 \(vsFTPd / } },
    { port: 990, tls: true, ...ftp },
  ],
  files: ({ key, cert }) => ({
    'both.pem': `${key}\n${cert}\n`,
    'plain.conf': `${COMMON}listen_port=21\n`,
    'secure.conf': `${COMMON}listen_port=990\nimplicit_ssl=YES\n`,
  }),
  script: `
mkdir -m 755 empty
vsftpd ${HOME}/plain.conf &
vsftpd ${HOME}/secure.conf
`,
}

const COMMON = `listen_ipv6=YES
background=NO
anonymous_enable=YES
ssl_enable=YES
allow_anon_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file=${HOME}/both.pem
secure_chroot_dir=${HOME}/empty
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
`
