import { err, type Io, type Say } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { createHexDump } from './hex-dump.ts'
import { createProgress } from './progress.ts'

export interface Watch {
  /** A connection stands. */
  begin(): void
  watch(way: 'sent' | 'received', octets: Uint8Array): void
  /** Writes what is left to be written. Rejects with LocalFault when the dump could not be written. */
  end(): Promise<void>
}

/** Hears of all octets that pass: `--hex-dump` and `--progress`. @throws LocalFault when the dump cannot be written */
export function createWatch(settings: Settings, io: Io, say: Say): Watch {
  const file = settings.hexDump === undefined ? undefined : io.system.openOutput(settings.hexDump)
  // The session goes on without a dump that cannot be written; that it could not is said in the end.
  let failed: { readonly fault: unknown } | undefined
  const dump =
    file &&
    createHexDump((text) => {
      try {
        if (failed === undefined) file.write(text)
      } catch (fault) {
        failed = { fault }
      }
    })
  let said = Promise.resolve()
  const progress = settings.progress
    ? createProgress(io.clock, io.system.stderr, (text) => {
        said = said.then(() => say(err(text)))
      })
    : undefined
  return {
    begin: () => progress?.begin(),
    watch(way, octets) {
      dump?.(way, octets)
      progress?.watch(way, octets)
    },
    async end() {
      progress?.end()
      await said
      file?.close()
      if (failed !== undefined) throw failed.fault
    },
  }
}
