import { removeAtExit } from './at-exit.mjs'
import { claim } from './build.mjs'
import { missing } from './missing.mjs'
import { sweep } from './remove.mjs'

/**
 * Makes a test network, after removing those whose owners are gone. Leaves nothing behind when it fails.
 * @param {{ readonly id: string, remove(): Promise<void> }} network
 * @param {() => Promise<void>} make what it consists of
 */
export async function raise(network, make) {
  const lacks = missing()
  if (lacks.length > 0) throw new Error(`a lab needs ${lacks.join(', ')}`)
  sweep()
  claim(network.id)
  removeAtExit(network.id)
  try {
    await make()
  } catch (error) {
    await network.remove()
    throw error
  }
}
