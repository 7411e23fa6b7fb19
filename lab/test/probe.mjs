import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'

/**
 * A plain client for the lab's tests, run inside: `node probe.mjs '[{"address":"10.78.0.2","port":22}]'`.
 * Prints what became of each connection as JSON. With `{"name":"…"}` instead, the addresses of a name.
 *
 * @typedef {{ address: string, port: number, fin?: boolean }} Attempt
 * @typedef {{ result: string, ended: string, said: string, greetedAfterMs?: number }} Watched
 */

/** How long a connection is watched: less than the second after which Linux sends a SYN again. */
const WATCH_MS = 700
/** So long this process looks at what has happened meanwhile, if it was held up itself. */
const LOOK_MS = 50

/** @param {Attempt} attempt */
async function watchConnection({ address, port, fin = false }) {
  /** @type {Watched} */
  const seen = { result: 'silence', ended: 'held', said: '' }
  const socket = connect({ host: address, port })
  let start = performance.now()
  socket.on('connect', () => {
    seen.result = 'open'
    start = performance.now()
    if (fin) socket.end()
  })
  socket.on('data', (bytes) => {
    seen.said += bytes.toString('hex')
    seen.greetedAfterMs ??= performance.now() - start
  })
  socket.on('end', () => {
    seen.ended = 'fin'
  })
  socket.on('error', (error) => {
    // A reset right after the handshake may overtake the news of it.
    if (codeOf(error) === 'ECONNRESET') Object.assign(seen, { result: 'open', ended: 'rst' })
    else seen.result = codeOf(error)
  })
  await new Promise((resolve) => {
    socket.on('close', resolve)
    setTimeout(() => setTimeout(resolve, LOOK_MS), WATCH_MS)
  })
  socket.destroy()
  return seen
}

/** @param {string} name */
async function resolveName(name) {
  try {
    const found = await lookup(name, { all: true, verbatim: true })
    return found.map(({ address }) => address)
  } catch (error) {
    return codeOf(error)
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/** @type {(Attempt | { name: string })[]} */
const tasks = JSON.parse(process.argv[2] ?? '[]')
const results = await Promise.all(
  tasks.map((task) => ('name' in task ? resolveName(task.name) : watchConnection(task))),
)
process.stdout.write(JSON.stringify(results))
