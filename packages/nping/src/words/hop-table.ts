import { aligned, escapeControl, type Hop, type HopAnswer, milliseconds } from '@portkit/core'

/** One line for each hop and each address that answered there; `*` for a round without an answer. */
export function hopTable(hops: readonly Hop[], width?: number): string {
  if (hops.length === 0) return ''
  const most = Math.max(...hops.map(({ rounds }) => rounds.length))
  const titles = ['HOP', 'ADDRESS', ...Array.from({ length: most }, (_, i) => (i === 0 ? 'RTT' : ''))]
  const right = new Set([0, ...Array.from({ length: most }, (_, i) => i + 2)])
  return aligned([titles, ...hops.flatMap(rowsOf)], width, right)
}

function rowsOf({ ttl, rounds }: Hop): string[][] {
  const names = new Map<string, string | undefined>()
  for (const answer of rounds) {
    if (answer !== undefined) names.set(answer.address, names.get(answer.address) ?? answer.name)
  }
  if (names.size === 0) return [[`${ttl}`, '*', ...rounds.map(() => '*')]]
  return [...names].map(([address, name], i) => [
    i === 0 ? `${ttl}` : '',
    escapeControl(name === undefined ? address : `${address} (${name})`),
    ...rounds.map((answer) => cellOf(answer, address, i === 0)),
  ])
}

/** Rounds that nobody answered are told once, in the hop's first line. */
function cellOf(answer: HopAnswer | undefined, address: string, isFirst: boolean): string {
  if (answer === undefined) return isFirst ? '*' : ''
  if (answer.address !== address) return ''
  return answer.rttNs === undefined ? '?' : milliseconds(answer.rttNs)
}
