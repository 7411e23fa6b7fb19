/** Values from many producers for one consumer, in the order in which they came. */
export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void
  /** No value comes any more: the consumer gets what is left, then the end. */
  end(): void
  /** The consumer's next step rejects with `error` once the values before it are taken. */
  fail(error: unknown): void
  readonly size: number
  /** Resolves when at most `size` values wait, or when the queue has ended. */
  below(size: number): Promise<void>
}

export function createQueue<T>(): Queue<T> {
  const values: T[] = []
  let end: { readonly error?: unknown } | undefined
  let wake = (): void => {}
  let drained: { readonly size: number; readonly resolve: () => void }[] = []
  const finish = (how: { readonly error?: unknown }): void => {
    end ??= how
    for (const waiter of drained) waiter.resolve()
    drained = []
    wake()
  }
  const taken = (): void => {
    if (drained.length === 0) return
    for (const waiter of drained) if (values.length <= waiter.size) waiter.resolve()
    drained = drained.filter(({ size }) => values.length > size)
  }
  return {
    push(value) {
      if (end !== undefined) return
      values.push(value)
      wake()
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    get size() {
      return values.length
    },
    below: (size) =>
      new Promise((resolve) => {
        if (values.length <= size || end !== undefined) resolve()
        else drained.push({ size, resolve })
      }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (values.length > 0) {
          yield values.shift() as T
          taken()
        }
        if (end !== undefined) {
          if ('error' in end) throw end.error
          return
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
