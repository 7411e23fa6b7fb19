import { HOME } from './server.mjs'

const PING = 'PING\r\n'
const redis = {
  protocol: 'redis',
  product: 'Redis',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('redis-server'),
}

/** At its own port, in TLS, behind a password, and at a port that says nothing of it. @type {import('./server.mjs').Server} */
export const redisServer = {
  name: 'redis',
  runs: 'Redis',
  packages: ['redis-server'],
  ports: [
    { port: 6379, ...redis, answers: { say: PING, with: /^\+PONG/ } },
    { port: 6380, tls: true, ...redis },
    { port: 6381, protocol: 'redis', answers: { say: PING, with: /^-NOAUTH/ } },
    { port: 16379, ...redis, answers: { say: PING, with: /^\+PONG/ } },
  ],
  files: ({ key, cert }) => ({ 'key.pem': key, 'cert.pem': cert }),
  script: `
start() { redis-server --bind '*' '::*' --protected-mode no --save '' --dir ${HOME} "$@"; }
start --port 6379 --tls-port 6380 --tls-cert-file cert.pem --tls-key-file key.pem --tls-ca-cert-file cert.pem \\
  --tls-auth-clients no &
start --port 6381 --requirepass secret &
start --port 16379
`,
}
