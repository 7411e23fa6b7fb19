import { fileURLToPath } from 'node:url'

/**
 * The tools that are compared: how each is asked for a number of probes, and where it prints their times.
 *
 * @typedef {import('./wire.mjs').Printed} Printed
 * @typedef {{ readonly address: string, readonly port: number, readonly count: number, readonly intervalMs: number }} Task
 * @typedef {{
 *   readonly name: string,
 *   readonly command: string,
 *   readonly args: (task: Task) => readonly string[],
 *   readonly read: (stdout: string) => readonly Printed[],
 *   readonly mostProbes?: number,
 *   readonly echoes?: boolean,
 *   readonly stepUs?: number,
 * }} Tool `mostProbes` that one run prints a useful time for; `echoes` when it sends ICMP instead of SYNs; `stepUs` is
 *   what its times are rounded to, one microsecond unless said otherwise
 */

export const TCPING = fileURLToPath(new URL('../../packages/tcping/dist/tcping.cjs', import.meta.url))
export const NPING_TS = fileURLToPath(new URL('../../packages/nping/dist/nping-ts.cjs', import.meta.url))
export const HPING_TS = fileURLToPath(new URL('../../packages/hping/dist/hping-ts.cjs', import.meta.url))
export const BANNER = fileURLToPath(new URL('../../packages/banner/dist/banner.cjs', import.meta.url))
export const NC_TS = fileURLToPath(new URL('../../packages/nc/dist/nc-ts.cjs', import.meta.url))
/** Its package exports the library alone, so the program is found beside that. */
export const TCPIE = fileURLToPath(new URL('dist/tcpie.js', import.meta.resolve('tcpie')))

/** @type {Tool} */
export const tcping = {
  name: 'tcping',
  command: process.execPath,
  args: ({ address, port, count, intervalMs }) => [
    TCPING,
    '--json',
    '-c',
    String(count),
    '-i',
    String(intervalMs / 1000),
    address,
    String(port),
  ],
  read: (stdout) =>
    jsonLines(stdout)
      .filter(({ type, rttMs }) => type === 'probe' && rttMs !== null)
      .map(({ rttMs, local }) => ({ printedUs: rttMs * 1000, ...(local ? { port: local.port } : {}) })),
}

/** @type {Tool} */
export const tcpie = {
  name: 'tcpie',
  command: process.execPath,
  args: ({ address, port, count, intervalMs }) => [
    TCPIE,
    '--no-color',
    '-c',
    String(count),
    '-i',
    String(intervalMs / 1000),
    address,
    String(port),
  ],
  read: times(/^connected to .* time=([\d.]+) ms/gm),
}

/** @type {Tool} */
export const npingTs = {
  name: 'nping-ts --tcp',
  command: process.execPath,
  args: ({ address, port, count, intervalMs }) => [
    NPING_TS,
    ...['--tcp', '--rtt', '-H', '-p', String(port), '-c', String(count), '--delay', `${intervalMs}ms`],
    address,
  ],
  read: times(/^RCVD .* rtt=([\d.]+)ms$/gm),
}

/** @type {Tool} */
export const hpingTs = {
  name: 'hping-ts -S',
  command: process.execPath,
  args: (task) => [HPING_TS, ...hpingArgs(task)],
  read: times(/ rtt=([\d.]+) ms$/gm),
}

/** @type {Tool} */
export const hping3 = {
  name: 'hping3 -S',
  command: 'hping3',
  args: hpingArgs,
  read: times(/ rtt=([\d.]+) ms/g),
  stepUs: 100,
}

/** Its lines have steps of 0.1 ms; only the summary has microseconds, so a run is one probe. @type {Tool} */
export const nping = {
  name: 'nping --tcp',
  command: 'nping',
  args: ({ address, port }) => ['--tcp', '-p', String(port), '-c', '1', '--delay', '10ms', address],
  read: times(/^Max rtt: ([\d.]+)ms/gm),
  mostProbes: 1,
}

/** @type {Tool} */
export const ping = {
  name: 'ping (ICMP)',
  command: 'ping',
  args: ({ address, count, intervalMs }) => [
    '-n',
    '-c',
    String(count),
    '-i',
    String(intervalMs / 1000),
    address,
  ],
  read: times(/ icmp_seq=\d+ .* time=([\d.]+) ms/g),
  echoes: true,
}

/** @type {Tool} */
export const fping = {
  name: 'fping (ICMP)',
  command: 'fping',
  args: ({ address, count, intervalMs }) => ['-c', String(count), '-p', String(intervalMs), address],
  read: times(/ : \[\d+\], \d+ bytes, ([\d.]+) ms/g),
  echoes: true,
}

/** @param {Task} task what both hpings take */
function hpingArgs({ address, port, count, intervalMs }) {
  return ['-n', '-S', '-p', String(port), '-c', String(count), '-i', `u${intervalMs * 1000}`, address]
}

/** @param {RegExp} line whose first group is milliseconds @returns {Tool['read']} */
function times(line) {
  return (stdout) => [...stdout.matchAll(line)].map(([, ms]) => ({ printedUs: Number(ms) * 1000 }))
}

/** @param {string} text @returns {readonly any[]} */
export function jsonLines(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
