import type { PacketOrder, PacketProbe, Route } from '@portkit/core'
import { debugChannel, debugRoute } from '../words/debug-text.ts'
import type { Cutting } from './cutting.ts'
import type { Run } from './run.ts'

/** What is known of a run before its channel is opened. */
export interface Outfit {
  readonly probe: PacketProbe
  readonly route: Route
  readonly cutting: Cutting | undefined
}

/** What a run sends, and how. */
export function orderOf({ settings, lines }: Run, { probe, route, cutting }: Outfit): PacketOrder {
  const { backend, clock, write, dumpHex, dumpText, debug } = settings
  return {
    probes: { all: [probe], of: () => probe },
    way: {
      backend,
      clock,
      interfaceName: settings.interfaceName === undefined ? undefined : route.interfaceName,
      sourceAddress: settings.source === undefined ? undefined : route.source,
      sendOnly: false,
      whole: dumpHex || dumpText,
      otherWay: 'hping-ts has none; tcping and nping-ts --tcp-connect do',
    },
    reshape: cutting?.reshape,
    write,
    opened(channel) {
      if (!debug) return
      lines.line(debugChannel(channel))
      lines.line(debugRoute(route))
    },
  }
}
