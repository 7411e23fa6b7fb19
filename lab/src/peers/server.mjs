import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { reader } from './reading.mjs'
import { quote, unquote } from './text.mjs'

/**
 * A server for one connection that does what its words say, in order:
 * `recv` one piece, `drain` until the other side's end, `linger:S` as drain but at most S seconds of silence,
 * `send:'TEXT'`, `wait:S`, `fin` (half close), `close`, `rst`.
 * It tells each step with the seconds since the connection came in.
 *
 * @typedef {import('./peer.mjs').Tell} Tell
 * @typedef {{
 *   readonly socket: import('node:net').Socket,
 *   readonly reads: import('./reading.mjs').Reader,
 *   readonly say: (what: string) => void,
 * }} Conversation
 */

/** What comes within so many milliseconds came together. */
const TOGETHER_MS = 40

/** @param {readonly string[]} words @param {Tell} tell @returns {Promise<import('./peer.mjs').Peer>} */
export async function scriptedServer([port, ...steps], tell) {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  /** @type {import('node:net').Socket | undefined} */
  let socket
  const over = new Promise((/** @type {(nothing: void) => void} */ resolve) => {
    server.once('connection', (incoming) => {
      socket = incoming
      server.close()
      converse(incoming, steps, tell).then(resolve, resolve)
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(port), '0.0.0.0', () => resolve(undefined))
  })
  return {
    over,
    stop() {
      socket?.destroy()
      server.close()
    },
  }
}

/** @param {import('node:net').Socket} socket @param {readonly string[]} steps @param {Tell} tell */
async function converse(socket, steps, tell) {
  const began = performance.now()
  const say = (/** @type {string} */ what) =>
    tell(`${((performance.now() - began) / 1000).toFixed(1)} ${what}`)
  say('accept')
  const talk = { socket, reads: reader(socket), say }
  try {
    for (const step of steps) await act(step, talk)
  } catch (error) {
    say(`error ${codeOf(error)}`)
  }
  socket.destroy()
}

/** @param {string} step @param {Conversation} talk */
async function act(step, talk) {
  const [, verb = '', argument = ''] = /^(\w+):?(.*)$/s.exec(step) ?? []
  if (verb === 'wait') await sleep(Number(argument) * 1000)
  else if (verb === 'send') await send(talk, unquote(argument))
  else if (verb === 'recv') await receiveOnce(talk)
  else if (verb === 'drain') await receive(talk)
  else if (verb === 'linger') await receive(talk, Number(argument) * 1000)
  else finish(verb, talk)
}

/** @param {string} verb @param {Conversation} talk */
function finish(verb, { socket, say }) {
  if (verb === 'fin') socket.end()
  else if (verb === 'close') socket.destroy()
  else if (verb === 'rst') socket.resetAndDestroy()
  else throw new Error(`a server cannot ${verb}`)
  say({ fin: 'sent FIN', close: 'closed', rst: 'sent RST' }[verb])
}

/** @param {Conversation} talk @param {Buffer} octets */
async function send({ socket, say }, octets) {
  await new Promise((resolve, reject) => {
    socket.write(octets, (error) => (error ? reject(error) : resolve(undefined)))
  })
  say(`sent ${quote(octets)}`)
}

/** One piece, with what follows at once: TCP keeps no borders. @param {Conversation} talk */
async function receiveOnce({ reads, say }) {
  const parts = [await reads.next()]
  while (Buffer.isBuffer(parts.at(-1))) parts.push(await reads.next(TOGETHER_MS))
  const octets = parts.filter((part) => Buffer.isBuffer(part))
  if (octets.length > 0) say(`got ${quote(Buffer.concat(octets))}`)
  if (parts.at(-1) === 'end') say('got FIN')
}

/** @param {Conversation} talk @param {number} [silenceMs] until then; for ever if undefined */
async function receive({ reads, say }, silenceMs) {
  for (;;) {
    const piece = await reads.next(silenceMs)
    if (piece === 'silence') return say('nothing more for now')
    if (piece === 'end') return say('got FIN')
    say(`got ${quote(piece)}`)
  }
}

/** @param {unknown} error */
function codeOf(error) {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
