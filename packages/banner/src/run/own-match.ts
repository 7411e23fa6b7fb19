import type { Reader } from '../dialogue/dialogue.ts'
import { latin1 } from '../dialogue/readers.ts'
import { clipped } from '../model/clip.ts'
import { MATCHED, type Service } from '../model/service.ts'

/** Longer than any sensible expression takes for one answer. */
const MOST_MS = 100

/** What is told of a port whose answer took the expression too long. */
export const TOO_LONG = `--match took more than ${MOST_MS} ms for this answer`

interface OwnMatched {
  readonly service: Service
  /** Octets up to the end of what matched. */
  readonly end: number
}

/** Matches answers with the user's own expression; undefined where it does not match. */
export type OwnMatch = (octets: Uint8Array) => OwnMatched | 'too long' | undefined

/** The expression of `--match`, which is known to compile, run where it can be stopped. */
export async function createOwnMatch(source: string): Promise<OwnMatch> {
  const { createContext, Script } = await import('node:vm')
  const world: { text: string; source: string } = { text: '', source }
  const context = createContext(world)
  new Script("'use strict'; var pattern = new RegExp(source, 's')").runInContext(context)
  const script = new Script(`(() => {
    const found = pattern.exec(text)
    return found && { groups: { ...found.groups }, end: found.index + found[0].length }
  })()`)
  return (octets) => {
    world.text = latin1(octets)
    try {
      const found = script.runInContext(context, { timeout: MOST_MS }) as Found | null
      return found === null ? undefined : { service: serviceOf(found.groups), end: found.end }
    } catch (error) {
      if (!isTimeOut(error)) throw error
      return 'too long'
    }
  }
}

type Groups = Readonly<Record<string, string | undefined>>

interface Found {
  readonly groups: Groups
  readonly end: number
}

/** What the expression's groups tell. */
function serviceOf({ protocol, product, version, info }: Groups): Service {
  return {
    protocol: clipped(protocol) ?? MATCHED,
    product: clipped(product),
    version: clipped(version),
    info: clipped(info),
  }
}

/** The error is one of the other context, whose `Error` is not ours. */
function isTimeOut(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}

/**
 * Takes nothing: the answer stays to be shown. An answer may match before it is whole, but not with its last octets, which
 * more may change. Tells `onTooLong` of an answer that is given up.
 */
export function matching(match: OwnMatch, onTooLong: () => void): Reader<Service> {
  return (octets, ended) => {
    const matched = match(octets)
    if (matched === 'too long') {
      onTooLong()
      return undefined
    }
    if (matched !== undefined && (ended || matched.end < octets.length))
      return { value: matched.service, length: 0 }
    return ended ? undefined : 'more'
  }
}
