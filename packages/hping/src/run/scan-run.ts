import { type AimedShot, runScan, withChannel } from '@portkit/core'
import { listenerOf } from './listener.ts'
import { type Outfit, orderOf } from './order.ts'
import type { Run } from './run.ts'
import { USUAL } from './usual.ts'

/** Asks many ports of one host, each until it answers but not for ever. Rejects with LocalFault when the way breaks down. */
export async function scanRun(run: Run, outfit: Outfit, ports: readonly number[]): Promise<void> {
  const { settings, io } = run
  const { mode: protocol, retries, timeoutMs, intervalNs, ip } = settings
  const ttl = ip.ttl ?? USUAL.ttl
  await withChannel(run, orderOf(run, outfit), async (all, { probes, aimAt }, channel) => {
    let index = 0
    const aimOf = (k: number): AimedShot => {
      const shot = aimAt(0, { protocol, port: ports[k] ?? 0, round: 0, index: index++ }, ttl)
      if (shot === undefined) throw new RangeError('no host to scan')
      return shot
    }
    const outcome = await runScan<AimedShot>({
      channel,
      clock: io.clock,
      probes,
      count: ports.length,
      aimOf,
      listener: (shotOf) => listenerOf(all, shotOf),
      retries,
      timeoutMs,
      intervalNs,
      signal: io.interrupted,
      turn: run.lines.flush,
    })
    if (outcome.isUnsettled)
      run.note(
        'the last pass still brought answers: some of the silent ports may answer if asked more slowly (-i)',
      )
    const { refused } = outcome
    if (refused > 0) run.note(`${refused} ${refused === 1 ? 'port' : 'ports'} could not be asked`)
    if (outcome.end === 'interrupted') run.note('interrupted: some ports were not asked, or not often enough')
  })
}
