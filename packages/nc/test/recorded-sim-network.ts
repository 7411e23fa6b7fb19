import type { Behaviour, PeerScript, PortScript, World } from '@portkit/core/sim'

const PAGE = 'hello from the target\n'
const ANSWER = `HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`

/** A server that starts a process for each connection greets a little late. */
const GREETER: PeerScript = {
  kind: 'steps',
  steps: [
    { does: 'wait', seconds: 0.012 },
    { does: 'send', octets: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n' },
    { does: 'drain' },
  ],
}

/** A page for every request. */
export const HTTP: PeerScript = { kind: 'http', response: ANSWER }

/** TCP ports of the target that are rejected by ICMP over IPv4: type 3 and these codes. */
const REJECTED = { 8: 13, 10: 1, 11: 0, 12: 3, 13: 2, 14: 10 } as const

/** After so long the neighbour is found not to be there. */
const NO_NEIGHBOUR_MS = 3100

export function accepts(peer: PeerScript): Behaviour {
  return { does: 'accept', afterMs: 0.2, peer }
}

/** The world of the recorded runs (`recorded/README.md`), without the peers of a single run. */
export const NETWORK = {
  addresses: ['10.77.0.1', '10.77.0.11', 'fd77::1'],
  hosts: {
    localhost: ['::1', '127.0.0.1'],
    'target.lab': ['10.77.0.2'],
    'target4.lab': ['10.77.0.2'],
    'target6.lab': ['fd77::2'],
    'dual.lab': ['fd77::2', '10.77.0.2'],
    'multi.lab': ['10.77.0.3', '10.77.0.2'],
    '10.77.2': ['10.77.0.2'],
    '012.0115.0.2': ['10.77.0.2'],
    '172818434': ['10.77.0.2'],
    '0': ['0.0.0.0'],
  },
  names: { '127.0.0.1': 'localhost', '::1': 'localhost' },
  ports: {
    ...services('10.77.0.2'),
    ...services('[fd77::2]'),
    ...services('[fe80::2%lab0]'),
    ...rejecting(),
    // ICMPv6 errors are heard when the SYN is sent again.
    '[fd77::2]:8': { does: 'icmp', afterMs: 1000, type: 1, code: 1, from: 'fd77::2' },
    '10.77.0.3:22': { does: 'unreachable', afterMs: NO_NEIGHBOUR_MS, code: 'EHOSTUNREACH' },
    '10.99.0.1:22': fault('ENETUNREACH'),
    '10.98.0.1:22': fault('EHOSTUNREACH'),
    '10.97.0.1:22': fault('EACCES'),
    '10.96.0.1:22': fault('EINVAL'),
    '10.77.0.255:22': fault('ENETUNREACH'),
    '224.0.0.1:22': fault('ENETUNREACH'),
    '[fd99::1]:22': fault('ENETUNREACH'),
    '[fe80::2]:22': fault('EINVAL'),
  },
  datagrams: {
    '10.77.0.2:7': { does: 'echo' },
    '[fd77::2]:7': { does: 'echo' },
    '10.77.0.2:8': { does: 'icmp', type: 3, code: 13, from: '10.77.0.2' },
    // On a link this short the refusal of one datagram is there before the next is sent.
    '10.77.0.2:9': { does: 'closed', afterMs: 0 },
    '10.77.0.2:137': { does: 'drop' },
    '10.77.0.3:7': { does: 'drop' },
    '10.99.0.1:7': { does: 'fault', code: 'ENETUNREACH' },
    '10.77.0.255:7': { does: 'fault', code: 'EACCES' },
  },
  unix: { '/proc/x.sock': { does: 'fault', code: 'ENOENT' } },
  passFault: 'ENOTSOCK',
  files: {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    '/etc/services': `echo 7/tcp
echo 7/udp
discard 9/tcp sink null
discard 9/udp sink null
ftp-data 20/tcp
ftp 21/tcp
ssh 22/tcp
http 80/tcp www
netbios-ns 137/udp
shell 514/tcp cmd syslog
syslog 514/udp
mdns 5353/udp
http-alt 8080/tcp webcache
tproxy 8081/tcp
`,
  },
} as const satisfies World

function services(host: string): Readonly<Record<string, PortScript>> {
  return {
    [`${host}:22`]: accepts(GREETER),
    [`${host}:80`]: accepts(HTTP),
    [`${host}:137`]: { does: 'drop' },
  }
}

function rejecting(): Readonly<Record<string, PortScript>> {
  const entries = Object.entries(REJECTED).map(([port, code]) => {
    const script = { does: 'icmp', afterMs: 0.2, type: 3, code, from: '10.77.0.2' } as const
    return [`10.77.0.2:${port}`, script] as const
  })
  return Object.fromEntries(entries)
}

function fault(code: string): PortScript {
  return { does: 'fault', code, message: code, about: 'connect' }
}
