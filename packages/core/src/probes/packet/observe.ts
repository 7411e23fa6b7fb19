import type { HostReply, Observation } from '../../model/observation.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import { decodeTcpOptions } from '../../wire/tcp-options.ts'
import type { Timing } from './packet-probe.ts'
import type { IcmpSighting, Sighting, TcpSighting } from './sighting.ts'

/** The fact that an answer or an error is, for every kind of probe. Reads the packet's octets. */
export function observeSighting(sighting: Sighting, timing: Timing): Observation {
  const { rttNs, clock, elapsedNs } = timing
  const timed = { rttNs, clock, elapsedNs, syns: 1 }
  const from = sighting.source
  switch (sighting.kind) {
    case 'tcp': {
      const { flags, window, seq, ack, ttl } = sighting
      const mss = mssOf(sighting)
      // Answers come in by the hundred thousand: one object, and no copy of another.
      const segment = {
        kind: 'segment',
        flags,
        window,
        seq,
        ack,
        from,
        ttl,
        rttNs,
        clock,
        elapsedNs,
        syns: 1,
      } as const
      return mss === undefined ? segment : { ...segment, mss }
    }
    case 'udp':
      return { kind: 'reply', from, length: sighting.payloadLength, ...ttlOf(sighting), ...timed }
    case 'icmp':
      return { kind: 'host-reply', what: REPLY[sighting.what], from, ttl: sighting.ttl, ...timed }
    case 'icmp-error': {
      const { family, type, code } = sighting
      return { kind: 'icmp-error', family, type, code, from, ...ttlOf(sighting), ...timed }
    }
    case 'arp': {
      const { hardwareAddress } = sighting
      return { kind: 'host-reply', what: 'arp-reply', from, ttl: undefined, hardwareAddress, ...timed }
    }
    case 'neighbour': {
      const { ttl, hardwareAddress } = sighting
      const hardware = hardwareAddress === undefined ? {} : { hardwareAddress }
      return { kind: 'host-reply', what: 'neighbour-advertisement', from, ttl, ...hardware, ...timed }
    }
  }
}

/** A request is never an answer, but the table has to be whole. */
const REPLY = {
  'echo-request': 'echo-reply',
  'echo-reply': 'echo-reply',
  'timestamp-request': 'timestamp-reply',
  'timestamp-reply': 'timestamp-reply',
  'mask-request': 'mask-reply',
  'mask-reply': 'mask-reply',
} as const satisfies Record<IcmpSighting['what'], HostReply['what']>

function ttlOf({ ttl }: { readonly ttl: number | undefined }): { readonly ttl?: number } {
  return ttl === undefined ? {} : { ttl }
}

/** Only a SYN carries the option (RFC 9293 section 3.7.1). */
function mssOf({ flags, octets, upper, payload, to }: TcpSighting): number | undefined {
  if ((flags & TCP_FLAG.syn) === 0) return undefined
  const options = decodeTcpOptions(octets, upper + 20, Math.min(payload, to))
  const option = options.find((each) => each.kind === 'mss')
  return option !== undefined && 'value' in option ? option.value : undefined
}
