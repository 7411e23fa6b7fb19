import { createServer } from 'node:net'
import { createGzip } from 'node:zlib'

/**
 * Serves the hostile ports: `hostile-program.mjs '{"silent":6600,…}'`, a port for each behaviour.
 * @typedef {import('node:net').Socket} Socket
 */

const ESCAPES =
  '\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \u202egnihtemos\u202c\u2066x\u2069 \x9b5n \x00\x7f\r\n\x1b]52;c;cm0gLXJmCg==\x07\n'

/** Valid UTF-8 as above, and octets that are not. */
const NASTY = Buffer.concat([
  Buffer.from(ESCAPES),
  Buffer.from([0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0x9b, 0x0a]),
])

/** Octets of zeroes in the compressed page, before they are compressed. */
const BOMB = 256 * 1024 * 1024

/** @type {Readonly<Record<string, (socket: Socket) => void>>} */
const DOES = {
  silent: (socket) => socket.resume(),
  closes: (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
  drips,
  endless: (socket) => pour(socket, Buffer.alloc(65_536, 'y')),
  megabyte: (socket) => socket.resume().write(Buffer.alloc(1024 * 1024, 'z')),
  garbageTls: (socket) => socket.once('data', () => socket.resume().write(garbage())),
  escapes: (socket) => socket.resume().write(NASTY),
  redirects: (socket) => socket.on('data', (asked) => socket.end(redirect(String(asked)))),
  bomb: (socket) => socket.once('data', () => bomb(socket.resume())),
  headers: (socket) => socket.once('data', () => socket.end(headers())),
  lyingSsh: (socket) => socket.resume().write('SSH-2.0-\x1b]0;owned\x07\x1b[8mOpenSSH_9.9\u202e \x9b\r\n'),
}

/** One octet a second, for ever. @param {Socket} socket */
function drips(socket) {
  const drip = () => socket.write('x')
  const timer = setInterval(drip, 1000)
  socket.resume().once('close', () => clearInterval(timer))
  drip()
}

/** As fast as it is read. @param {Socket} socket @param {Buffer} octets */
function pour(socket, octets) {
  const more = () => {
    while (!socket.destroyed && socket.write(octets));
  }
  socket.resume().on('drain', more)
  more()
}

/** A record of a handshake that is as long as can be, and makes no sense. */
function garbage() {
  return Buffer.concat([
    Buffer.from([22, 3, 3, 0x40, 0]),
    Buffer.alloc(0x4000, '\x02\xff\xff\xfe\x03', 'latin1'),
  ])
}

/** Every page leads to two more. @param {string} asked */
function redirect(asked) {
  const path = /^\w+ (\/\S*)/.exec(asked)?.[1] ?? '/'
  return `HTTP/1.1 302 Found\r\nLocation: ${path === '/a' ? '/b' : '/a'}\r\nContent-Length: 0\r\n\r\n`
}

/** A page of a few hundred kilobytes that is a quarter of a gigabyte. @param {Socket} socket */
function bomb(socket) {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n')
  const gzip = createGzip({ level: 9 })
  const zeroes = Buffer.alloc(65_536)
  let left = BOMB
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left -= zeroes.length
      if (!gzip.write(zeroes)) return
    }
    gzip.end()
  }
  gzip.on('drain', more).pipe(socket)
  more()
}

function headers() {
  const server = Buffer.from('Server: \x1b[2J\x1b]0;owned\x07\u202enginx/9.9\r\n')
  const cell = Buffer.from("X-Powered-By: =cmd|' /C calc'!A0\r\nLocation: javascript:alert(1)\r\n")
  const page = Buffer.from(
    `\r\n<title>\x1b[31m"><script>alert(1)</script>\u202e\x00${'t'.repeat(100_000)}</title>`,
  )
  return Buffer.concat([Buffer.from('HTTP/1.1 200 OK\x1b[5m\r\n'), server, cell, page])
}

for (const [name, port] of Object.entries(JSON.parse(process.argv[2] ?? '{}'))) {
  const server = createServer({ noDelay: true }, (socket) => {
    // Whoever asks may well be gone before our answer.
    socket.on('error', () => socket.destroy())
    DOES[name]?.(socket)
  })
  server.listen(Number(port), '::')
}
