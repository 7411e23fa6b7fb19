import { UsageError } from '@portkit/core'
import type { Reader } from '../dialogue/dialogue.ts'
import { latin1 } from '../dialogue/readers.ts'
import { clipped } from '../model/clip.ts'
import type { Service } from '../model/service.ts'

/** Longer than any sensible expression takes for one answer. */
const MOST_MS = 100

/** Matches answers with the user's own expression; undefined where it does not match. @throws UsageError when that takes too long */
export type OwnMatch = (octets: Uint8Array) => Service | undefined

/** The expression of `--match`, which is known to compile, run where it can be stopped. */
export async function createOwnMatch(source: string): Promise<OwnMatch> {
  const { createContext, Script } = await import('node:vm')
  const world: { text: string; source: string } = { text: '', source }
  const context = createContext(world)
  new Script("'use strict'; var pattern = new RegExp(source, 's')").runInContext(context)
  const script = new Script(
    '(() => { const found = pattern.exec(text); return found && { ...found.groups } })()',
  )
  return (octets) => {
    world.text = latin1(octets)
    try {
      const groups: unknown = script.runInContext(context, { timeout: MOST_MS })
      return groups === null ? undefined : serviceOf(groups as Groups)
    } catch (error) {
      if (!isTimeOut(error)) throw error
      throw new UsageError(`--match: this expression takes longer than ${MOST_MS} ms for one answer`)
    }
  }
}

type Groups = Readonly<Record<string, string | undefined>>

/** What the expression's groups tell. */
function serviceOf({ protocol, product, version, info }: Groups): Service {
  return {
    protocol: clipped(protocol) ?? 'match',
    product: clipped(product),
    version: clipped(version),
    info: clipped(info),
  }
}

function isTimeOut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

/** Takes nothing: the answer stays to be shown. An answer may match before it is whole. */
export function matching(match: OwnMatch): Reader<Service> {
  return (octets, ended) => {
    const service = match(octets)
    if (service !== undefined) return { value: service, length: 0 }
    return ended ? undefined : 'more'
  }
}
