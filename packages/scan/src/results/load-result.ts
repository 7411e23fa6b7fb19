import { type Io, LocalFault, StreamFault, strerror } from '@portkit/core'
import { LONGEST, type ReadResult, readResult } from './read-result.ts'

/** What results are read from. */
type LoadIo = Pick<Io, 'stdin'> & { readonly system: Pick<Io['system'], 'openInput'> }

const PIECE = 65_536

/**
 * Reads a result from a file; from standard input where the path is `-`.
 * @throws UsageError when it is no result, LocalFault when it cannot be read
 */
export async function loadResult(path: string, io: LoadIo): Promise<ReadResult> {
  if (path !== '-') return readResult(await textOf(io.system.openInput(path)), path)
  try {
    return await readResult(await textOf(fromStdin(io)), 'standard input')
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error
    throw new LocalFault(error.code, `cannot read standard input: ${strerror(error.code)}`)
  }
}

/** Not much more than results may have: what never ends is not read for ever. */
async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  const texts: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true })
    texts.push(text)
    length += text.length
    if (length > LONGEST) break
  }
  return texts.join('') + decoder.decode()
}

async function* fromStdin({ stdin }: LoadIo): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = await stdin.read(PIECE); piece !== undefined; piece = await stdin.read(PIECE))
      yield piece
  } finally {
    stdin.release()
  }
}
