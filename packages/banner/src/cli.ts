import {
  colours,
  createServices,
  defineCli,
  err,
  escapeControl,
  type Io,
  type Line,
  parseTargets,
  resolveTargets,
  type Target,
  untilInterrupted,
} from '@portkit/core'
import { OPTIONS } from './command-line/options.ts'
import { readSettings } from './command-line/read-settings.ts'
import { exitStatus, STATUS } from './exit-status.ts'
import { createReporter } from './report/create-reporter.ts'
import { createProgress } from './report/progress.ts'
import { createCounter } from './report/tally.ts'
import { type OpenKit, openKit } from './run/open-kit.ts'
import { survey } from './run/survey.ts'
import { withTicks } from './run/ticks.ts'
import type { Settings } from './settings.ts'

/** `banner`: what speaks on ports. */
export const banner = defineCli({
  name: 'banner',
  texts: async () => (await import('./texts.ts')).TEXTS,
  options: OPTIONS,
  usageStatus: STATUS.error,
  faultStatus: (args) => (args['exit-code'] === 'state' ? STATUS.stateError : STATUS.error),
  async *run(args, io): AsyncGenerator<Line, number> {
    // From here on a signal ends the run with what is known.
    const { interrupted, system } = io
    const settings = readSettings(args)
    const services = createServices(() => system.readText('/etc/services'))
    const specs = parseTargets(args._, services, settings.transport)
    const found = await untilInterrupted(resolveTargets(specs, io, settings), interrupted)
    if (found === undefined) return settings.exitCode === 'state' ? STATUS.stateError : STATUS.notFound
    const kit = await openKit(settings, services, io)
    try {
      return yield* report(
        found.flatMap((host) => host.targets),
        kit,
        io,
      )
    } finally {
      kit.close()
    }
  },
})

async function* report(
  targets: readonly Target[],
  kit: OpenKit,
  { clock, system, interrupted }: Io,
): AsyncGenerator<Line, number> {
  const { settings } = kit
  const reporter = await createReporter(settings, viewOf(targets, settings, system))
  const progress = createProgress(targets.length, system.stderr)
  const counter = createCounter()
  const startNs = clock.nowNs()
  yield* reporter.start()
  for await (const finding of withTicks(survey(targets, kit), clock, system.stderr.isTty)) {
    if (finding !== 'tick') {
      counter.add(finding)
      yield* progress.clear()
      yield* reporter.found(finding)
    }
    yield* progress.show(counter.tally(), clock.nowNs() - startNs)
  }
  yield* progress.clear()
  yield* kit.notes().map((note) => err(`banner: ${escapeControl(note)}\n`))
  const tally = counter.tally()
  const { findings } = tally
  const elapsedNs = clock.nowNs() - startNs
  yield* reporter.end({ findings, targets: targets.length, elapsedNs, interrupted: interrupted.aborted })
  return exitStatus(tally, targets.length, settings)
}

function viewOf(targets: readonly Target[], { colour }: Settings, { stdout, stderr, env }: Io['system']) {
  return { targets, colours: colours(stdout, env, colour), stdout, stderr }
}
