import { run } from '../command.mjs'

/**
 * One real server of a `ServersWorld`. Its script runs as root in namespaces of its own (network, mounts, processes), in
 * the folder `HOME`, which like all of /run and /dev/shm is empty at first and gone with the last process; the machine's
 * file system is read-only.
 *
 * @typedef {{ readonly key: string, readonly cert: string }} Certificate PEM; self-signed for `target.lab`
 * @typedef {{
 *   readonly upstream: (name: string) => string,
 *   readonly whole: (name: string) => string,
 * }} Versions a package's version as its authors write it (`9.2p1`), and as Debian does (`9.2p1-2+deb12u10`)
 * @typedef {{
 *   readonly port: number,
 *   readonly transport?: 'tcp' | 'udp',
 *   readonly families?: readonly (4 | 6)[],
 *   readonly tls?: boolean,
 *   readonly startTls?: boolean,
 *   readonly protocol?: string,
 *   readonly product?: string,
 *   readonly version?: (versions: Versions) => string,
 *   readonly outcome?: Outcome,
 *   readonly answers?: Answer,
 * }} ServerPort TCP and both families unless said otherwise; `tls` from the first octet on, `startTls` when it is offered;
 *   without `protocol` there is none
 * @typedef {'unknown' | 'silent' | 'closed' | 'reset' | 'any'} Outcome what becomes of a port that is not to be identified
 * @typedef {{ readonly say?: string | Uint8Array, readonly with: RegExp, readonly hex?: boolean }} Answer what a client may say,
 *   and what then comes, octets as characters or in hexadecimal
 * @typedef {{
 *   readonly name: string,
 *   readonly runs: string,
 *   readonly packages: readonly string[],
 *   readonly ports: readonly ServerPort[],
 *   readonly covers?: readonly string[],
 *   readonly files?: (certificate: Certificate) => Readonly<Record<string, string>>,
 *   readonly script: string,
 *   readonly ready?: RegExp,
 * }} Server `runs`: what it is in truth, whether the wire holds it or not; `covers`: folders of the machine that
 *   are empty and writable for it; `files` are written to `HOME`; `script` runs by sh -e until the server ends; `ready`
 *   is looked for in what it prints, for servers that listen before they serve
 * @typedef {{
 *   readonly server: string,
 *   readonly runs: string,
 *   readonly port: number,
 *   readonly transport: 'tcp' | 'udp',
 *   readonly families: readonly (4 | 6)[],
 *   readonly tls: boolean,
 *   readonly startTls: boolean,
 *   readonly protocol: string | undefined,
 *   readonly product: string | undefined,
 *   readonly version: string | undefined,
 *   readonly outcome: Outcome | 'identified',
 * }} Truth what is to be found at a port: product and version are undefined when the wire does not hold them
 */

/** The folder of a server in its own mount namespace. */
export const HOME = '/run/lab'

/** @type {readonly (4 | 6)[]} */
const BOTH = [4, 6]

/**
 * The versions of installed packages, as Debian writes them.
 * @param {readonly string[]} names @returns {Promise<ReadonlyMap<string, string>>} without those that are not installed
 */
export async function installedPackages(names) {
  const format = ['db:Status-Status', 'Package', 'Version'].map((field) => `\${${field}}`).join(' ')
  const { stdout } = await run('dpkg-query', ['-W', '-f', `${format}\\n`, ...names]).catch(() => ({
    stdout: '',
  }))
  const rows = stdout.split('\n').map((line) => line.split(' '))
  return new Map(
    rows.flatMap(([status, name, version]) =>
      status === 'installed' && name && version ? [[name, version]] : [],
    ),
  )
}

/** @param {ReadonlyMap<string, string>} installed @returns {Versions} */
export function versionsOf(installed) {
  const whole = (/** @type {string} */ name) => (installed.get(name) ?? '').replace(/^\d+:/, '')
  // deb-version(7): the revision comes after the last hyphen; +dfsg and +ds are Debian's own marks.
  const upstream = (/** @type {string} */ name) =>
    whole(name)
      .replace(/-[^-]*$/, '')
      .replace(/\+(dfsg|ds).*$/, '')
  return { whole, upstream }
}

/** @param {Server} server @param {Versions} versions @returns {readonly Truth[]} */
export function truthsOf({ name, runs, ports }, versions) {
  return ports.map((port) => ({
    server: name,
    runs,
    port: port.port,
    transport: port.transport ?? 'tcp',
    families: port.families ?? BOTH,
    tls: port.tls ?? false,
    startTls: port.startTls ?? false,
    protocol: port.protocol,
    product: port.product,
    version: port.version?.(versions),
    outcome: port.protocol === undefined ? (port.outcome ?? 'any') : 'identified',
  }))
}
