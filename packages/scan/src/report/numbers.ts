import { fixed } from '@portkit/core'

/** Of a latency, those that count. */
const DIGITS = 2

/** `0.000054`, `0.0000070`, `0.11`, `1.5`, `12`: seconds with two digits that count, as nmap prints latencies. */
export function latencySeconds(us: number): string {
  const seconds = us / 1e6
  if (!(seconds > 0) || !Number.isFinite(seconds)) return '0.00'
  const decimals = DIGITS - Math.floor(Math.log10(seconds)) - 1
  // nmap rounds halves up by itself, before it prints.
  const rounded = Math.floor(seconds * 10 ** decimals + 0.5) * 10 ** -decimals
  return fixed(rounded, Math.max(0, decimals))
}

/** `600B`, `1.744KB`, `13.128MB`: in thousands, as nmap counts. */
export function octetsText(octets: number): string {
  if (octets < 1e3) return `${fixed(octets, 0)}B`
  return octets < 1e6 ? `${fixed(octets / 1e3, 3)}KB` : `${fixed(octets / 1e6, 3)}MB`
}

/** `1.33`: how long a run or a part of it took. */
export function elapsedSeconds(ms: number): string {
  return fixed(ms / 1e3, 2)
}

/** `0:00:15`, whole seconds that have passed. */
export function hoursText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1e3))
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
