import { type AimedShot, type ExchangeListener, listenTo } from '@portkit/core'
import { isToldOfStrangers, tellStranger } from './debug.ts'
import type { Run } from './run.ts'

/** Counts and judges what becomes of the shots, and tells whoever watches the run. */
export function listenerOf(run: Run, shotOf: (index: number) => AimedShot | undefined): ExchangeListener {
  const { settings } = run
  return listenTo(run, shotOf, {
    sendOnly: settings.noCapture,
    isBroken: settings.badSum,
    stranger: isToldOfStrangers(settings) ? (packet) => tellStranger(run, packet) : undefined,
  })
}
