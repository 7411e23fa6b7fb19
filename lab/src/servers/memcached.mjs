const memcache = {
  protocol: 'memcached',
  product: 'Memcached',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('memcached'),
}

/** A datagram begins with four numbers of 16 bits: request, sequence, datagrams, reserved (memcached's protocol.txt). */
const DATAGRAM = Buffer.from('\x00\x07\x00\x00\x00\x01\x00\x00version\r\n', 'latin1')

/** @type {import('./server.mjs').Server} */
export const memcached = {
  name: 'memcached',
  runs: 'memcached',
  packages: ['memcached'],
  ports: [
    { port: 11211, ...memcache, answers: { say: 'version\r\n', with: /^VERSION \d/ } },
    {
      port: 11211,
      transport: 'udp',
      ...memcache,
      answers: { say: DATAGRAM, with: /^.{8}VERSION \d/s },
    },
  ],
  script: 'memcached -u memcache -l 0.0.0.0,:: -p 11211 -U 11211 -m 8 -t 1',
}
