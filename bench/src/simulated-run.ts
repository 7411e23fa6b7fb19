import {
  type ConnectRequest,
  createStats,
  keepMemorySmall,
  type Net,
  type ProbeIo,
  schedule,
  type Target,
  tcpConnect,
} from '@portkit/core'
import { virtualClock } from '@portkit/core/sim'

/** A run of many probes through schedule, verdicts and statistics, in virtual time; prints its peak memory in KiB. */

// As every tool does after its first second.
keepMemorySmall()

const COUNT = Number(process.argv[2])
const INTERVAL_MS = 1000

const clock = virtualClock()

/** The simulated world of core's tests keeps every attempt to be looked at, which would be measured here. */
const net: Net = {
  clock: 'kernel',
  connect: (request) => {
    const rttNs = roundTripNs(request)
    const answer = clock.sleep(rttNs / 1e6).then(() => ({
      fact: {
        kind: 'handshake' as const,
        rttNs,
        clock: 'kernel' as const,
        elapsedNs: rttNs,
        syns: 1,
        reset: false,
        local: { address: '10.0.0.1', port: 40_000 },
      },
    }))
    return { answer, abandon: () => ({ syns: 1 }) }
  },
  tls: () => Promise.reject(new Error('no TLS here')),
  warmUp: () => Promise.resolve(),
}

let state = 1
/** 0.1 ms to 0.3 s, spread evenly over the logarithm, so that the statistics' sketch fills up. */
function roundTripNs(_request: ConnectRequest): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return 1e5 * 3000 ** (state / 2 ** 32)
}

const target: Target = { host: '10.0.0.2', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' }
const io: ProbeIo = { clock, net }
const stats = createStats()
const plan = { lanes: [{ target }], count: COUNT, interval: INTERVAL_MS, timeoutMs: INTERVAL_MS }
for await (const event of schedule(tcpConnect(), plan, io)) {
  if (event.kind === 'result') stats.add(event.result, event.startedNs / 1e6)
}
const { sent, rtt } = stats.snapshot()
process.stdout.write(
  `${JSON.stringify({ sent, p99Ms: (rtt?.p99Ns ?? 0) / 1e6, maxRssKiB: process.resourceUsage().maxRSS })}\n`,
)
