import { HOME } from './server.mjs'

const tcp = /** @type {const} */ ({ transport: 'tcp' })
const udp = /** @type {const} */ ({ transport: 'udp' })

const echo = { port: 7, protocol: 'echo', answers: { say: 'Hello\n', with: /^Hello\n$/ } }
const discard = { port: 9 }
const daytime = { port: 13, protocol: 'daytime' }
const chargen = { port: 19, protocol: 'chargen' }
const time = { port: 37, protocol: 'time' }

const DATE = /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\r\n$/

/** What inetd has inside, telnet and finger. @type {import('./server.mjs').Server} */
export const inetd = {
  name: 'inetd',
  runs: 'GNU inetutils',
  packages: ['inetutils-inetd'],
  ports: [
    { ...echo, ...tcp },
    { ...echo, ...udp },
    { ...discard, ...tcp, outcome: 'silent' },
    { ...discard, ...udp, outcome: 'silent' },
    { ...daytime, ...tcp, answers: { with: DATE } },
    { ...daytime, ...udp, answers: { say: '\n', with: DATE } },
    { ...chargen, ...tcp, answers: { with: /^ !"#\$%&/ } },
    { ...chargen, ...udp, answers: { say: '\n', with: /[!-~]{20}/ } },
    { ...time, ...tcp, answers: { with: /^[\xe0-\xff]...$/s } },
    { ...time, ...udp, answers: { say: '\n', with: /^[\xe0-\xff]...$/s } },
  ],
  files: () => ({
    'inetd.conf': ['echo', 'discard', 'daytime', 'chargen', 'time']
      .flatMap((name) => [
        `${name} stream tcp4 nowait root internal\n${name} stream tcp6 nowait root internal\n`,
        `${name} dgram udp4 wait root internal\n${name} dgram udp6 wait root internal\n`,
      ])
      .join(''),
  }),
  script: `inetutils-inetd -d -R 100000 -p${HOME}/pid ${HOME}/inetd.conf`,
}

/** @type {import('./server.mjs').Server} */
export const telnetd = {
  name: 'telnetd',
  runs: 'GNU inetutils telnetd',
  packages: ['inetutils-inetd', 'inetutils-telnetd'],
  ports: [{ port: 23, protocol: 'telnet', answers: { with: /^\xff[\xfb-\xfe]/ } }],
  files: () => ({
    'inetd.conf': ['tcp4', 'tcp6']
      .map((kind) => `telnet stream ${kind} nowait root /usr/sbin/telnetd telnetd\n`)
      .join(''),
  }),
  script: `inetutils-inetd -d -R 100000 -p${HOME}/pid ${HOME}/inetd.conf`,
}

/** @type {import('./server.mjs').Server} */
export const fingerd = {
  name: 'fingerd',
  runs: 'efingerd',
  packages: ['inetutils-inetd', 'efingerd'],
  ports: [{ port: 79, protocol: 'finger', answers: { say: 'root\r\n', with: /root/ } }],
  files: () => ({
    'inetd.conf': ['tcp4', 'tcp6']
      .map((kind) => `finger stream ${kind} nowait efingerd /usr/sbin/efingerd efingerd -n -l\n`)
      .join(''),
  }),
  script: `inetutils-inetd -d -R 100000 -p${HOME}/pid ${HOME}/inetd.conf`,
}
