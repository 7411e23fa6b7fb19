import { errorRecord, probeRecord, recordLine } from '../cli/json.ts'
import type { Lines } from '../cli/lines.ts'
import type { LocalFault } from '../model/errors.ts'
import type { Observation, Verdict } from '../model/observation.ts'
import type { Probed } from '../model/target.ts'
import type { Observer, Shot } from './observer.ts'
import type { PortTally } from './port-tallies.ts'
import type { HostTally } from './tally.ts'
import type { Times } from './times.ts'

/** What happens in a run through the system's own sockets, which are no packets. */
export interface SocketReport {
  found(shot: Shot, observation: Observation, verdict: Verdict, atNs: number): void
  failed(shot: Shot, fault: LocalFault): void
}

/** One record for each probe when it is settled; and one for each that could not be sent. */
export function jsonReport(tool: string, lines: Lines, times: Times): Observer & SocketReport {
  const settled = (shot: Shot, observation: Observation, verdict: Verdict, startedNs: number): void => {
    const target = probedBy(shot.host, shot)
    const startedAtMs = times.wallMsAt(startedNs)
    const seq = shot.round + 1
    lines.line(recordLine(probeRecord({ tool }, { target, seq, startedAtMs, observation, verdict })))
  }
  const failed = (shot: Shot, fault: LocalFault): void => {
    const { host, address, port } = probedBy(shot.host, shot)
    const place = { host, address, port: port ?? undefined, seq: shot.round + 1 }
    lines.line(recordLine(errorRecord(tool, times.wallMsAt(times.nowNs()), fault, place)))
  }
  return {
    answered(shot, { kind, packet, timing, observe }, verdict) {
      // What comes later is counted, but the probe has been told already.
      if (kind === 'first') settled(shot, observe(), verdict, packet.timeNs - timing.elapsedNs)
    },
    silent(shot, waitedNs, verdict) {
      settled(shot, { kind: 'silence', waitedNs, syns: 1 }, verdict, times.nowNs() - waitedNs)
    },
    refused: failed,
    found(shot, observation, verdict, atNs) {
      const tookNs = observation.kind === 'silence' ? observation.waitedNs : observation.elapsedNs
      settled(shot, observation, verdict, atNs - tookNs)
    },
    failed,
  }
}

/** Whom a probe is for, as records say it. */
export function probedBy(
  { host: { name, address, family } }: HostTally,
  { protocol, port }: Pick<PortTally, 'protocol' | 'port'>,
): Probed {
  const hasPorts = protocol === 'tcp' || protocol === 'udp'
  return { host: name ?? address, address, family, port: hasPorts ? port : null, transport: protocol }
}
