import type { StatsSnapshot, Word } from '@portkit/core'
import type { LaneState } from './lane-state.ts'

type Labels = Readonly<Record<string, string | number>>
type Sample = readonly [labels: Labels, value: number]

const WORDS = ['open', 'closed', 'stealth', 'unreachable'] as const satisfies readonly Word[]

interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  samples(lane: LaneState, stats: StatsSnapshot): readonly Sample[]
}

const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [[{}, value]])
const seconds = (ns: number | undefined): number | undefined => (ns === undefined ? undefined : ns / 1e9)

const METRICS: readonly Metric[] = [
  {
    name: 'tcping_up',
    type: 'gauge',
    help: 'Whether the newest probe found the port open.',
    samples: (lane) => one(lane.last === undefined ? undefined : Number(lane.last === 'open')),
  },
  {
    name: 'tcping_state',
    type: 'gauge',
    help: 'The state that the newest probe found is 1, the others are 0.',
    samples: (lane) => WORDS.map((state) => [{ state }, Number(lane.last === state)]),
  },
  {
    name: 'tcping_probes_total',
    type: 'counter',
    help: 'Probes by the state that they found.',
    samples: (_, { words }) => WORDS.map((state) => [{ state }, words[state]]),
  },
  {
    name: 'tcping_local_errors_total',
    type: 'counter',
    help: 'Probes that this machine could not carry out.',
    samples: (_, { localErrors }) => one(localErrors),
  },
  {
    name: 'tcping_syn_resent_total',
    type: 'counter',
    help: 'Probes whose SYN had to be sent again.',
    samples: (_, { resent }) => one(resent),
  },
  {
    name: 'tcping_rtt_last_seconds',
    type: 'gauge',
    help: 'Round-trip time of the newest answer.',
    samples: (lane) => one(seconds(lane.lastRttNs)),
  },
  {
    name: 'tcping_rtt_seconds',
    type: 'gauge',
    help: 'Round-trip times since the start: minimum, average, maximum, standard deviation, median, percentiles.',
    samples: (_, { rtt }) =>
      rtt === undefined
        ? []
        : (
            [
              ['min', rtt.minNs],
              ['avg', rtt.avgNs],
              ['max', rtt.maxNs],
              ['mdev', rtt.mdevNs],
              ['median', rtt.medianNs],
              ['p95', rtt.p95Ns],
              ['p99', rtt.p99Ns],
            ] as const
          ).map(([stat, ns]) => [{ stat }, ns / 1e9]),
  },
  {
    name: 'tcping_jitter_seconds',
    type: 'gauge',
    help: 'Mean difference of consecutive round-trip times.',
    samples: (_, { rtt }) => one(seconds(rtt?.jitterNs)),
  },
]

/** The whole text file for node_exporter's textfile collector (Prometheus text format 0.0.4). */
export function prometheusText(lanes: readonly LaneState[]): string {
  const snapshots = lanes.map((lane) => [lane, lane.stats.snapshot()] as const)
  const blocks = METRICS.flatMap((metric) => {
    const lines = snapshots.flatMap(([lane, stats]) =>
      metric.samples(lane, stats).map(([extra, value]) => `${metric.name}${labels(lane, extra)} ${value}\n`),
    )
    return lines.length === 0
      ? []
      : [`# HELP ${metric.name} ${metric.help}\n# TYPE ${metric.name} ${metric.type}\n`, ...lines]
  })
  return blocks.join('')
}

function labels({ target: { host, address, port } }: LaneState, extra: Labels): string {
  const pairs = Object.entries({ host, address, port, ...extra })
  return `{${pairs.map(([name, value]) => `${name}="${escapeLabel(String(value))}"`).join(',')}}`
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
