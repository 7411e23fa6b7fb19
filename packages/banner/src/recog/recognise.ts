import type { PatternMatch } from '@portkit/core'
import { clipped } from '../model/clip.ts'
import { cpeOf } from './cpe.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What one fingerprint says of a text. */
export interface Recognised {
  readonly description: string | undefined
  readonly vendor: string | undefined
  readonly product: string | undefined
  readonly version: string | undefined
  readonly os: string | undefined
  /** CPE 2.3 names: of the service, its parts, the system, the hardware. */
  readonly cpes: readonly string[]
}

const CPES = ['service.cpe23', 'service.component.cpe23', 'os.cpe23', 'hw.cpe23']

/** In a name: `2008` of `Windows Server 2008`, `12.x`. */
const VERSION = /\d[\w.]*/g

/**
 * What the fingerprint says of the text that it matched. Versions, also those in names, count only when they are in that
 * text: what a database concludes from them is not what the peer said.
 */
export function recognise(fingerprint: Fingerprint, text: string, { groups }: PatternMatch): Recognised {
  const { params, description } = fingerprint
  const raw = new Map(params.map(({ name, pos, value }) => [name, pos === 0 ? value : (groups[pos] ?? '')]))
  // One step only: what a peer said is not looked at for more braces.
  const fill = (value: string): string =>
    value.replace(/\{([^{}]+)\}/g, (_, name: string) => raw.get(name) ?? '')
  const fixed = new Set(params.filter(({ pos }) => pos === 0).map(({ name }) => name))
  const valueNamed = (name: string): string | undefined => {
    const value = raw.get(name)
    return clipped(value !== undefined && fixed.has(name) ? fill(value) : value)
  }
  const lower = text.toLowerCase()
  const told = (version: string): boolean => stands(version.toLowerCase(), lower)
  const version = valueNamed('service.version')
  const ifTold = (words: string | undefined): string | undefined =>
    words?.match(VERSION)?.every(told) === false ? undefined : words
  return {
    description: ifTold(clipped(description)),
    vendor: valueNamed('service.vendor'),
    product: ifTold(valueNamed('service.product')),
    version: version !== undefined && told(version) ? version : undefined,
    os: ifTold(valueNamed('os.product')),
    cpes: CPES.flatMap((name) => cpeOf(raw.get(name) ?? '', valueNamed, told) ?? []),
  }
}

/** In the text as a whole number or the beginning of one: `2` does not stand in `12.0`, nor in `1.2`. */
function stands(version: string, text: string): boolean {
  for (let at = text.indexOf(version); at >= 0 && version !== ''; at = text.indexOf(version, at + 1)) {
    const isWithin = /\d\.?$/.test(text.slice(Math.max(0, at - 2), at))
    const goesOn = /\d$/.test(version) && /\d/.test(text[at + version.length] ?? '')
    if (!isWithin && !goesOn) return true
  }
  return false
}
