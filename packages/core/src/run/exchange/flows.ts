/** The shots of each address and port, newest first. Numbers only: no object a shot. */
export interface Flows {
  add(index: number, remote: string, port: number): void
  /** Undoes the newest `add`. */
  takeBack(index: number, remote: string, port: number): void
  /** Nothing is kept of an address and port whose newest shot this was. */
  forget(index: number, remote: string, port: number): void
  /** The newest shot at that address and port; undefined when there was none. */
  newestAt(remote: string, port: number): number | undefined
  /** The shot before it at the same address and port. */
  before(index: number): number | undefined
}

/** Instead of one more than an index: so fresh memory need not be touched. */
const NONE = 0

/** @param capacity how many shots are remembered, a power of two */
export function createFlows(capacity: number): Flows {
  const previous = new Float64Array(capacity)
  const newest = new Map<string, Map<number, number>>()
  const portsOf = (remote: string): Map<number, number> => {
    const known = newest.get(remote)
    if (known !== undefined) return known
    const ports = new Map<number, number>()
    newest.set(remote, ports)
    return ports
  }
  const drop = (remote: string, port: number): void => {
    const ports = newest.get(remote)
    ports?.delete(port)
    if (ports?.size === 0) newest.delete(remote)
  }
  const at = (index: number): number => index & (capacity - 1)
  return {
    add(index, remote, port) {
      const ports = portsOf(remote)
      const before = ports.get(port)
      previous[at(index)] = before === undefined ? NONE : before + 1
      ports.set(port, index)
    },
    takeBack(index, remote, port) {
      const before = indexOf(previous[at(index)])
      if (before === undefined) drop(remote, port)
      else portsOf(remote).set(port, before)
    },
    forget(index, remote, port) {
      if (newest.get(remote)?.get(port) === index) drop(remote, port)
    },
    newestAt: (remote, port) => newest.get(remote)?.get(port),
    before: (index) => indexOf(previous[at(index)]),
  }
}

function indexOf(kept = NONE): number | undefined {
  return kept === NONE ? undefined : kept - 1
}
