import type { Io, StandardInput } from '../io/io.ts'

/** A capture that is read, and what messages call it. */
export interface CaptureInput {
  readonly name: string
  /** Ends early when the run is interrupted. */
  readonly pieces: AsyncIterable<Uint8Array>
}

/** The file, or for `-` standard input. */
export function captureInput(
  path: string,
  { system, stdin, interrupted }: Pick<Io, 'system' | 'stdin' | 'interrupted'>,
): CaptureInput {
  if (path === '-') return { name: 'standard input', pieces: piecesOf(stdin, interrupted) }
  return { name: path, pieces: system.openInput(path, interrupted) }
}

const PIECE = 65_536

async function* piecesOf(stdin: StandardInput, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const release = (): void => stdin.release()
  signal.addEventListener('abort', release, { once: true })
  try {
    while (!signal.aborted) {
      const piece = await stdin.read(PIECE)
      if (piece === undefined) return
      // A copy: whoever reads a capture keeps parts of it.
      yield piece.slice()
    }
  } finally {
    signal.removeEventListener('abort', release)
    release()
  }
}
