import { removeLab } from './remove.mjs'

/** Labs of this process that are still standing. @type {Set<string>} */
const standing = new Set()

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** Removes the lab when this process ends by itself, by an error or by a signal. @param {string} id */
export function removeAtExit(id) {
  if (standing.size === 0) {
    process.on('exit', removeAll)
    for (const signal of SIGNALS) process.on(signal, onSignal)
  }
  standing.add(id)
}

/** The lab is somebody else's business from here on, or gone. @param {string} id */
export function forget(id) {
  if (!standing.delete(id) || standing.size > 0) return
  process.off('exit', removeAll)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}

function removeAll() {
  for (const id of [...standing]) {
    removeLab(id)
    forget(id)
  }
}

/** @param {NodeJS.Signals} signal */
function onSignal(signal) {
  removeAll()
  // Without us the signal would have ended the process, unless somebody else handles it.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}
