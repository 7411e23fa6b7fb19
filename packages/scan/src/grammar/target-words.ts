import { type Io, LocalFault, StreamFault, UsageError } from '@portkit/core'
import { openFault } from '../model/open-fault.ts'

/** What reads lists of targets. */
export type WordsIo = Pick<Io, 'stdin' | 'interrupted'> & { readonly system: Pick<Io['system'], 'openInput'> }

/** nmap 7.93 takes no longer word. */
const TOO_LONG_WORD = 1024
const MOST_OCTETS = 2 ** 24
const PIECE = 65_536

/**
 * The words of a file (`-`: of standard input) with white space between; `#` begins a comment to the end of the line.
 * @throws LocalFault in nmap's words when it cannot be read; UsageError for a word of 1024 characters or more and for
 * more than 2^24 octets
 */
export async function readWords(
  path: string,
  what: 'input' | 'exclude',
  io: WordsIo,
): Promise<Iterable<string>> {
  return wordsIn(await readAll(path, what, io))
}

function* wordsIn(text: string): Generator<string> {
  for (const [word] of text.matchAll(/#[^\n]*|[^\s#]+/g)) {
    if (word.startsWith('#')) continue
    if (word.length >= TOO_LONG_WORD) {
      throw new UsageError(
        `One of the host specifications from your input file is too long (>= ${TOO_LONG_WORD} chars)`,
      )
    }
    yield word
  }
}

async function readAll(path: string, what: string, io: WordsIo): Promise<string> {
  const decoder = new TextDecoder()
  const texts: string[] = []
  let octets = 0
  try {
    for await (const piece of path === '-' ? fromStdin(io) : io.system.openInput(path, io.interrupted)) {
      octets += piece.length
      if (octets > MOST_OCTETS) {
        throw new UsageError(`The ${what} file ${path} is too large (more than ${MOST_OCTETS} octets)`)
      }
      texts.push(decoder.decode(piece, { stream: true }))
    }
  } catch (error) {
    if (!(error instanceof LocalFault || error instanceof StreamFault)) throw error
    throw openFault(`${what} file ${path}`, 'reading', error.code)
  }
  return texts.join('') + decoder.decode()
}

async function* fromStdin({ stdin, interrupted }: WordsIo): AsyncGenerator<Uint8Array> {
  // Whoever types may never end: that ends a pending read.
  const stop = (): void => stdin.release()
  interrupted.addEventListener('abort', stop, { once: true })
  try {
    for (let piece = await stdin.read(PIECE); piece !== undefined; piece = await stdin.read(PIECE))
      yield piece
  } finally {
    interrupted.removeEventListener('abort', stop)
    stop()
  }
}
