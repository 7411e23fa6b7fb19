import { createLab } from '@portkit/lab'
import { SERVERS, ServersWorld, serversHere, TARGET } from '@portkit/lab/servers-world'
import { median } from '../figures.mjs'
import { processorTime } from '../processor-time.mjs'
import { serveGreeters } from '../served.mjs'
import { BANNER } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

/**
 * @typedef {import('../figures.mjs').Figure} Figure
 * @typedef {{ readonly processorMs: number, readonly wallMs: number }} Took
 * @typedef {{ readonly idle: Took[], readonly banner: Took[], readonly ownMs: number[] }} Raw `ownMs`: the server's own time
 */

/**
 * A client that does nothing but wait, in microseconds from connect(2) to the beginning of the key exchange, where
 * everything has been said that `banner` reads. bash throws the zero octets before it away.
 */
const RAW = `
export LC_ALL=C
from=\${EPOCHREALTIME/./}
exec 3<>/dev/tcp/$1/$2
IFS= read -r line <&3
printf 'SSH-2.0-raw\\r\\n' >&3
IFS= read -r -N 1 octet <&3 2>/dev/null
echo $((\${EPOCHREALTIME/./} - from))
`

/**
 * What `banner` takes for one SSH port, next to a Node that does nothing: a server that answers at once, and OpenSSH,
 * whose own time is that in which a client without any work of its own is served.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function bannerProcess({ quick, note }) {
  mustHaveLab(['bash'])
  const rounds = quick ? 7 : 40
  const greeter = await besideGreeter(rounds)
  const openssh = SERVERS.filter(({ name }) => name === 'openssh')
  const { servers } = await serversHere(openssh)
  if (servers.length === 0) note('openssh-server is not installed: left out')
  const sshd = servers.length === 0 ? undefined : await besideSshd(rounds, openssh)
  const figures = [
    ...figuresOf('a greeter at a port of its own', greeter),
    ...(sshd === undefined ? [] : figuresOf('sshd at 22', sshd)),
  ]
  return { figures, raw: { greeter, sshd } }
}

/** @param {number} rounds */
async function besideGreeter(rounds) {
  const lab = await createLab()
  try {
    const { served } = await serveGreeters(lab, 1, ['ssh'])
    const [port = 0] = served.keys()
    return await takeRounds(lab, lab.target.address4, port, rounds)
  } finally {
    await lab.remove()
  }
}

/** @param {number} rounds @param {typeof SERVERS} openssh */
async function besideSshd(rounds, openssh) {
  const world = new ServersWorld(openssh)
  try {
    await world.up()
    return await takeRounds(world, TARGET.address4, 22, rounds)
  } finally {
    await world.remove()
  }
}

/**
 * @param {import('../processor-time.mjs').Inside} world @param {string} address @param {number} port @param {number} rounds
 * @returns {Promise<Raw>}
 */
async function takeRounds(world, address, port, rounds) {
  /** @type {Raw} */
  const raw = { idle: [], banner: [], ownMs: [] }
  // The first round fills the page cache and does not count.
  for (let round = -1; round < rounds; round++) {
    const idle = await timed(world, ['-e', '0'])
    const banner = await timed(world, [BANNER, address, String(port)])
    const { stdout, stderr } = await world.exec('bash', ['-c', RAW, 'bash', address, String(port)])
    if (!/^\d+$/m.test(stdout)) throw new Error(`the raw client failed: ${stderr}`)
    if (round < 0) continue
    raw.idle.push(idle)
    raw.banner.push(banner)
    raw.ownMs.push(Number(stdout) / 1000)
  }
  return raw
}

/** @param {import('../processor-time.mjs').Inside} world @param {readonly string[]} args of node @returns {Promise<Took>} */
async function timed(world, args) {
  const { status, ...took } = await processorTime(world, process.execPath, args)
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`)
  return took
}

/** @param {string} server @param {Raw} raw @returns {readonly Figure[]} */
function figuresOf(server, { idle, banner, ownMs }) {
  const samples = banner.length
  const label = `banner-process: ${server}`
  const own = median(ownMs)
  const [idleWall, wall] = [idle, banner].map((all) => median(all.map(({ wallMs }) => wallMs)))
  const [idleCpu, cpu] = [idle, banner].map((all) => median(all.map(({ processorMs }) => processorMs)))
  if (!idleWall || !wall || !idleCpu || !cpu) throw new Error('nothing was measured')
  return [
    { what: `${label}: node -e 0: wall time`, value: idleWall, unit: 'ms', samples },
    { what: `${label}: banner: wall time`, value: wall, unit: 'ms', samples },
    { what: `${label}: the server's own time`, value: own, unit: 'ms', samples },
    {
      what: `${label}: (banner − own) / node -e 0`,
      value: (wall - own) / idleWall,
      unit: '×',
      limit: 1.5,
      samples,
    },
    { what: `${label}: processor time / node -e 0`, value: cpu / idleCpu, unit: '×', samples },
  ]
}
