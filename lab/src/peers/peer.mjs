import { readFileSync } from 'node:fs'
import { serveRequests } from '../requests.mjs'
import { proxy } from './proxy.mjs'
import { scriptedServer } from './server.mjs'
import { nameless, page, sshGreeter, udpEcho } from './services.mjs'
import { udpLog } from './udplog.mjs'

/**
 * The helper in each namespace of an nc world. Requests: first `{ role }`, then `{ start, verb, words }`, `{ ask }`
 * for what a peer has told and whether it is over, `{ stop }`, and `{ bound: true }` for what is bound here.
 *
 * @typedef {(event: string) => void} Tell
 * @typedef {{ readonly over: Promise<void>, readonly stop: () => void }} Peer
 * @typedef {{ readonly peer: Peer, readonly events: string[], ended: boolean }} Running
 */

const TCP_LISTEN = '0A'

/** @type {Map<string, Running>} */
const running = new Map()
let role = ''

await serveRequests(async (message) => {
  if (role === '') return begin(String(message.role))
  if (message.bound === true) return { bound: boundHere() }
  if (typeof message.start === 'string')
    return start(message.start, String(message.verb), /** @type {string[]} */ (message.words))
  const found = running.get(String(message.ask ?? message.stop))
  if (found === undefined) throw new Error('no such peer')
  if (message.stop !== undefined) {
    running.delete(String(message.stop))
    found.peer.stop()
  }
  return { events: found.events, ended: found.ended }
})

/** @param {string} which */
async function begin(which) {
  role = which
  if (role === 'probe') await nameless(53)
  else await Promise.all([sshGreeter(22), page(80), udpEcho(7, 'udp4'), udpEcho(7, 'udp6')])
  return { ready: true }
}

/** @param {string} name @param {string} verb @param {readonly string[]} words */
async function start(name, verb, words) {
  /** @type {string[]} */
  const events = []
  const peer = await open(verb, words, (event) => events.push(event))
  const entry = { peer, events, ended: false }
  running.set(name, entry)
  const ended = () => {
    entry.ended = true
  }
  peer.over.then(ended, ended)
  return { started: true }
}

/** @param {string} verb @param {readonly string[]} words @param {Tell} tell @returns {Promise<Peer>} */
async function open(verb, words, tell) {
  if (verb === 'server') return scriptedServer(words, tell)
  if (verb === 'udplog') return udpLog(words, tell)
  if (verb === 'proxy') return proxy(words, tell)
  if (verb !== 'http') throw new Error(`no such peer: ${verb}`)
  const stop = await page(Number(words[0]), words[1] ?? '0.0.0.0')
  return { over: new Promise(() => {}), stop }
}

/** proc_pid_net(5): listening TCP sockets, bound UDP sockets and named UNIX sockets of this namespace. */
function boundHere() {
  const rows = (/** @type {string} */ table) =>
    readFileSync(`/proc/self/net/${table}`, 'latin1').trim().split('\n').slice(1)
  const inet = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    rows(table).flatMap((row) => {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
      return table.startsWith('udp') || state === TCP_LISTEN ? [`${table} ${local} ${inode}`] : []
    }),
  )
  const unix = rows('unix').flatMap((row) => {
    const [, , , , , , inode, path] = row.trim().split(/\s+/)
    return path === undefined ? [] : [`unix ${path} ${inode}`]
  })
  return [...inet, ...unix]
}
