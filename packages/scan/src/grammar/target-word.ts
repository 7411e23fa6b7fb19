import { parseTargetSpec, type TargetRange, UsageError } from '@portkit/core'

/** A word as a target; `warning` tells what is wrong with it, and `target` is missing when nothing is left of it. */
export interface ReadTarget {
  readonly target?: TargetRange | undefined
  readonly warning?: string | undefined
}

export const illegalMask = (text: string, bits: number): string =>
  `Illegal netmask in "${text}". Assuming /${bits} (one host)`

/** Reads a target and finds fault as nmap 7.93 does: in words, and goes on. */
export function readTarget(text: string): ReadTarget {
  const [host = '', mask, ...more] = text.split('/')
  if (mask === undefined) return parsed(text)
  if (!/^\d+$/.test(mask) || more.length > 0) {
    return { warning: `Unable to split netmask from target expression: "${text}"` }
  }
  const bits = host.includes(':') ? 128 : 32
  const prefix = Number(mask)
  // Networks of IPv6 that are small enough to scan may stand around a name, too.
  const isAroundName = bits === 32 && !isIpv4(host) && prefix >= 96 && prefix <= 128
  if (prefix <= bits || isAroundName) return parsed(`${host}/${prefix}`)
  const single = parsed(host)
  return single.target === undefined ? single : { ...single, warning: illegalMask(text, bits) }
}

const isIpv4 = (host: string): boolean => /^[\d.*,-]+$/.test(host)

function parsed(text: string): ReadTarget {
  try {
    return { target: parseTargetSpec(text) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { warning: `Failed to resolve "${text}".  ${error.message}` }
  }
}
