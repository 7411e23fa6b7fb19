import type { AnyWord, PortState } from '../model/observation.ts'
import type { Address, Transport } from '../model/target.ts'
import type { RecordHead, TargetFields } from './json-records.ts'

/** The beginning of a scan of many hosts and ports. */
export interface ScanStartRecord extends RecordHead {
  readonly type: 'scan-start'
  readonly version: string
  /** The command line, as it would be typed. */
  readonly args: string
  readonly scans: readonly ScanKindRecord[]
  /** How many -v and -d. */
  readonly verbose: number
  readonly debugging: number
}

/** Which ports are asked in which way. */
export interface ScanKindRecord {
  /** nmap's name: `syn`, `connect`, `udp`. */
  readonly kind: string
  readonly transport: string
  /** `1-7,10-20` */
  readonly ports: string
}

/** What a scan found out about one port. null is what is not known. */
export interface PortFindings {
  readonly port: number
  readonly transport: Transport
  readonly state: PortState
  readonly word: AnyWord
  /** nmap's reason. */
  readonly reason: string
  /** Time to live of the answer. */
  readonly ttl: number | null
  /** Who answered, when it was not the host itself. */
  readonly from: string | null
  /** The service's name, where it has one. */
  readonly service?: string
  /** Left out where the service's name is only what the port's number says. */
  readonly identity?: IdentityRecord
}

/** What is said of a service. Texts are the peer's own. */
export interface IdentityRecord {
  readonly method: 'table' | 'probed'
  /** 0 to 10, as nmap counts. */
  readonly confidence: number
  readonly product: string | null
  readonly version: string | null
  readonly info: string | null
  readonly hostname: string | null
  readonly os: string | null
  readonly tunnel: 'ssl' | null
  readonly cpes: readonly string[]
}

/** A port of a scan the moment that its state is known. */
export interface PortRecord extends RecordHead, Omit<TargetFields, 'service'>, PortFindings {
  readonly type: 'port'
}

/** All that a scan found out about a host; every port that has a state is there once, in `groups` or in `rows`. */
export interface HostRecord extends RecordHead, Address {
  readonly type: 'host'
  /** As the user typed it. */
  readonly host: string
  readonly names: readonly { readonly name: string; readonly type: 'user' | 'PTR' }[]
  /** Further addresses of the name, which were not scanned. */
  readonly otherAddresses: readonly string[]
  readonly state: 'up' | 'down' | 'unknown'
  /** nmap's word for how that is known. */
  readonly reason: string
  readonly ttl: number | null
  readonly from: string | null
  readonly hardwareAddress: string | null
  readonly vendor: string | null
  /** When the work at this host began; `time` is when it ended. ISO 8601. */
  readonly started: string
  readonly elapsedMs: number
  /** How long its answers took (RFC 6298), milliseconds. */
  readonly rttMs: { readonly srtt: number; readonly rttvar: number; readonly timeout: number } | null
  /** Why some ports have no state; null when all have one. */
  readonly ended: 'host-timeout' | 'interrupted' | 'max-open' | null
  /** How many ports have none. */
  readonly unasked: number
  /** Versions of services were asked for. */
  readonly hasVersions: boolean
  /** null when no ports were asked. */
  readonly ports: HostPortsRecord | null
}

export interface HostPortsRecord {
  /** Ports that the text report only counts. */
  readonly groups: readonly PortGroupRecord[]
  readonly rows: readonly PortFindings[]
}

/** Ports with one and the same state. */
export interface PortGroupRecord
  extends Pick<PortFindings, 'transport' | 'state' | 'word' | 'reason' | 'ttl' | 'from'> {
  readonly count: number
  /** `1-7,10-20` */
  readonly ports: string
}

/** The end of a scan. */
export interface ScanEndRecord extends RecordHead {
  readonly type: 'scan-end'
  readonly elapsedMs: number
  readonly hosts: { readonly up: number; readonly down: number; readonly total: number }
  /** Why it ended early: the signal's name, or a sentence; null when all was done. */
  readonly cut: string | null
  /** Packets that it sent and received itself; null when the system did. */
  readonly packets: {
    readonly sent: number
    readonly sentOctets: number
    readonly received: number
    readonly receivedOctets: number
  } | null
}

/** A whole scan as one document. */
export interface ScanRecord extends RecordHead {
  readonly type: 'scan'
  readonly start: ScanStartRecord
  readonly hosts: readonly HostRecord[]
  readonly end: ScanEndRecord
}

/** What differs between two scans, as one document. null is what one of them does not have. */
export interface ScanDiffRecord extends RecordHead {
  readonly type: 'scan-diff'
  readonly same: boolean
  readonly before: DiffedScanRecord
  readonly after: DiffedScanRecord
  /** Those that differ; all with -v. */
  readonly hosts: readonly HostDiffRecord[]
}

export interface DiffedScanRecord {
  readonly scanner: string
  readonly version: string
  readonly args: string
  /** ISO 8601. */
  readonly started: string
}

export interface HostDiffRecord {
  readonly address: string
  readonly same: boolean
  readonly before: DiffedHostRecord | null
  readonly after: DiffedHostRecord | null
  /** Those that differ; all that are listed with -v. */
  readonly ports: readonly PortDiffRecord[]
}

export interface DiffedHostRecord {
  readonly state: HostRecord['state']
  readonly names: readonly string[]
  readonly hardwareAddress: string | null
  readonly notShown: readonly { readonly state: PortState; readonly count: number }[]
}

export interface PortDiffRecord {
  readonly port: number
  readonly transport: Transport
  readonly before: DiffedPortRecord | null
  readonly after: DiffedPortRecord | null
}

export interface DiffedPortRecord {
  readonly state: PortState
  readonly service:
    | (Pick<IdentityRecord, 'product' | 'version' | 'info' | 'tunnel'> & { readonly name: string })
    | null
}
