import { HOME } from './server.mjs'

const SETTINGS = {
  listen_addresses: '*',
  unix_socket_directories: '',
  ssl: 'on',
  ssl_cert_file: `${HOME}/cert.pem`,
  ssl_key_file: `${HOME}/key.pem`,
  fsync: 'off',
  shared_buffers: '1MB',
  max_connections: '20',
  autovacuum: 'off',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
}

/** An SSLRequest (PostgreSQL manual, Message Formats). */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex')

/** @type {import('./server.mjs').Server} */
export const postgresql = {
  name: 'postgresql',
  runs: 'PostgreSQL',
  packages: ['postgresql'],
  ports: [
    {
      port: 5432,
      startTls: true,
      protocol: 'postgresql',
      product: 'PostgreSQL',
      answers: { say: SSL_REQUEST, with: /^S$/ },
    },
  ],
  files: ({ key, cert }) => ({ 'key.pem': key, 'cert.pem': cert }),
  script: `
chown postgres . *.pem
chmod 600 key.pem
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
as='setpriv --reuid postgres --regid postgres --clear-groups'
$as $bin/initdb -D ${HOME}/data -N -A scram-sha-256 -U postgres --pwfile=/etc/hostname --no-instructions >initdb.log ||
  cat initdb.log
echo 'host all all all scram-sha-256' >>data/pg_hba.conf
$as $bin/postgres -D ${HOME}/data ${Object.entries(SETTINGS)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ')}
`,
  ready: /ready to accept connections/,
}
