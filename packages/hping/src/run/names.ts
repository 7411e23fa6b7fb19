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

type Name = string | undefined

interface Waiting {
  /** A text, or the name of this address. */
  readonly text?: string
  readonly address?: string
}

export function createNamedText(io: Pick<Io, 'dns' | 'clock'>, lines: Lines): NamedText {
  const names = new Map<string, { readonly name: Name } | 'asked'>()
  let waiting: Waiting[] = []
  let asking = Promise.resolve()

  const release = (isImpatient = false): void => {
    let done = 0
    for (const { text, address = '' } of waiting) {
      const known = names.get(address)
      if (text === undefined && (known === undefined || known === 'asked') && !isImpatient) break
      lines.line(out(text ?? nameText(typeof known === 'object' ? known.name : undefined)))
      done += 1
    }
    waiting = waiting.slice(done)
  }
  const add = (piece: Waiting): void => {
    waiting.push(piece)
    release(waiting.length > MOST_WAITING)
  }
  const ask = (address: string): void => {
    if (names.has(address)) return
    if (names.size >= MOST_NAMES) names.clear()
    names.set(address, 'asked')
    const found = nameOf(address, io).then((name) => {
      names.set(address, { name })
      release()
      // The next turn may be far; a fault of the writing is told there.
      void lines.flush()
    })
    asking = asking.then(() => found)
  }
  return {
    text: (text) => add({ text }),
    named(text, address) {
      add({ text: address === undefined ? text : text + LOOKING_UP })
      if (address === undefined) return
      ask(address)
      add({ address })
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
    return await Promise.race([dns.reverse(address).catch(() => undefined), limit])
  } finally {
    over.abort()
  }
}
