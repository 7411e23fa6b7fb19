import { clipped } from '../../model/clip.ts'
import type { Service } from '../../model/service.ts'

/** Names by which a server that is no Redis tells its own version besides the one that it is compatible with. */
const OWN_VERSIONS = [
  ['valkey_version', 'Valkey'],
  ['dragonfly_version', 'Dragonfly'],
] as const

/** The answer to `INFO server`: lines of `name:value`. Recorded from redis 7.0.15. */
export function redisInfo(text: string): Service {
  const fields = fieldsOf(text)
  const mode = fields.get('redis_mode') ?? fields.get('server_mode')
  const os = fields.get('os')
  return {
    protocol: 'redis',
    ...productOf(fields),
    ...(os === undefined ? {} : { os }),
    ...(mode === undefined ? {} : { details: { mode } }),
  }
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\r\n', 100)) {
    const colon = line.indexOf(':')
    const value = clipped(line.slice(colon + 1))
    if (colon > 0 && value !== undefined) fields.set(line.slice(0, colon), value)
  }
  return fields
}

function productOf(fields: ReadonlyMap<string, string>): Pick<Service, 'product' | 'version'> {
  for (const [name, product] of OWN_VERSIONS) {
    const version = fields.get(name)
    if (version !== undefined) return { product, version: version.replace(/^(?:df-)?v/, '') }
  }
  const version = fields.get('redis_version')
  if (version === undefined) return {}
  // KeyDB tells its own version by Redis' name, and its name only by the file that it was started from.
  const isKeyDb = /\/keydb-[a-z-]{1,30}$/.test(fields.get('executable') ?? '')
  return { product: isKeyDb ? 'KeyDB' : 'Redis', version }
}
