/**
 * Reads a connection piece by piece; between reads nothing is taken from the kernel, so that a close with something
 * unread resets the connection as it does for a program that uses recv(2).
 *
 * @typedef {Buffer | 'end' | 'silence'} Read
 * @typedef {{
 *   readonly next: (timeoutMs?: number) => Promise<Read>,
 *   readonly until: (enough: (all: Buffer) => boolean) => Promise<Buffer>,
 * }} Reader `until` rejects at the end
 */

/** @param {import('node:net').Socket} socket paused @returns {Reader} */
export function reader(socket) {
  /** @type {(Buffer | 'end')[]} */
  const got = []
  /** @type {() => void} */
  let wake = () => {}
  /** @type {Error | undefined} */
  let failure
  const arrived = (/** @type {Buffer | 'end'} */ piece) => {
    got.push(piece)
    socket.pause()
    wake()
  }
  socket.on('data', arrived)
  socket.pause()
  socket.on('end', () => arrived('end'))
  socket.on('error', (error) => {
    failure = error
    wake()
  })
  return { next, until }

  /** @param {number} [timeoutMs] @returns {Promise<Read>} */
  async function next(timeoutMs) {
    const ready = got.shift()
    if (ready !== undefined) return ready
    if (failure !== undefined) throw failure
    /** @type {NodeJS.Timeout | undefined} */
    let limit
    const silent = await new Promise((/** @type {(silent: boolean) => void} */ resolve) => {
      wake = () => resolve(false)
      if (timeoutMs !== undefined) limit = setTimeout(() => resolve(true), timeoutMs)
      socket.resume()
    })
    clearTimeout(limit)
    socket.pause()
    const piece = got.shift()
    if (piece !== undefined) return piece
    if (silent) return 'silence'
    throw failure ?? new Error('woken for nothing')
  }

  /** @param {(all: Buffer) => boolean} enough */
  async function until(enough) {
    let all = Buffer.alloc(0)
    while (!enough(all)) {
      const piece = await next()
      if (piece === 'end' || piece === 'silence') throw new Error('eof')
      all = Buffer.concat([all, piece])
    }
    return all
  }
}
