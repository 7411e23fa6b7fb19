/** Where one probe goes: which round (from 0), and which of the ports and hosts. */
export interface Turn {
  readonly round: number
  readonly port: number
  readonly host: number
}

/**
 * The k-th probe of a run in nping's order: in each round every port, and for each port every host.
 * @returns undefined behind the last one
 */
export function turnOf(k: number, rounds: number, ports: number, hosts: number): Turn | undefined {
  const each = ports * hosts
  if (each === 0 || k >= rounds * each) return undefined
  const within = k % each
  return { round: Math.floor(k / each), port: Math.floor(within / hosts), host: within % hosts }
}
