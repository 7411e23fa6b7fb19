import type { Family } from '../../model/target.ts'
import { AF, NLM_REQUEST, NLMSG, NLMSG_TYPE, RTA, RTA_TYPE, RTAX_MTU, RTMSG } from './layout.ts'

/** Questions to the system's routing tables and its answers (rtnetlink(7)). Numbers in the machine's own order. */

export interface RouteQuestion {
  readonly family: Family
  /** 4 or 16 octets. */
  readonly destination: Uint8Array
  readonly source: Uint8Array | undefined
  /** 0 for any interface. */
  readonly interfaceIndex: number
}

export type RouteReply =
  | {
      readonly kind: 'route'
      /** rtm_type: what becomes of such packets. */
      readonly type: number
      readonly interfaceIndex: number
      readonly gateway: Uint8Array | undefined
      readonly source: Uint8Array | undefined
      /** Of the route itself, or what was learnt of its path; undefined where only the interface has one. */
      readonly mtu: number | undefined
    }
  /** A positive errno. */
  | { readonly kind: 'error'; readonly errno: number }

/** Writes RTM_GETROUTE; gives its length in octets, less than 128. */
export function writeRouteQuestion(
  view: DataView,
  { family, destination, source, interfaceIndex }: RouteQuestion,
): number {
  let length = NLMSG.data + RTMSG.length
  for (let i = 0; i < length; i++) view.setUint8(i, 0)
  const attribute = (type: number, octets: Uint8Array): void => {
    view.setUint16(length + RTA.size, RTA.data + octets.length, true)
    view.setUint16(length + RTA.type, type, true)
    for (const [i, octet] of octets.entries()) view.setUint8(length + RTA.data + i, octet)
    length += RTA.data + octets.length
  }
  view.setUint8(NLMSG.data + RTMSG.family, family === 4 ? AF.inet : AF.inet6)
  view.setUint8(NLMSG.data + RTMSG.destinationBits, destination.length * 8)
  attribute(RTA_TYPE.destination, destination)
  if (source !== undefined) {
    view.setUint8(NLMSG.data + RTMSG.sourceBits, source.length * 8)
    attribute(RTA_TYPE.source, source)
  }
  if (interfaceIndex !== 0) {
    attribute(RTA_TYPE.outInterface, new Uint8Array(Uint32Array.of(interfaceIndex).buffer))
  }
  view.setUint32(NLMSG.size, length, true)
  view.setUint16(NLMSG.type, NLMSG_TYPE.getRoute, true)
  view.setUint16(NLMSG.flags, NLM_REQUEST, true)
  return length
}

/** The first `length` octets as an answer; undefined when they are none. */
export function readRouteReply(view: DataView, length: number): RouteReply | undefined {
  const most = Math.min(length, view.byteLength)
  if (most < NLMSG.data + 4) return undefined
  const to = Math.min(most, view.getUint32(NLMSG.size, true))
  const type = view.getUint16(NLMSG.type, true)
  if (type === NLMSG_TYPE.error) return { kind: 'error', errno: -view.getInt32(NLMSG.data, true) }
  if (type !== NLMSG_TYPE.newRoute || to < NLMSG.data + RTMSG.length) return undefined
  const octets = view.getUint8(NLMSG.data + RTMSG.family) === AF.inet ? 4 : 16
  const found = attributes(view, NLMSG.data + RTMSG.length, to)
  const address = (at: Uint8Array | undefined) => (at?.length === octets ? at : undefined)
  return {
    kind: 'route',
    type: view.getUint8(NLMSG.data + RTMSG.kind),
    interfaceIndex: number(found.get(RTA_TYPE.outInterface)),
    // RTA_VIA: a router of the other family, whose address stands behind the family's number.
    gateway: address(found.get(RTA_TYPE.gateway)) ?? found.get(RTA_TYPE.via)?.slice(2),
    source: address(found.get(RTA_TYPE.preferredSource)),
    mtu: mtuOf(found.get(RTA_TYPE.metrics)),
  }
}

function mtuOf(metrics: Uint8Array = new Uint8Array()): number | undefined {
  const view = new DataView(metrics.buffer, metrics.byteOffset, metrics.length)
  return number(attributes(view, 0, metrics.length).get(RTAX_MTU)) || undefined
}

function attributes(view: DataView, from: number, to: number): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>()
  for (let at = from; at + RTA.data <= to; ) {
    const size = view.getUint16(at + RTA.size, true)
    if (size < RTA.data || at + size > to) break
    const octets = new Uint8Array(view.buffer, view.byteOffset + at + RTA.data, size - RTA.data)
    found.set(view.getUint16(at + RTA.type, true), octets.slice())
    at += (size + 3) & ~3
  }
  return found
}

function number(octets: Uint8Array | undefined): number {
  if (octets?.length !== 4) return 0
  return new DataView(octets.buffer).getUint32(0, true)
}
