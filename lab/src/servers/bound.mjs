import { run } from '../command.mjs'

/** What a wildcard or an address of the target stands for, as ss(8) writes it. */
const FAMILIES = /** @type {Readonly<Record<string, readonly (4 | 6)[]>>} */ ({
  '*': [4, 6],
  '0.0.0.0': [4],
  '10.77.0.2': [4],
  '[::]': [6],
  '[fd77::2]': [6],
})

/**
 * The ports that somebody waits at in a namespace.
 * @param {string} namespace
 * @returns {Promise<ReadonlySet<string>>} `tcp4 22`, `udp6 53` …
 */
export async function boundPorts(namespace) {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, 'ss', '-Htuln'])
  const found = stdout.split('\n').flatMap((line) => {
    const [transport = '', , , , local = ''] = line.trim().split(/\s+/)
    const colon = local.lastIndexOf(':')
    const address = local.slice(0, colon).replace(/%[^\]]*/, '')
    return (FAMILIES[address] ?? []).map((family) => `${transport}${family} ${local.slice(colon + 1)}`)
  })
  return new Set(found)
}

/** The same words for all that is to be bound. @param {readonly import('./server.mjs').Truth[]} truths */
export function toBeBound(truths) {
  return truths.flatMap(({ transport, families, port }) =>
    families.map((family) => `${transport}${family} ${port}`),
  )
}
