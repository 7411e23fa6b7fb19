import {
  createSystemServices,
  createTally,
  createTraces,
  jsonClosing,
  jsonReport,
  LocalFault,
  liveTimes,
  type Observer,
  type PingHost,
  type Trace,
  type Traces,
  tracing,
} from '@portkit/core'
import { autoFragmentLine, bannerLine, usingLine } from '../words/banner.ts'
import { pingClosing, scanClosing } from './closing.ts'
import { cuttingOf } from './cutting.ts'
import { destinationOf } from './host.ts'
import { type Kit, nameOf, type Outcome, TOOL } from './kit.ts'
import { createNamedText, type NamedText } from './names.ts'
import type { Outfit } from './order.ts'
import { payloadOf } from './payload.ts'
import { probeOf } from './probe-of.ts'
import type { Run } from './run.ts'
import { scanReport, scanStart } from './scan-report.ts'
import { textReport } from './text-report.ts'

/** Asks one host, again and again or many ports of it. Rejects with what kept it from beginning. */
export async function live(kit: Kit): Promise<Outcome> {
  const { settings, io, lines, startNs, note, figures } = kit
  const { host, route } = await destinationOf(settings, io)
  const payload = await payloadOf(settings, io)
  const { clock, random } = io
  const most = settings.count ?? Number.POSITIVE_INFINITY
  const probe = probeOf(settings, { payload, most, random, wallMs: () => clock.wallMs() })
  const outfit: Outfit = { probe, route, cutting: cuttingOf(settings, route) }
  const tally = createTally([host])
  const text = settings.json ? undefined : createNamedText(io, lines)
  let hasBegun = false
  const begin = (): void => {
    hasBegun = true
    if (!settings.json) tellStart(run, host, outfit)
  }
  const ways = createTraces()
  const serviceOf = servicesOf(kit)
  const plain: Run = { settings, io, tally, lines, observers: [], startNs, begin, note }
  const run: Run = { ...plain, observers: [...watchers(plain, text, ways, serviceOf), figures] }
  const fault = await shoot(run, outfit, text).catch((error: unknown) => {
    // What stops a run in the middle does not undo what was found before.
    if (hasBegun && error instanceof LocalFault) return error
    throw error
  })
  await text?.settled()
  await conclude(kit, run, { traces: ways.all, serviceOf, fault })
  return { tally, isFaulty: fault !== undefined || (tally.refused > 0 && tally.sent === 0) }
}

async function shoot(run: Run, outfit: Outfit, text: NamedText | undefined): Promise<undefined> {
  const { pingRun, scanRun } = await import('./by-packets.ts')
  const { scan } = run.settings
  if (scan === undefined) await pingRun(run, outfit, text)
  else await scanRun(run, outfit, scan.ports)
  return undefined
}

function tellStart({ settings, lines, tally }: Run, host: PingHost, { route, cutting }: Outfit): void {
  const { verbose, debug, mode, tcp, dataLength, scan } = settings
  const { interfaceName, source, mtu } = route
  const { address, family } = host
  if (scan !== undefined) scanStart({ lines, tally }, scan)
  if (verbose || debug) lines.line(usingLine({ interfaceName, address: source, mtu }))
  if (scan !== undefined) return
  const { flags } = tcp
  lines.line(bannerLine({ host: nameOf(host), address, family, interfaceName, mode, flags, dataLength }))
  if (verbose && cutting?.isByItself) lines.line(autoFragmentLine(cutting.room))
}

function watchers(
  run: Run,
  text: NamedText | undefined,
  ways: Traces,
  serviceOf: ServiceOf,
): readonly Observer[] {
  const { settings, io, lines } = run
  if (text === undefined) {
    // A hop that was asked has said nothing so far: its silence may not be settled when the run ends.
    const known: Observer = {
      sent(shot) {
        ways.add(shot)
        ways.of(shot)?.silence(shot.round + 1)
      },
    }
    const hops = settings.traceroute ? [known, tracing(ways.of)] : []
    return [jsonReport(TOOL, lines, liveTimes(io.clock)), ...hops]
  }
  if (settings.scan !== undefined) return [scanReport(run, serviceOf)]
  return [textReport(run, { text, clock: io.clock })]
}

type ServiceOf = (port: number) => string | undefined

/** The names that the system's own tools know, of whatever protocol, as hping3 has them; its own one first. */
function servicesOf({ io, settings }: Pick<Run, 'io' | 'settings'>): ServiceOf {
  const services = createSystemServices(() => io.system.readText('/etc/services'))
  const [own, other] = settings.mode === 'udp' ? (['udp', 'tcp'] as const) : (['tcp', 'udp'] as const)
  return (port) => services.nameOf(port, own) ?? services.nameOf(port, other)
}

/** What is known at the end besides the tally. */
interface Known {
  readonly traces: readonly Trace[]
  readonly serviceOf: ServiceOf
  readonly fault: LocalFault | undefined
}

async function conclude({ figures, startNs }: Kit, run: Run, known: Known): Promise<void> {
  const { traces, serviceOf, fault } = known
  const { settings, io, tally, lines, note } = run
  const { clock, interrupted } = io
  if (settings.json) {
    const atMs = clock.wallMs()
    const end = { elapsedNs: clock.nowNs() - startNs, interrupted: interrupted.aborted, traces, fault }
    await jsonClosing(tally, { tool: TOOL, atMs, ...end }, lines)
  } else if (settings.scan !== undefined) {
    const isWhole = fault === undefined && !interrupted.aborted
    scanClosing(run, { nameOf: serviceOf, isWhole })
  } else pingClosing(run, tally.hosts.map(({ host }) => nameOf(host)).join(), figures)
  if (fault !== undefined) note(fault.message)
}
