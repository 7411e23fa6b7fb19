import { spawn } from 'node:child_process'
import { HOME } from './server.mjs'

/**
 * @typedef {{
 *   readonly name: string,
 *   readonly log: () => string,
 *   readonly over: () => boolean,
 *   readonly end: () => void,
 *   readonly gone: () => Promise<void>,
 * }} RunningServer `log`: the last of what it has printed; `over`: it has ended; `end` kills it with all its children
 */

/** Characters of a server's output that are kept. */
const LOG = 20_000

const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME,
  TMPDIR: `${HOME}/tmp`,
  LC_ALL: 'C',
  TZ: 'UTC',
}

/**
 * The kernel ends it with its parent (`--pdeathsig`), and all that it has started with it (`--kill-child`), however the
 * parent ended and whatever a server does to be left alone.
 */
const APART = [
  'setpriv',
  '--pdeathsig',
  'KILL',
  'unshare',
  '--mount',
  '--uts',
  '--ipc',
  '--pid',
  '--fork',
].concat(['--kill-child', '--mount-proc'])

/**
 * Starts a server in a network namespace.
 * @param {string} namespace @param {import('./server.mjs').Server} server @param {import('./server.mjs').Certificate} certificate
 * @returns {RunningServer}
 */
export function runServer(namespace, server, certificate) {
  const script = `${prelude(server)}\n${writeFiles(server.files?.(certificate) ?? {})}\n${server.script}`
  // Our pipes are sockets, which nobody can open as /dev/stdout.
  const piped = `{ ${script}\n} 2>&1 | cat`
  const child = spawn('ip', ['netns', 'exec', namespace, ...APART, 'sh', '-ec', piped], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: ENVIRONMENT,
  })
  let log = ''
  let over = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => {
      log = `${log}${text}`.slice(-LOG)
    })
    // A server that nobody waits for does not keep its world's owner alive.
    if ('unref' in stream) /** @type {import('node:net').Socket} */ (stream).unref()
  }
  child.unref()
  const gone = new Promise((/** @type {(nothing: void) => void} */ resolve) => {
    child.once('error', ({ message }) => {
      log += message
      over = true
      resolve()
    })
    child.once('close', () => {
      over = true
      resolve()
    })
  })
  return {
    name: server.name,
    log: () => log,
    over: () => over,
    end: () => void child.kill('SIGKILL'),
    gone: waits,
  }

  function waits() {
    child.ref()
    for (const stream of [child.stdout, child.stderr]) {
      if ('ref' in stream) /** @type {import('node:net').Socket} */ (stream).ref()
    }
    return gone
  }
}

/** Empty folders where a server may write, nothing else that it could change. @param {import('./server.mjs').Server} server */
function prelude({ covers = [] }) {
  return [
    'mount -t tmpfs -o mode=755 lab /run',
    'mount -t tmpfs lab /dev/shm',
    ...covers.map((folder) => `mount -t tmpfs -o mode=755 lab ${folder}`),
    // The machine's log is not the lab's.
    'if [ -e /dev/log ]; then mount --bind /dev/null /dev/log; fi',
    'mount -o remount,bind,ro /',
    'hostname target.lab',
    `mkdir ${HOME}`,
    `mkdir -m 1777 ${HOME}/tmp`,
    `cd ${HOME}`,
  ].join('\n')
}

/** @param {Readonly<Record<string, string>>} files */
function writeFiles(files) {
  return Object.entries(files)
    .map(([name, text]) => {
      const folder = name.includes('/') ? `mkdir -p ${name.slice(0, name.lastIndexOf('/'))}\n` : ''
      return `${folder}cat >${name} <<'END OF FILE'\n${text.endsWith('\n') ? text : `${text}\n`}END OF FILE`
    })
    .join('\n')
}
