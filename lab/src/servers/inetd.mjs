import { HOME } from './server.mjs'

const tcp = /** @type {const} */ ({ transport: 'tcp' })
const udp = /** @type {const} */ ({ transport: 'udp' })

const echo = { port: 7, protocol: 'echo', answers: { say: 'Hello\n', with: /^Hello\n$/ } }
const discard = { port: 9 }
const daytime = { port: 13, protocol: 'daytime' }
const chargen = { port: 19, protocol: 'chargen' }
const time = { port: 37, protocol: 'time' }

/** Seconds since 1900 (RFC 868); on machines of 64 bits inetutils sends as many octets more. */
const SECONDS = /^[\xe0-\xff]...(\0{4})?$/s
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
    { ...time, ...tcp, answers: { with: SECONDS } },
    { ...time, ...udp, answers: { say: '\n', with: SECONDS } },
  ],
  files: () => ({
    'inetd.conf': ['echo', 'discard', 'daytime', 'chargen', 'time']
      .flatMap((name) => [
        `${name} stream tcp6 nowait root internal\n`,
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
    'inetd.conf': 'telnet stream tcp6 nowait root /usr/sbin/telnetd telnetd\n',
  }),
  script: `inetutils-inetd -d -R 100000 -p${HOME}/pid ${HOME}/inetd.conf`,
}

/** @type {import('./server.mjs').Server} */
export const fingerd = {
  name: 'fingerd',
  runs: 'BSD fingerd',
  packages: ['inetutils-inetd', 'fingerd', 'finger'],
  ports: [{ port: 79, protocol: 'finger', answers: { say: 'root\r\n', with: /root/ } }],
  files: () => ({
    'inetd.conf': 'finger stream tcp6 nowait nobody /usr/sbin/in.fingerd in.fingerd\n',
  }),
  script: `inetutils-inetd -d -R 100000 -p${HOME}/pid ${HOME}/inetd.conf`,
}
