import { type Io, main, nodeHost } from '@portkit/core'
import { ncTs } from './cli.ts'

/** Reads the whole command line and does what it says; `fault` is what a plain check came to instead of an end. */
export function whole(
  name: string,
  options: { readonly version: string; createIo(): Io },
  fault?: { readonly error: unknown },
): Promise<void> {
  const cli = ncTs(name)
  if (fault === undefined) return main(cli, options, nodeHost)
  const failing = {
    ...cli,
    // biome-ignore lint/correctness/useYield: it has nothing to say but the error
    async *run(): AsyncGenerator<never, number> {
      throw fault.error
    },
  }
  return main(failing, options, nodeHost)
}
