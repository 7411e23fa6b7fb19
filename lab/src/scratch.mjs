import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file without a name, for another process to write to: it is gone as soon as nobody has it open any more.
 *
 * @typedef {{
 *   readonly fd: number,
 *   readonly size: () => number,
 *   readonly contents: () => Buffer,
 *   readonly until: (needle: Buffer, from: number, timeoutMs: number) => Promise<void>,
 *   readonly close: () => void,
 * }} Scratch `until` waits for octets to appear after offset `from`
 */

/** @returns {Scratch} */
export function createScratch() {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-lab-'))
  const path = join(folder, 'scratch')
  const fd = openSync(path, 'wx+', 0o600)
  const watcher = watch(path, { persistent: false })
  rmSync(folder, { recursive: true })
  let open = true
  return {
    fd,
    size: () => fstatSync(fd).size,
    contents: () => readFrom(fd, 0),
    until(needle, from, timeoutMs) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          clearTimeout(limit)
          watcher.off('change', look)
        }
        const look = () => {
          if (!readFrom(fd, from).includes(needle)) return
          stop()
          resolve()
        }
        const limit = setTimeout(() => {
          stop()
          reject(new Error(`nothing was recorded within ${timeoutMs} ms`))
        }, timeoutMs)
        watcher.on('change', look)
        look()
      })
    },
    close() {
      if (!open) return
      open = false
      watcher.close()
      closeSync(fd)
    },
  }
}

/** Reads at an offset, which leaves the writer's own place in the file alone. @param {number} fd @param {number} from */
function readFrom(fd, from) {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - from))
  let got = 0
  for (let octets = -1; octets !== 0 && got < bytes.length; got += octets) {
    octets = readSync(fd, bytes, got, bytes.length - got, from + got)
  }
  return bytes.subarray(0, got)
}
