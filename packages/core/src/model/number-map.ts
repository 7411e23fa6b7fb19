/** As many entries are kept in a Map, which grows by copying itself; for more there is a table once and for all. */
const FEW = 8192

/**
 * Whole numbers from 0 by keys below a limit, such as port numbers: a Map that stays small in memory when most keys are
 * used. A class, because a run over a network has one for each host, and closures for each would outweigh it.
 */
export class NumberMap {
  readonly #limit: number
  readonly #few = new Map<number, number>()
  /** One more than the value; 0 where there is none. */
  #table: Float64Array | undefined
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#size
  }

  get(key: number): number | undefined {
    if (this.#table === undefined) return this.#few.get(key)
    const found = this.#table[key] ?? 0
    return found === 0 ? undefined : found - 1
  }

  set(key: number, value: number): void {
    if (this.get(key) === undefined) this.#size += 1
    if (this.#table === undefined) this.#few.set(key, value)
    else this.#table[key] = value + 1
    if (this.#few.size >= FEW) this.#spread()
  }

  delete(key: number): void {
    if (this.get(key) === undefined) return
    this.#size -= 1
    if (this.#table === undefined) this.#few.delete(key)
    else this.#table[key] = 0
  }

  /** In no order that could be relied on. */
  *values(): Generator<number> {
    yield* this.#few.values()
    for (const found of this.#table ?? []) if (found > 0) yield found - 1
  }

  #spread(): void {
    const table = new Float64Array(this.#limit)
    for (const [key, value] of this.#few) table[key] = value + 1
    this.#few.clear()
    this.#table = table
  }
}
