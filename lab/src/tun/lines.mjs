import { readSync, writeSync } from 'node:fs'

/** JSON lines on stdin and stdout without an event loop. */
export function createLines() {
  const buffer = Buffer.alloc(65_536)
  let open = true
  let rest = ''

  /** Blocks until something comes. @returns {Record<string, unknown>[]} */
  function read() {
    const octets = readSome(buffer)
    if (octets === 0) open = false
    const pieces = `${rest}${buffer.toString('utf8', 0, octets)}`.split('\n')
    rest = pieces.pop() ?? ''
    return pieces.map((line) => JSON.parse(line))
  }

  return {
    read,
    isOpen: () => open,
    /** The next message, or undefined at the end. */
    next() {
      for (;;) {
        const [message] = read()
        if (message !== undefined || !open) return message
      }
    },
    /** @param {object} message */
    answer(message) {
      const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
      for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent)
    },
  }
}

/** @param {Buffer} buffer @returns {number} 0 at the end, or when the other side is gone */
function readSome(buffer) {
  try {
    return readSync(0, buffer)
  } catch {
    return 0
  }
}
