import { HOME } from './server.mjs'

/** A client's packet of version 4, with its time in the last eight octets (RFC 5905 section 7.3). */
const REQUEST = Buffer.from(`23${'00'.repeat(39)}7061706170617061`, 'hex')

/** A time server that never touches the machine's clock (`-x`). @type {import('./server.mjs').Server} */
export const chrony = {
  name: 'chrony',
  runs: 'chrony',
  packages: ['chrony'],
  ports: [
    {
      port: 123,
      transport: 'udp',
      protocol: 'ntp',
      answers: { say: REQUEST, with: /^2405.{44}7061706170617061/, hex: true },
    },
  ],
  files: () => ({
    'chrony.conf': `local stratum 5\nallow all\ncmdport 0\nbindcmdaddress /\npidfile ${HOME}/pid\n`,
  }),
  script: `chronyd -d -x -u root -f ${HOME}/chrony.conf`,
}
