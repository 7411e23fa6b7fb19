import { fragments, type PacketOrder } from '@portkit/core'
import { tellWays } from './debug.ts'
import { type PacketMode, probesOf } from './probe-of.ts'
import type { Run } from './run.ts'

/** What a run in this mode sends, and how. @throws UsageError for time stamps over IPv6 */
export function orderOf(run: Run, mode: PacketMode): PacketOrder {
  const { settings, tally, io } = run
  const { backend, clock, interfaceName, sourceAddress, noCapture, verbosity, write } = settings
  const { mtu } = settings.ip
  const families = [...new Set(tally.hosts.map(({ host }) => host.family))]
  return {
    probes: probesOf(settings, mode, families, io.random),
    way: {
      backend,
      clock,
      interfaceName,
      sourceAddress,
      sendOnly: noCapture,
      whole: verbosity >= 3,
      otherWay: '--tcp-connect needs none of this',
    },
    // ARP and neighbour discovery are never cut.
    reshape:
      mtu === undefined || mode === 'arp' ? undefined : (packet, length) => fragments(packet, length, mtu),
    write,
    opened: (channel, ways) => tellWays(run, channel, ways),
  }
}
