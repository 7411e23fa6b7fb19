import { anyWord, type IdentityRecord, type PortFindings, type PortState, type Verdict } from '@portkit/core'
import type { PortRow, PortService } from '../model/port-table.ts'

/** A port as JSON has it. */
export function portFindings({ port, protocol, state, reason, ttl, from, service }: PortRow): PortFindings {
  return {
    port,
    transport: protocol,
    ...judged(state, reason),
    ttl: ttl === 0 ? null : ttl,
    from: from ?? null,
    ...(service === undefined ? {} : { service: service.name }),
    ...(service === undefined || isByNumber(service) ? {} : { identity: identity(service) }),
  }
}

/** State and reason with the family's word for them. */
export function judged(state: PortState, reason: string) {
  // Words only ask whether the reason is `no-response`; foreign results may have reasons that core does not know.
  return { state, word: anyWord({ state, reason } as Verdict), reason } as const
}

/** What a table of services says by itself: as nmap counts, with confidence 3. */
export function isByNumber({ name, method, confidence, ...more }: PortService): boolean {
  return method === 'table' && confidence === 3 && Object.values(more).every((value) => value === undefined)
}

function identity(service: PortService): IdentityRecord {
  const { method, confidence, product, version, info, hostname, os, tunnel, cpes } = service
  return {
    method,
    confidence,
    product: product ?? null,
    version: version ?? null,
    info: info ?? null,
    hostname: hostname ?? null,
    os: os ?? null,
    tunnel: tunnel ?? null,
    cpes: cpes ?? [],
  }
}
