import { HOME } from './server.mjs'

/** A SOCKS server that speaks version 5 only. @type {import('./server.mjs').Server} */
export const dante = {
  name: 'dante',
  runs: 'Dante',
  packages: ['dante-server'],
  ports: [{ port: 1080, protocol: 'socks5', answers: { say: '\x05\x01\0', with: /^0500$/, hex: true } }],
  files: () => ({
    'danted.conf': `logoutput: stderr
internal: lab0 port = 1080
external: lab0
socksmethod: none
clientmethod: none
client pass { from: 0/0 to: 0/0 }
socks pass { from: 0/0 to: 0/0 proxyprotocol: socks_v5 }
`,
  }),
  script: `danted -f ${HOME}/danted.conf -p ${HOME}/pid`,
}

/** A small HTTP proxy. @type {import('./server.mjs').Server} */
export const tinyproxy = {
  name: 'tinyproxy',
  runs: 'Tinyproxy',
  packages: ['tinyproxy', 'tinyproxy-bin'],
  ports: [
    {
      port: 8888,
      protocol: 'http-proxy',
      product: 'tinyproxy',
      version: ({ upstream }) => upstream('tinyproxy-bin'),
      answers: { say: 'GET / HTTP/1.0\r\n\r\n', with: /^HTTP\/1\.[01] \d{3} .*tinyproxy/s },
    },
  ],
  files: () => ({ 'tinyproxy.conf': 'Port 8888\nTimeout 30\nMaxClients 20\n' }),
  script: `tinyproxy -d -c ${HOME}/tinyproxy.conf`,
}
