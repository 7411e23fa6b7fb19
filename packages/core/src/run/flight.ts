/** Counts what is under way, `most` at once, and keeps the first unexpected error of any of it. */
export interface Flight {
  /** Takes a started piece of work; it may reject. */
  add(work: Promise<void>): void
  /** Waits until another one may start. @throws the first error of the work so far */
  room(): Promise<void>
  /** Waits for all of it. @throws the first error of the work so far */
  landed(): Promise<void>
}

export function createFlight(most: number): Flight {
  const under = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | undefined
  const rethrow = (): void => {
    if (failure !== undefined) throw failure.error
  }
  return {
    add(work) {
      const tracked: Promise<void> = work
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => under.delete(tracked))
      under.add(tracked)
    },
    async room() {
      while (under.size >= most) await Promise.race(under)
      rethrow()
    },
    async landed() {
      await Promise.all(under)
      rethrow()
    },
  }
}
