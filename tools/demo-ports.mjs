// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createWebServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './root.mjs'

const HOST = '127.0.0.1'
const SILENCE_MS = 300
const MOST_FILLERS = 64

/**
 * @typedef {object} DemoPort
 * @property {number} port on 127.0.0.1
 * @property {() => void} close
 */

/**
 * A port that accepts, and hangs up when its peer does.
 * @returns {Promise<DemoPort>}
 */
export async function openPort() {
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  server.listen(0, HOST)
  await once(server, 'listening')
  return { port: portOf(server.address()), close: () => server.close() }
}

/**
 * A port with a web page.
 * @returns {Promise<DemoPort>}
 */
export async function webPort() {
  const server = createWebServer((_, response) => void response.end('<title>A page on loopback</title>\n'))
  server.listen(0, HOST)
  await once(server, 'listening')
  return { port: portOf(server.address()), close: () => server.close() }
}

/**
 * A port that refuses: the near end of a connection of our own, so nobody else can listen there meanwhile.
 * @returns {Promise<DemoPort>}
 */
export async function closedPort() {
  const server = createServer()
  server.listen(0, HOST)
  await once(server, 'listening')
  const socket = connect(portOf(server.address()), HOST)
  const [[peer]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')])
  server.close()
  const close = () => {
    socket.destroy()
    peer.destroy()
  }
  return { port: portOf(socket.address()), close }
}

/**
 * A port that does not answer: a listener whose queue of connections is full.
 * @returns {Promise<DemoPort | undefined>} nothing where this system answers in spite of a full queue
 */
export async function stealthPort() {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'deaf-listener.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  const port = portOf(JSON.parse(line))
  const { fillers, silent } = await fillQueue(port)
  const close = () => {
    for (const socket of fillers) socket.destroy()
    child.stdin.end()
  }
  if (silent) return { port, close }
  close()
  return undefined
}

/**
 * Connects until two in a row get no answer: a single one may only have been slow.
 * @param {number} port
 */
async function fillQueue(port) {
  const fillers = []
  let unanswered = 0
  while (unanswered < 2 && fillers.length < MOST_FILLERS) {
    const socket = connect(port, HOST)
    fillers.push(socket)
    const answer = new Promise((resolve) => socket.once('connect', resolve).once('error', resolve))
    const answered = await Promise.race([answer.then(() => true), sleep(SILENCE_MS, false)])
    unanswered = answered ? 0 : unanswered + 1
  }
  return { fillers, silent: unanswered === 2 }
}

/**
 * @param {import('node:net').AddressInfo | {} | string | null} address
 * @returns {number}
 */
function portOf(address) {
  if (address !== null && typeof address === 'object' && 'port' in address) return address.port
  throw new Error('a socket without a port')
}
