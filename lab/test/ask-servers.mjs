import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/**
 * Asks ports and prints what they answered: `ask-servers.mjs '[{"address":…,"port":…,"transport":"tcp","tls":false,"say":hex,"enough":source}]'`.
 * What a TCP port says is read until it matches `enough`, or ends. TLS ports tell their certificate's subject.
 */

/** How long one port may take, in milliseconds: its answer is then what came until then. */
const PATIENCE_MS = 15_000

/** Octets that are more than enough. */
const MOST = 100_000

/** @param {Record<string, string>} task @returns {Promise<string>} octets as characters */
function ask({ address = '', port, transport, tls, hex, say = '', enough = '' }) {
  const octets = Buffer.from(say, 'hex')
  const pattern = new RegExp(enough, 's')
  return new Promise((resolve) => {
    let heard = ''
    const finish = () => {
      clearTimeout(limit)
      resolve(heard)
      socket.removeAllListeners('error').on('error', () => {})
      if ('destroy' in socket) socket.destroy()
      else socket.close()
    }
    const limit = setTimeout(finish, PATIENCE_MS)
    const hear = (/** @type {Buffer} */ data) => {
      heard += data.toString('latin1')
      if (heard.length > MOST || pattern.test(hex ? Buffer.from(heard, 'latin1').toString('hex') : heard))
        finish()
    }
    const socket = open()
    socket.on('error', ({ message }) => {
      if (heard === '') heard = `error: ${message}`
      finish()
    })

    function open() {
      if (transport === 'udp') {
        const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4').on('message', hear)
        udp.send(octets, Number(port), address)
        return udp
      }
      if (tls) {
        const secure = connectTls({ host: address, port: Number(port), rejectUnauthorized: false })
        return secure.once('secureConnect', () =>
          hear(Buffer.from(`CN=${secure.getPeerCertificate().subject.CN}`)),
        )
      }
      const tcp = connect({ host: address, port: Number(port) }, () => tcp.write(octets))
      return tcp.on('data', hear).on('end', finish)
    }
  })
}

const tasks = /** @type {Record<string, string>[]} */ (JSON.parse(process.argv[2] ?? '[]'))
process.stdout.write(JSON.stringify(await Promise.all(tasks.map(ask))))
