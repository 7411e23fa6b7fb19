import type { Address, ConnectFact, Net } from '@portkit/core'
import { lookUp } from './look-up.ts'
import type { ConnectTask } from './opener.ts'
import type { Run } from './run.ts'

/** A quick look at one port; undefined where the ordinary way has to go on. */
export type Look = (port: number) => ConnectFact | undefined

/**
 * The kernel's quick looks at one closed port after the other; undefined where there are none, or several addresses.
 * @throws NcFault for a name that is not known
 */
export async function createLook(
  run: Run,
  net: Net,
  { host, ports: [first = 0] }: ConnectTask,
  sourceOf: (to: Address) => Promise<string | undefined>,
): Promise<Look | undefined> {
  const [address, ...others] = await lookUp(run, host, first)
  if (address === undefined || others.length > 0 || net.sweep === undefined) return undefined
  const sweep = net.sweep({
    ...run.settings.socket,
    ...address,
    close: 'fin',
    exclusiveSource: true,
    sourceAddress: await sourceOf(address),
  })
  return (port) => sweep.look(port)
}
