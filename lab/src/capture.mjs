import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { onPath } from './missing.mjs'
import { readSegments } from './pcap.mjs'
import { DEVICE } from './plan.mjs'
import { startPuppet } from './puppet.mjs'
import { createScratch } from './scratch.mjs'

/**
 * The truth about what was on the wire and when.
 *
 * @typedef {import('./pcap.mjs').Segment} Segment
 * @typedef {import('./scratch.mjs').Scratch} Scratch
 * @typedef {{ readonly stop: () => Promise<readonly Segment[]> }} Capture `stop` ends the capture and gives the TCP
 *   segments in it, among them every one that had passed before the call; it rejects when the kernel lost some
 * @typedef {{
 *   readonly interrupt: () => void,
 *   readonly ended: Promise<string>,
 * }} Recorder `ended` gives what tcpdump said at its end
 */

/** A datagram with a token to this group and port marks the end of a capture; nobody listens, so nobody answers. */
const MARK = /** @type {const} */ ({ group: '239.255.78.78', port: 65_078 })

/** How long a mark may take to come through tcpdump, in milliseconds. */
const PATIENCE_MS = 10_000

/** tcpdump's own buffer, in KiB. */
const BUFFER_KIB = 16_384

/**
 * @param {string} namespace @param {string} filter as in pcap-filter(7); empty for all packets
 * @returns {Promise<Capture>} once packets are being recorded
 * @throws {Error} when there is no tcpdump, or the filter is wrong
 */
export async function openCapture(namespace, filter) {
  if (!onPath('tcpdump')) throw new Error('a capture needs tcpdump')
  const scratch = createScratch()
  try {
    const [recorder, marker] = await Promise.all([
      startRecorder(namespace, filter, scratch),
      startPuppet(namespace, new URL('marker.mjs', import.meta.url), MARK),
    ])
    return { stop: () => finish(recorder, marker, scratch) }
  } catch (error) {
    scratch.close()
    throw error
  }
}

/** @param {string} namespace @param {string} filter @param {Scratch} scratch @returns {Promise<Recorder>} */
function startRecorder(namespace, filter, scratch) {
  const marks = `udp and dst host ${MARK.group} and dst port ${MARK.port}`
  const options = [
    '-i',
    DEVICE,
    '-n',
    '-U',
    '--immediate-mode',
    '--time-stamp-precision=nano',
    '-B',
    String(BUFFER_KIB),
  ]
  const expression = filter === '' ? [] : [`(${filter}) or (${marks})`]
  const child = spawn('ip', ['netns', 'exec', namespace, 'tcpdump', ...options, '-w', '-', ...expression], {
    stdio: ['ignore', scratch.fd, 'pipe'],
    detached: true,
  })
  let said = ''
  const ended = new Promise((/** @type {(said: string) => void} */ resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', () => resolve(said))
  })
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (text) => {
      said += text
      // It says so after the socket is open and filtered.
      if (/listening on/.test(said)) resolve({ interrupt: () => child.kill('SIGINT'), ended })
    })
    ended.then((last) => reject(new Error(`tcpdump ended: ${last.trim()}`)), reject)
  })
}

/**
 * Everything that passed before the mark is in the file once the mark is.
 * @param {Recorder} recorder @param {import('./puppet.mjs').Puppet} marker @param {Scratch} scratch
 */
async function finish(recorder, marker, scratch) {
  try {
    const token = randomBytes(16).toString('hex')
    const from = scratch.size()
    const marked = scratch.until(Buffer.from(token), from, PATIENCE_MS)
    await Promise.all([marked, marker.request({ token })])
    recorder.interrupt()
    const said = await recorder.ended
    const dropped = Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? 0)
    if (dropped > 0) throw new Error(`the kernel dropped ${dropped} packets of the capture`)
    return readSegments(scratch.contents())
  } finally {
    recorder.interrupt()
    marker.release()
    scratch.close()
  }
}
