import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'

/**
 * A capture that goes on for as long as a world stands, read in portions.
 *
 * @typedef {{ readonly take: () => Promise<Buffer>, readonly close: () => void }} Tap `take` gives a nanosecond pcap file of
 *   what has passed since the last call, everything before this call among it
 * @typedef {(token: string) => Promise<unknown>} SendMark puts a token into a datagram that passes the device
 * @typedef {{ readonly token: Buffer, readonly found: () => void }} Awaited
 */

/** Datagrams to this group and port are marks; nobody listens, so nobody answers. */
export const MARK = /** @type {const} */ ({ group: '239.255.78.79', port: 65_079 })

const FILE_HEADER = 24
const RECORD_HEADER = 16

/** How long a mark may take to come through tcpdump, in milliseconds. */
const PATIENCE_MS = 10_000

/** tcpdump's own buffer, in KiB. */
const BUFFER_KIB = 8192

/**
 * @param {string} namespace @param {string} device @param {SendMark} sendMark
 * @returns {Promise<Tap>} once packets are being recorded
 * @throws {Error} when tcpdump does not start
 */
export async function openTap(namespace, device, sendMark) {
  const options = ['-i', device, '-n', '-U', '--immediate-mode', '--time-stamp-precision=nano', '-w', '-']
  const args = ['netns', 'exec', namespace, 'tcpdump', '-B', String(BUFFER_KIB), ...options]
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const records = recordsOf(child.stdout)
  await listening(child)
  return {
    async take() {
      const token = Buffer.from(randomBytes(16).toString('hex'))
      await Promise.all([records.until(token), sendMark(token.toString())])
      return records.take()
    },
    close: () => void child.kill('SIGINT'),
  }
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child */
function listening(child) {
  let said = ''
  return new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error(`tcpdump ended: ${said.trim()}`)))
    child.stderr.on('data', (text) => {
      said = `${said}${text}`.slice(-4096)
      // It says so after the socket is open.
      if (/listening on/.test(said)) resolve()
    })
  })
}

/** The records of a pcap file that is still being written. @param {import('node:stream').Readable} stream */
function recordsOf(stream) {
  let rest = Buffer.alloc(0)
  let header = Buffer.alloc(0)
  /** @type {Buffer[]} */
  let records = []
  /** @type {Awaited | undefined} */
  let awaited
  stream.on('data', (/** @type {Buffer} */ chunk) => {
    rest = Buffer.concat([rest, chunk])
    if (header.length === 0 && rest.length >= FILE_HEADER) header = cut(FILE_HEADER)
    while (header.length > 0 && rest.length >= RECORD_HEADER) {
      const octets = RECORD_HEADER + rest.readUInt32LE(8)
      if (rest.length < octets) return
      accept(cut(octets))
    }
  })
  return {
    /** @param {Buffer} token */
    until(token) {
      return new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
        const limit = setTimeout(() => reject(new Error('a mark is missing in the capture')), PATIENCE_MS)
        const found = () => {
          clearTimeout(limit)
          resolve()
        }
        awaited = { token, found }
      })
    },
    take() {
      const file = Buffer.concat([header, ...records])
      records = []
      return file
    },
  }

  /** @param {number} octets */
  function cut(octets) {
    const part = rest.subarray(0, octets)
    rest = rest.subarray(octets)
    return part
  }

  /** @param {Buffer} record */
  function accept(record) {
    if (awaited === undefined || !record.includes(awaited.token)) return void records.push(record)
    awaited.found()
    awaited = undefined
  }
}
