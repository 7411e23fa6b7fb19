import { run } from '@portkit/lab/command'
import { SERVERS, ServersWorld, TARGET } from '@portkit/lab/servers-world'
import { median } from '../figures.mjs'
import { isFalseVersion, isRight, namedByBanner, namedByNmap, upstreamOf } from '../service-names.mjs'
import { BANNER, jsonLines } from '../tools.mjs'
import { mustHaveLab } from '../world.mjs'

const PATIENCE_MS = 900_000
/** Those that are not made to drive their clients mad. */
const WELL_BEHAVED = SERVERS.filter(({ name }) => name !== 'hostile')

/**
 * @typedef {import('../service-names.mjs').Named} Named
 * @typedef {import('../service-names.mjs').NamedPorts} NamedPorts
 * @typedef {ServersWorld['truths'][number]} Truth
 * @typedef {{ readonly right: readonly number[], readonly falseNames: readonly number[], readonly falseVersions: readonly number[] }} Judged ports
 */

/**
 * All TCP ports of a host with real servers by `nmap -sV` and by `banner`: time, and what is named
 * rightly and wrongly.
 * @param {import('../figures.mjs').Context} context @returns {Promise<import('../figures.mjs').Report>}
 */
export async function bannerNmap({ quick, note }) {
  mustHaveLab(['nmap', 'unshare', 'setpriv', 'ss', 'openssl'])
  const world = new ServersWorld(WELL_BEHAVED)
  try {
    await world.up()
    const truths = world.truths.filter(
      ({ transport, families }) => transport === 'tcp' && families.includes(4),
    )
    const ports = truths.map(({ port }) => port).join(',')
    /** @type {number[]} */
    const ours = []
    let said = ''
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const { stdout, wallMs } = await timed(world, process.execPath, [
        BANNER,
        '--json',
        TARGET.address4,
        ports,
      ])
      ours.push(wallMs)
      said = stdout
    }
    const scan = ['-n', '-Pn', '-sV', '-oX', '-', '-p', ports, TARGET.address4]
    const nmap = await timed(world, 'nmap', scan)
    const banner = judged(truths, namedByBanner(jsonLines(said)), versionIsOther, note, 'banner')
    const peer = judged(truths, namedByNmap(nmap.stdout), await versionIsNotThere(), note, 'nmap')
    const figures = figuresOf(truths, { wallMs: median(ours), ...banner }, { wallMs: nmap.wallMs, ...peer })
    return { figures, raw: { ours, nmapMs: nmap.wallMs, truths, said, nmap: nmap.stdout } }
  } finally {
    await world.remove()
  }
}

/** @param {ServersWorld} world @param {string} command @param {readonly string[]} args */
async function timed(world, command, args) {
  const startMs = performance.now()
  const { stdout, stderr, timedOut } = await world.exec(command, args, { timeoutMs: PATIENCE_MS })
  const wallMs = performance.now() - startMs
  if (timedOut) throw new Error(`${command} did not end`)
  if (stdout === '') throw new Error(`${command} failed: ${stderr}`)
  return { stdout, wallMs }
}

/** Ours may only say what the wire holds. @param {Truth} truth @param {Named | undefined} said */
function versionIsOther({ version }, said) {
  return said?.version !== undefined && said.version !== version
}

/**
 * nmap may say whatever is true of the machine.
 * @returns {Promise<(truth: Truth, said: Named | undefined) => boolean>}
 */
async function versionIsNotThere() {
  const packages = new Map(WELL_BEHAVED.map((server) => [server.name, server.packages]))
  const format = ['Package', 'Version'].map((field) => `\${${field}}`).join(' ')
  const all = [...packages.values()].flat()
  const { stdout } = await run('dpkg-query', ['-W', '-f', `${format}\\n`, ...all])
  const versions = new Map(
    stdout.split('\n').map((line) => /** @type {[string, string]} */ (line.split(' '))),
  )
  return ({ server }, said) => {
    const installed = (packages.get(server) ?? []).map((name) => upstreamOf(versions.get(name) ?? ''))
    return isFalseVersion(said, installed)
  }
}

/**
 * @param {readonly Truth[]} truths @param {NamedPorts} names
 * @param {(truth: Truth, said: Named | undefined) => boolean} isFalse
 * @param {(text: string) => void} note @param {string} who
 * @returns {Judged}
 */
function judged(truths, names, isFalse, note, who) {
  const known = truths.filter(({ outcome }) => outcome === 'identified')
  const right = known.filter((truth) => isRight(truth, names.get(truth.port)))
  const falseNames = truths.filter(({ outcome, protocol, port }) => {
    const said = names.get(port)
    return outcome !== 'any' && said !== undefined && said.protocol !== protocol
  })
  const falseVersions = truths.filter((truth) => isFalse(truth, names.get(truth.port)))
  const missed = known.filter((truth) => !right.includes(truth))
  for (const [what, those] of /** @type {const} */ ([
    ['not right', missed],
    ['false name', falseNames],
    ['false version', falseVersions],
  ]))
    for (const { port, server, protocol } of those)
      note(
        `${who}: ${what}: ${port} (${server}, ${protocol ?? 'nothing'}): ${JSON.stringify(names.get(port)) ?? 'nothing'}`,
      )
  const portsOf = (/** @type {readonly Truth[]} */ those) => those.map(({ port }) => port)
  return { right: portsOf(right), falseNames: portsOf(falseNames), falseVersions: portsOf(falseVersions) }
}

/**
 * @param {readonly Truth[]} truths @param {Judged & { readonly wallMs: number }} ours @param {Judged & { readonly wallMs: number }} nmap
 * @returns {readonly import('../figures.mjs').Figure[]}
 */
function figuresOf(truths, ours, nmap) {
  const all = truths.length
  const samples = truths.filter(({ outcome }) => outcome === 'identified').length
  const label = `banner-nmap: ${all} ports`
  return [
    { what: `${label}: banner`, value: ours.wallMs / 1000, unit: 's', samples: all },
    { what: `${label}: nmap -sV`, value: nmap.wallMs / 1000, unit: 's', samples: all },
    {
      what: `${label}: banner / nmap -sV`,
      value: ours.wallMs / nmap.wallMs,
      unit: '×',
      limit: 0.1,
      samples: all,
    },
    {
      what: 'banner-nmap: named rightly by banner',
      value: ours.right.length,
      unit: 'ports',
      least: nmap.right.length,
      samples,
    },
    { what: 'banner-nmap: named rightly by nmap', value: nmap.right.length, unit: 'ports', samples },
    {
      what: 'banner-nmap: false versions of banner',
      value: ours.falseVersions.length,
      unit: 'ports',
      limit: 0,
      samples: all,
    },
    {
      what: 'banner-nmap: false versions of nmap',
      value: nmap.falseVersions.length,
      unit: 'ports',
      samples: all,
    },
    {
      what: 'banner-nmap: false names of banner',
      value: ours.falseNames.length,
      unit: 'ports',
      limit: 0,
      samples: all,
    },
    { what: 'banner-nmap: false names of nmap', value: nmap.falseNames.length, unit: 'ports', samples: all },
  ]
}
