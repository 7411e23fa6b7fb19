/** Lets only so many in at once, in their order. */
export interface Gate {
  enter(): Promise<void>
  leave(): void
  /** There turned out to be room for fewer than are in now. False when nobody else is in who could make room. */
  narrow(): boolean
}

export function createGate(most: number): Gate {
  const queue: (() => void)[] = []
  let room = most
  let inside = 0
  const admit = (): void => {
    while (inside < room) {
      const next = queue.shift()
      if (next === undefined) return
      inside += 1
      next()
    }
  }
  return {
    async enter() {
      if (inside < room && queue.length === 0) {
        inside += 1
        return
      }
      await new Promise<void>((resolve) => queue.push(resolve))
    },
    leave() {
      inside -= 1
      admit()
    },
    narrow() {
      if (inside <= 1) return false
      room = Math.max(1, Math.min(room, inside - 1))
      return true
    },
  }
}
