import { type Clock, type Io, type Lines, out } from '@portkit/core'
import { LOOKING_UP, nameText } from '../words/error-text.ts'

/** Text on its way out in its order, parts of which wait for the names of addresses. */
export interface NamedText {
  text(text: string): void
  /** Text that ends in an address, and behind it that address's name; undefined: no name is wanted. */
  named(text: string, address: string | undefined): void
  /** Resolves when no name is waited for any more. */
  settled(): Promise<void>
}

/** A name server that does not answer must not hold up anybody for longer. */
const MOST_WAIT_MS = 1000
/** Pieces of text that wait for a name: behind so many nobody waits any more. */
const MOST_WAITING = 4096
/** Addresses whose names are remembered. */
const MOST_NAMES = 1024

/** What is known of an address's name. */
interface Asked {
  isOver: boolean
  name: string | undefined
}

/** A text, or the place for a name. */
type Waiting = string | Asked

export function createNamedText(io: Pick<Io, 'dns' | 'clock'>, lines: Lines): NamedText {
  const names = new Map<string, Asked>()
  let waiting: Waiting[] = []
  let asking = Promise.resolve()

  const release = (isImpatient = false): void => {
    const first = waiting.findIndex((piece) => typeof piece !== 'string' && !piece.isOver)
    const ready = first < 0 || isImpatient ? waiting.length : first
    for (const piece of waiting.slice(0, ready)) {
      lines.line(out(typeof piece === 'string' ? piece : nameText(piece.name)))
    }
    waiting = waiting.slice(ready)
  }
  const add = (piece: Waiting): void => {
    waiting.push(piece)
    release(waiting.length > MOST_WAITING)
  }
  const ask = (address: string): Asked => {
    const known = names.get(address)
    if (known !== undefined) return known
    // Whoever waits for one of them has it.
    if (names.size >= MOST_NAMES) names.clear()
    const asked: Asked = { isOver: false, name: undefined }
    names.set(address, asked)
    const found = nameOf(address, io).then((name) => {
      asked.name = name
      asked.isOver = true
      release()
      // The next turn may be far; a fault of the writing is told there.
      void lines.flush()
    })
    asking = asking.then(() => found)
    return asked
  }
  return {
    text: add,
    named(text, address) {
      if (address === undefined) return add(text)
      add(text + LOOKING_UP)
      add(ask(address))
    },
    async settled() {
      await asking
      release(true)
    },
  }
}

async function nameOf(address: string, { dns, clock }: Pick<Io, 'dns'> & { readonly clock: Clock }) {
  const over = new AbortController()
  const limit = clock.sleep(MOST_WAIT_MS, over.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([dns.reverse(address, over.signal).catch(() => undefined), limit])
  } finally {
    over.abort()
  }
}
