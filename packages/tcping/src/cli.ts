import {
  type Address,
  colours,
  createServices,
  defineCli,
  type Io,
  type Line,
  LocalFault,
  type Net,
  type Plan,
  type Probe,
  parseTargets,
  type ResolvedHost,
  resolveTargets,
  type Services,
  type TcpConnectOptions,
  tcpConnect,
  UsageError,
  untilInterrupted,
} from '@portkit/core'
import { createAlerts } from './alerts.ts'
import { exitStatus, STATUS } from './exit-status.ts'
import { createLane, type LaneState } from './lane-state.ts'
import { OPTIONS } from './options.ts'
import { createPaint } from './paint.ts'
import { readSettings } from './read-settings.ts'
import type { Reporter, RunView } from './reporter.ts'
import { runSession } from './session.ts'
import type { Settings } from './settings.ts'
import { textReporter } from './text-reporter.ts'

/** A picture moves on this often even when nothing is answered. */
const TICK_MS = 500

export function tcping(version: string) {
  return defineCli({
    name: 'tcping',
    texts: async () => (await import('./texts.ts')).TEXTS,
    options: OPTIONS,
    usageStatus: STATUS.error,
    faultStatus: (args) => (args['exit-code'] === 'state' ? STATUS.stateError : STATUS.error),
    async *run(args, io): AsyncGenerator<Line, number> {
      // From here on a signal ends the run with its summary.
      const { interrupted } = io
      const settings = readSettings(args, io.system)
      const services = createServices(() => io.system.readText('/etc/services'))
      const specs = parseTargets(args._, services)
      const net = await io.openNet(settings.clock === 'packet' ? 'auto' : settings.clock)
      const found = await untilInterrupted(
        Promise.all([resolveTargets(specs, io, { family: settings.family }), net.warmUp()]),
        interrupted,
      )
      if (found === undefined) return settings.exitCode === 'state' ? STATUS.stateError : STATUS.notOpen
      const lanes = lanesOf(found[0], settings)
      const way = wayOf(settings, lanes, net, io)
      checkSource(lanes, way.sourceAddress)
      const view = viewOf(lanes, io)
      const { probe, close } = await openProbe(settings, way, lanes, io)
      try {
        yield* runSession({
          lanes,
          probe,
          plan: planOf(lanes, settings),
          settings,
          reporter: await reporterFor(settings, view, services, io, version),
          alerts: createAlerts(settings, io.system),
          io,
          probeIo: { clock: io.clock, net },
          tickMs: settings.output === 'graph' ? TICK_MS : undefined,
        })
      } finally {
        close()
      }
      return exitStatus(lanes, settings)
    },
  })
}

function lanesOf(hosts: readonly ResolvedHost[], { allAddresses }: Settings): LaneState[] {
  const places = hosts.flatMap(({ addresses, lookupNs, targets }) =>
    targets.flatMap((target) => {
      const probed: readonly Address[] = allAddresses ? addresses : [target]
      return probed.map(({ address, family }) => ({
        target: { ...target, address, family },
        addresses,
        lookupNs,
      }))
    }),
  )
  return places.map(({ target, addresses, lookupNs }, i) => createLane(i, target, addresses, lookupNs))
}

function checkSource(lanes: readonly LaneState[], sourceAddress: string | undefined): void {
  if (sourceAddress === undefined) return
  const family = sourceAddress.includes(':') ? 6 : 4
  const other = lanes.find(({ target }) => target.family !== family)
  if (other !== undefined)
    throw new UsageError(`-I: ${sourceAddress} cannot reach ${other.target.address}: use -${family}`)
}

/** Where the system cannot bind to an interface, its first address of the right family stands in. */
function wayOf(settings: Settings, lanes: readonly LaneState[], net: Net, { system }: Io) {
  const { close, sourcePort, ttl, tos, tls, interfaceName, sourceAddress } = settings
  const way = { close, sourcePort, ttl, tos, tls, sourceAddress }
  if (interfaceName === undefined || net.clock === 'kernel') return { ...way, interfaceName }
  const family = lanes[0]?.target.family ?? 4
  const own = system.interfaces()[interfaceName]?.find((a) => a.family === family)
  if (own !== undefined) return { ...way, sourceAddress: own.address }
  throw new LocalFault('EADDRNOTAVAIL', `-I: ${interfaceName} has no IPv${family} address`)
}

/** Whole packets are another matter: most runs never load what they take. */
async function openProbe(
  settings: Settings,
  way: TcpConnectOptions,
  lanes: readonly LaneState[],
  io: Io,
): Promise<{ readonly probe: Probe; close(): void }> {
  if (!settings.syn && settings.clock !== 'packet') return { probe: tcpConnect(way), close: () => {} }
  const { stampedProbe, synProbe } = await import('./by-packets.ts')
  return settings.syn ? synProbe(settings, way, lanes, io) : stampedProbe(settings, way, lanes, io)
}

function planOf(lanes: readonly LaneState[], settings: Settings): Plan {
  return {
    lanes,
    count: settings.count,
    interval: settings.flood ? 'flood' : settings.intervalMs,
    timeoutMs: settings.timeoutMs,
    deadlineMs: settings.deadlineMs,
  }
}

function viewOf(lanes: readonly LaneState[], { clock }: Io): RunView {
  return { lanes, nowNs: clock.nowNs, wallMs: clock.wallMs, startNs: clock.nowNs() }
}

/** All but the usual one are loaded when they are asked for. */
async function reporterFor(
  settings: Settings,
  view: RunView,
  services: Services,
  io: Io,
  version: string,
): Promise<Reporter> {
  const { stdout, env } = io.system
  if (settings.output === 'json')
    return (await import('./json-reporter.ts')).jsonReporter(settings, view, services, version)
  if (settings.output === 'csv') return (await import('./csv-reporter.ts')).csvReporter(settings, view)
  const colour = colours(stdout, env, settings.colour)
  const unicode = isUtf8(env)
  const text = textReporter({
    settings,
    view,
    services,
    paint: createPaint(colour),
    columns: stdout.columns,
    unicode,
  })
  if (settings.output === 'text') return text
  const size = () => ({ columns: stdout.columns(), rows: stdout.rows() })
  return (await import('./graph-reporter.ts')).graphReporter({
    view,
    intervalMs: settings.intervalMs,
    colour: colour.on,
    unicode,
    size,
    after: text,
  })
}

/** locale(7): the first of these that is set decides. */
function isUtf8(env: Io['system']['env']): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return /utf-?8/i.test(locale)
}
