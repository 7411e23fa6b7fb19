/** A number from 1 to 65,535 for each of some ports. */
export interface PortCells {
  /** 0 where there is none. */
  get(port: number): number
  set(port: number, value: number): void
  /** The ports that have one, ascending. */
  ports(): Uint16Array
}

const PORTS = 65_536
/** From so many on an array for all ports takes less than a map. */
const MANY = 2048

export function createPortCells(): PortCells {
  const few = new Map<number, number>()
  let all: Uint16Array | undefined
  /** Those in use, until there is one more: a report asks for them several times, and a generator leaves much behind. */
  let sorted: Uint16Array | undefined
  return {
    get: (port) => (all === undefined ? few.get(port) : all[port]) ?? 0,
    set(port, value) {
      if (all !== undefined) {
        if (all[port] === 0) sorted = undefined
        all[port] = value
        return
      }
      few.set(port, value)
      if (sorted?.length !== few.size) sorted = undefined
      if (few.size <= MANY) return
      all = new Uint16Array(PORTS)
      for (const [known, cell] of few) all[known] = cell
      few.clear()
    },
    ports() {
      sorted ??= all === undefined ? Uint16Array.from(few.keys()).sort() : placesIn(all)
      return sorted
    },
  }
}

function placesIn(cells: Uint16Array): Uint16Array {
  const places = new Uint16Array(PORTS)
  let count = 0
  for (let port = 0; port < PORTS; port += 1) {
    if (cells[port] === 0) continue
    places[count] = port
    count += 1
  }
  return places.slice(0, count)
}
