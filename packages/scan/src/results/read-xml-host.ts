import { type Address, parseAddress } from '@portkit/core'
import type { HostName, HostReport, HostStatus, HostTimes } from '../model/host-report.ts'
import type { LeftOut } from './read-counts.ts'
import { createReadTable } from './read-table.ts'
import { decimal, UNKNOWN_REASON, whole } from './read-words.ts'
import { createXmlPorts, type XmlAttributes, type XmlPorts } from './read-xml-ports.ts'

/** Collects a `host` element. */
export interface XmlHost {
  /** An element inside of it begins. */
  start(name: string, attributes: XmlAttributes): void
  end(name: string): void
  text(text: string): void
  /** undefined when it has no address. */
  report(): HostReport | undefined
}

/** What our own files say of a host whose scan ended early. */
const ENDED = /^ended early \((host-timeout|interrupted|max-open)\): (\d{1,9}) ports without a state$/

export function createXmlHost(host: XmlAttributes, runStartMs: number, leftOut: LeftOut): XmlHost {
  let ports: XmlPorts | undefined
  const names: HostName[] = []
  let address: Address | undefined
  let status: HostStatus = { state: 'up', reason: UNKNOWN_REASON, ttl: 0 }
  let known: Pick<HostReport, 'hardwareAddress' | 'vendor' | 'times'> = {}
  return {
    start(name, attributes) {
      switch (name) {
        case 'status':
          status = statusOf(attributes)
          return
        case 'address':
          address ??= addressOf(attributes)
          known = { ...known, ...hardwareOf(attributes) }
          return
        case 'hostname':
          names.push(...namesOf(attributes))
          return
        case 'times':
          known = { ...known, ...timesOf(attributes) }
          return
        case 'ports':
          ports ??= createXmlPorts(leftOut)
          return
        default:
          ports?.start(name, attributes)
      }
    },
    end: (name) => ports?.end(name),
    text: (text) => ports?.text(text),
    report() {
      if (address === undefined) return undefined
      const startMs = timeMs(host.get('starttime')) ?? runStartMs
      return {
        ...address,
        names,
        otherAddresses: [],
        status,
        ...known,
        startMs,
        endMs: timeMs(host.get('endtime')) ?? startMs,
        ...tableOf(ports, host),
        ...endedOf(host),
        hasVersions: ports?.hasProbed ?? false,
      }
    },
  }
}

/** nmap writes when it worked at a host only of hosts whose ports it asked. */
function tableOf(ports: XmlPorts | undefined, host: XmlAttributes): Pick<HostReport, 'ports'> {
  if (ports !== undefined) return { ports: ports.table() }
  return host.has('starttime') ? { ports: createReadTable().done() } : {}
}

/** The end of the year 9999. */
const LAST_SECOND = 253_402_300_799

/** Seconds since 1970 as milliseconds. */
export function timeMs(text: string | undefined): number | undefined {
  const seconds = decimal(text)
  return seconds === undefined || seconds > LAST_SECOND ? undefined : seconds * 1000
}

function statusOf(attributes: XmlAttributes): HostStatus {
  const state = attributes.get('state')
  return {
    state: state === 'up' || state === 'down' ? state : 'unknown',
    reason: attributes.get('reason') ?? UNKNOWN_REASON,
    ttl: whole(attributes.get('reason_ttl'), 255) ?? 0,
  }
}

function addressOf(attributes: XmlAttributes): Address | undefined {
  return attributes.get('addrtype') === 'mac' ? undefined : parseAddress(attributes.get('addr') ?? '')
}

function hardwareOf(attributes: XmlAttributes): Pick<HostReport, 'hardwareAddress' | 'vendor'> {
  const address = attributes.get('addr') ?? ''
  const vendor = attributes.get('vendor')
  if (attributes.get('addrtype') !== 'mac' || !/^([\da-f]{2}:){5}[\da-f]{2}$/i.test(address)) return {}
  return { hardwareAddress: address.toLowerCase(), ...(vendor !== undefined && { vendor }) }
}

function namesOf(attributes: XmlAttributes): readonly HostName[] {
  const name = attributes.get('name')
  const type = attributes.get('type')
  return name !== undefined && (type === 'user' || type === 'PTR') ? [{ name, type }] : []
}

function timesOf(attributes: XmlAttributes): { readonly times?: HostTimes } {
  const srttUs = decimal(attributes.get('srtt'))
  const rttvarUs = decimal(attributes.get('rttvar'))
  const timeoutUs = decimal(attributes.get('to'))
  if (srttUs === undefined || rttvarUs === undefined || timeoutUs === undefined) return {}
  return { times: { srttUs, rttvarUs, timeoutUs } }
}

/** nmap says only that a host's time was over. */
function endedOf(host: XmlAttributes): Pick<HostReport, 'ended' | 'unasked'> {
  const [, why, unasked] = ENDED.exec(host.get('comment') ?? '') ?? []
  if (why !== undefined) return { ended: why as NonNullable<HostReport['ended']>, unasked: Number(unasked) }
  return host.get('timedout') === 'true' ? { ended: 'host-timeout', unasked: 0 } : { unasked: 0 }
}
