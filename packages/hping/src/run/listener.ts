import { type AimedShot, type ExchangeListener, listenTo, type SeenPacket, sight } from '@portkit/core'
import { isFragment } from '../packet-shape.ts'
import { debugStranger } from '../words/debug-text.ts'
import type { Run } from './run.ts'

/** Counts and judges what becomes of the shots, and tells whoever watches the run. */
export function listenerOf(run: Run, shotOf: (index: number) => AimedShot | undefined): ExchangeListener {
  const { settings, lines } = run
  const tell = (packet: SeenPacket): void => lines.line(debugStranger(sight(packet), packet.length))
  const { badSum, ip } = settings
  return listenTo(run, shotOf, {
    isBroken: badSum || isFragment(ip),
    stranger: settings.debug ? tell : undefined,
  })
}
