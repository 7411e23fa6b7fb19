import type { Io, Services } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Kit } from './kit.ts'
import { createTurns } from './turns.ts'

/** The kit of one run; `close` frees what it holds. */
export interface OpenKit extends Kit {
  close(): void
}

/** @throws LocalFault */
export async function openKit(settings: Settings, services: Services, io: Io): Promise<OpenKit> {
  const { own, ratePerS } = settings
  const source = own?.match
  return {
    settings,
    io,
    net: await io.openNet('auto'),
    services,
    turns: createTurns(io.clock, ratePerS),
    match: source === undefined ? undefined : await (await import('./own-match.ts')).createOwnMatch(source),
    close: () => {},
  }
}
