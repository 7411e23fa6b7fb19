const BATCH = 256

/** 32 random bits a call, fetched from the system many at a time: one by one each would take a microsecond. */
export function createRandom(
  fill: (into: Uint32Array) => unknown = (into) => crypto.getRandomValues(into),
): () => number {
  let batch = new Uint32Array()
  let next = 0
  return () => {
    if (next === batch.length) {
      batch = new Uint32Array(BATCH)
      fill(batch)
      next = 0
    }
    return batch[next++] ?? 0
  }
}
