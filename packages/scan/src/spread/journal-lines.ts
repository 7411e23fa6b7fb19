import type { Address, PortState, Transport } from '@portkit/core'
import type { HostStatus, HostTimes } from '../model/host-report.ts'
import { portsIn } from '../results/port-ranges.ts'
import type { ShardIndex } from './shard-index.ts'

/** The version of the form of a checkpoint: another one is not read. */
export const JOURNAL_FORMAT = 1

/** What a run is, so that it can be started again: the first line. */
export interface JournalHeader {
  /** The command line, as typed. */
  readonly args: readonly string[]
  readonly seed: number
  /** Milliseconds since 1970. */
  readonly startMs: number
  /** The `planHash` of targets, ports and kinds: files that were read may have changed since. */
  readonly plan: string
  readonly shard?: ShardIndex | undefined
}

/** What discovery found out about a host. */
export interface FoundFacts extends Address {
  readonly status: HostStatus
  readonly hardwareAddress?: string | undefined
  readonly times?: HostTimes | undefined
}

/** Ports with the same verdict: protocol, state, reason, time to live, ports as ranges, who answered. */
export type PortGroup = readonly [Transport, PortState, string, number, string, string?]

/** A line behind the first one. */
export type JournalLine =
  | { readonly kind: 'found'; readonly share: number; readonly host: FoundFacts }
  | { readonly kind: 'ports'; readonly address: string; readonly groups: readonly PortGroup[] }
  | { readonly kind: 'done'; readonly share: number; readonly address: string; readonly report: unknown }
  | { readonly kind: 'passed'; readonly shares: number; readonly down: number }
  | { readonly kind: 'resumed'; readonly atMs: number }
  | { readonly kind: 'end' }

const STATES = {
  open: true,
  closed: true,
  filtered: true,
  unfiltered: true,
  'open|filtered': true,
  'closed|filtered': true,
  unknown: true,
} as const
const HOST_STATES = { up: true, down: true, unknown: true } as const satisfies Record<
  HostStatus['state'],
  true
>
/** Longer than any reason or address with a zone. */
const LONGEST_WORD = 256

/** One line of JSON with its end: ASCII, so that a character is an octet. */
export function lineText(value: unknown): string {
  return `${ascii(JSON.stringify(value))}\n`
}

/** The line of a host whose report is there as JSON. */
export function doneText(share: number, address: string, report: string): string {
  return `{"kind":"done","share":${share},"address":${ascii(JSON.stringify(address))},"report":${ascii(report)}}\n`
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `text` as JSON; undefined when it is none, as a line that was cut never is. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first line; undefined for anything else, also for another format. */
export function headerIn(value: unknown): JournalHeader | undefined {
  if (!isRecord(value) || formatOf(value) !== JOURNAL_FORMAT) return undefined
  const { args, seed, startMs, plan, shard } = value
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) return undefined
  if (!isWhole(seed) || !isTime(startMs) || typeof plan !== 'string') return undefined
  if (shard === undefined) return { args, seed, startMs, plan }
  return isShard(shard) ? { args, seed, startMs, plan, shard } : undefined
}

/** What the first line says of the file's format; undefined when it is no checkpoint. */
export function formatOf(value: unknown): unknown {
  if (!isRecord(value)) return undefined
  const { portscan, format } = value
  return portscan === 'checkpoint' ? format : undefined
}

/** A line behind the first one; undefined when it is none of ours. */
export function lineIn(value: unknown): JournalLine | undefined {
  const { kind } = isRecord(value) ? value : {}
  if (typeof kind !== 'string' || !Object.hasOwn(LINES, kind)) return undefined
  const line = value as JournalLine
  return LINES[line.kind]({ ...line }) ? line : undefined
}

type Fields = Readonly<Record<string, unknown>>

/** What each kind of line must have. */
const LINES = {
  found: ({ share, host }) => isWhole(share) && isFound(host),
  ports: ({ address, groups }) => isWord(address) && isGroups(groups),
  done: ({ share, address, report }) => isWhole(share) && isWord(address) && report !== undefined,
  passed: ({ shares, down }) => isWhole(shares) && isWhole(down),
  resumed: ({ atMs }) => isTime(atMs),
  end: () => true,
} as const satisfies Record<JournalLine['kind'], (fields: Fields) => boolean>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_WORD && value !== ''
}

function isOneOf(words: Readonly<Record<string, true>>, value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(words, value)
}

function isGroups(value: unknown): value is readonly PortGroup[] {
  return Array.isArray(value) && value.every(isGroup)
}

function isGroup(value: unknown): value is PortGroup {
  if (!Array.isArray(value)) return false
  const [protocol, state, reason, ttl, ports, from] = value as readonly unknown[]
  return (
    (protocol === 'tcp' || protocol === 'udp') &&
    isOneOf(STATES, state) &&
    isWord(reason) &&
    isTtl(ttl) &&
    typeof ports === 'string' &&
    portsIn(ports) !== undefined &&
    (from === undefined || isWord(from))
  )
}

function isTtl(value: unknown): boolean {
  return isWhole(value) && value <= 255
}

function isFound(value: unknown): value is FoundFacts {
  if (!isRecord(value)) return false
  const { address, family, status, hardwareAddress, times } = value
  return (
    isWord(address) &&
    (family === 4 || family === 6) &&
    isStatus(status) &&
    (hardwareAddress === undefined || isWord(hardwareAddress)) &&
    (times === undefined || isTimes(times))
  )
}

function isShard(value: unknown): value is ShardIndex {
  if (!isRecord(value)) return false
  const { index, count } = value
  return isWhole(index) && isWhole(count) && index < count
}

function isStatus(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { state, reason, ttl, from } = value
  return isOneOf(HOST_STATES, state) && isWord(reason) && isTtl(ttl) && (from === undefined || isWord(from))
}

function isTimes(value: unknown): boolean {
  return isRecord(value) && ['srttUs', 'rttvarUs', 'timeoutUs'].every((name) => isTime(value[name]))
}
