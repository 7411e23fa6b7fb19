import { HOME } from './server.mjs'

/** A query for version.bind, TXT, CHAOS (RFC 1035 section 4.1, RFC 4892). */
const VERSION = Buffer.from('7061000000010000000000000776657273696f6e0462696e640000100003', 'hex')
const FRAMED = Buffer.concat([Buffer.from([0, VERSION.length]), VERSION])

const dns = {
  protocol: 'dns',
  product: 'BIND',
  version: (/** @type {import('./server.mjs').Versions} */ { whole }) => `${whole('bind9')}-Debian`,
}

/** DNS at its own port and at another one, over TCP and UDP. @type {import('./server.mjs').Server} */
export const bind = {
  name: 'bind9',
  runs: 'BIND',
  packages: ['bind9'],
  ports: [53, 2053].flatMap((port) => [
    { port, ...dns, answers: { say: FRAMED, with: /^..pa.*Debian/s } },
    {
      port,
      transport: /** @type {const} */ ('udp'),
      ...dns,
      answers: { say: VERSION, with: /^pa.*Debian/s },
    },
  ]),
  files: () => ({ 'named.conf': CONFIGURATION }),
  script: `named -g -n 1 -c ${HOME}/named.conf`,
}

const CONFIGURATION = `options {
  directory "${HOME}";
  listen-on port 53 { any; };
  listen-on port 2053 { any; };
  listen-on-v6 port 53 { any; };
  listen-on-v6 port 2053 { any; };
  pid-file none;
  lock-file none;
  session-keyfile "${HOME}/session.key";
  recursion no;
  dnssec-validation no;
  empty-zones-enable no;
  allow-query { any; };
};
controls { };
`
