import { connect, createServer } from 'node:net'
import { reader } from './reading.mjs'
import { hexDump, quote } from './text.mjs'

/**
 * A proxy that tells what it is asked. Words: the port, then `socks5`, `socks4` or `http`, then what it does wrong:
 * `fail:N` answers with that code, `fail` (http) with 403, `noauth` accepts no method, `auth:USER:PASSWORD` asks for them.
 *
 * @typedef {import('node:net').Socket} Socket
 * @typedef {{ readonly client: Socket, readonly reads: import('./reading.mjs').Reader,
 *   readonly tell: import('./peer.mjs').Tell, readonly quirk: string }} Call
 */

/** @param {readonly string[]} words @param {import('./peer.mjs').Tell} tell @returns {Promise<import('./peer.mjs').Peer>} */
export async function proxy([port, kind = '', quirk = ''], tell) {
  const serve = { socks5, socks4, http }[kind]
  if (serve === undefined) throw new Error(`no such proxy: ${kind}`)
  /** @type {Set<Socket>} */
  const clients = new Set()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    clients.add(client)
    serve({ client, reads: reader(client), tell, quirk })
      .catch((/** @type {Error & { code?: string }} */ error) => {
        tell(error.message === 'eof' ? 'eof' : `error ${error.code ?? error.message}`)
        client.destroy()
      })
      .finally(() => clients.delete(client))
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(port), '::', () => resolve(undefined))
  })
  return {
    over: new Promise(() => {}),
    stop() {
      for (const client of clients) client.destroy()
      server.close()
    },
  }
}

/** RFC 1928. @param {Call} call */
async function socks5({ client, reads, tell, quirk }) {
  const greeting = await reads.until((all) => all.length >= 2 && all.length >= 2 + (all[1] ?? 0))
  tell(`greeting ${hexDump(greeting)}`)
  if (quirk === 'noauth') {
    client.end(Buffer.from([5, 0xff]))
    return
  }
  client.write(Buffer.from([5, 0]))
  const request = await reads.until((all) => all.length >= 5 && all.length >= lengthOf(all))
  const [host, port] = destination(request)
  tell(`request ${hexDump(request)} = ${host} ${port}`)
  const code = codeIn(quirk)
  if (code !== undefined) {
    client.end(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
    return
  }
  const target = await open(host, port)
  client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
  await relay(client, target)
  tell('done')
}

/** The whole request, with four octets before the address and the port after it. @param {Buffer} request */
function lengthOf(request) {
  const type = request[3]
  if (type === 1) return 4 + 4 + 2
  return type === 4 ? 4 + 16 + 2 : 4 + 1 + (request[4] ?? 0) + 2
}

/** @param {Buffer} request @returns {[string, number]} */
function destination(request) {
  const port = request.readUInt16BE(request.length - 2)
  if (request[3] === 3) return [request.subarray(5, -2).toString('latin1'), port]
  const address = request.subarray(4, -2)
  if (request[3] === 1) return [[...address].join('.'), port]
  const groups = Array.from({ length: 8 }, (_, i) => address.readUInt16BE(2 * i).toString(16))
  return [new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1), port]
}

/** @param {Call} call */
async function socks4({ client, reads, tell, quirk }) {
  const request = await reads.until((all) => all.length >= 9 && all.at(-1) === 0)
  tell(`request ${hexDump(request)}`)
  const code = codeIn(quirk)
  const answer = Buffer.from([0, code ?? 90, 0, 0, 0, 0, 0, 0])
  if (code !== undefined) {
    client.end(answer)
    return
  }
  const target = await open([...request.subarray(4, 8)].join('.'), request.readUInt16BE(2))
  client.write(answer)
  await relay(client, target)
  tell('done')
}

/** @param {Call} call */
async function http({ client, reads, tell, quirk }) {
  const request = await reads.until((all) => all.includes('\r\n\r\n'))
  tell(`request ${quote(request)}`)
  const refuse = (/** @type {string} */ status) => void client.end(`HTTP/1.0 ${status}\r\n\r\n`)
  if (quirk === 'fail') return refuse('403 Forbidden')
  const secret = Buffer.from(quirk.replace(/^auth:/, '')).toString('base64')
  if (quirk.startsWith('auth:') && !request.includes(`Proxy-Authorization: Basic ${secret}\r\n`))
    return refuse('407 Proxy Authentication Required')
  const [, host = '', port = ''] = /^CONNECT \[?([^\s\]]+?)\]?:(\d+) /.exec(request.toString('latin1')) ?? []
  try {
    const target = await open(host, Number(port))
    client.write('HTTP/1.0 200 Connection established\r\n\r\n')
    await relay(client, target)
    tell('done')
  } catch (error) {
    tell(`502 ${error instanceof Error && 'code' in error ? error.code : error}`)
    refuse('502 Bad Gateway')
  }
}

/** @param {string} quirk */
function codeIn(quirk) {
  const code = /^fail:(\d+)$/.exec(quirk)?.[1]
  return code === undefined ? undefined : Number(code)
}

/** @param {string} host @param {number} port @returns {Promise<Socket>} */
function open(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}

/** Until both sides have ended. @param {Socket} client @param {Socket} target */
async function relay(client, target) {
  const ended = [client, target].map(
    (socket) =>
      new Promise((resolve) => {
        socket.once('close', resolve)
        // Whoever resets one side has the other one closed as well.
        socket.on('error', () => {
          client.destroy()
          target.destroy()
        })
      }),
  )
  client.removeAllListeners('data')
  client.removeAllListeners('end')
  client.pipe(target)
  target.pipe(client)
  await Promise.all(ended)
}
