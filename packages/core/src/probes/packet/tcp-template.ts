import type { Route } from '../../io/packets.ts'
import { encodeTcp, tcpHeaderLength } from '../../wire/tcp.ts'
import { type TcpOption, tcpOptionsLength } from '../../wire/tcp-options.ts'
import { commonPayload } from './probe-payload.ts'
import type { TcpProbeOptions } from './tcp-probe-options.ts'
import { createTemplate, type Template } from './template.ts'

const PROTOCOL = 6
const USUAL_WINDOW = 1480
/** An Ethernet's MTU less the headers, and ten times that or nearly so, as Linux offers it to begin with. */
const SYSTEM = { 4: { mss: 1460, window: 64240 }, 6: { mss: 1440, window: 64800 } } as const
const WINDOW_SCALE = 7
/** Octets of the header in front of the options, and of an option in front of its data. */
const BEFORE = { options: 20, data: 2 } as const

/** A segment of which ports, numbers, checksum and time stamp are zero still. @throws RangeError */
export function tcpTemplate(options: TcpProbeOptions, route: Route): Template {
  const { flags, payload = new Uint8Array(), likeSystem = false } = options
  const header = {
    ...ZERO,
    flags,
    window: options.window ?? (likeSystem ? SYSTEM[route.family].window : USUAL_WINDOW),
    options: optionsOf(options, route),
  }
  const upper = new Uint8Array(tcpHeaderLength(header) + payload.length)
  encodeTcp(header, upper, 0, 0)
  upper.set(commonPayload(payload), upper.length - payload.length)
  const dontFragment = options.dontFragment ?? likeSystem
  return createTemplate(route, { ...options, dontFragment }, PROTOCOL, upper)
}

const ZERO = { sourcePort: 0, destinationPort: 0, seq: 0, ack: 0, reserved: 0, urgent: 0 } as const

type Chosen = Pick<TcpProbeOptions, 'likeSystem' | 'mss' | 'timestamps'>

/** Where in the segment the time stamp's value is, which is the same over both families; 0 when it has none. */
export function timestampAt(options: Chosen): number {
  const list = optionsOf(options, { family: 4 })
  const before = list.findIndex(({ kind }) => kind === 'timestamps')
  return before < 0 ? 0 : BEFORE.options + tcpOptionsLength(list.slice(0, before)) + BEFORE.data
}

function optionsOf(
  { likeSystem = false, mss, timestamps = false }: Chosen,
  { family }: Pick<Route, 'family'>,
): readonly TcpOption[] {
  if (likeSystem) return systemOptions(SYSTEM[family].mss)
  return [
    ...(mss === undefined ? [] : [{ kind: 'mss', value: mss } as const]),
    ...(timestamps ? ALIGNED_TIMESTAMPS : []),
  ]
}

const TIMESTAMPS = { kind: 'timestamps', value: 0, echo: 0 } as const satisfies TcpOption
/** RFC 7323 appendix A. */
const ALIGNED_TIMESTAMPS = [
  { kind: 'nop' },
  { kind: 'nop' },
  TIMESTAMPS,
] as const satisfies readonly TcpOption[]

/** What Linux sends with a SYN, in its order. */
function systemOptions(mss: number): readonly TcpOption[] {
  return [
    { kind: 'mss', value: mss },
    { kind: 'sack-permitted' },
    TIMESTAMPS,
    { kind: 'nop' },
    { kind: 'window-scale', shift: WINDOW_SCALE },
  ]
}
