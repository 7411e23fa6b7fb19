import { escapeControl } from '@portkit/core'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow, PortService } from '../model/port-table.ts'

/** nmap doubts a service that it asked about and that did not answer as expected. */
const DOUBTFUL = 5

/** As the user typed it, and as a reverse lookup has it; safe for a terminal. */
export function namesOf({ names }: Pick<HostReport, 'names'>): {
  readonly typed: string | undefined
  readonly looked: string | undefined
} {
  return { typed: nameIn(names, 'user'), looked: nameIn(names, 'PTR') }
}

function nameIn(names: HostReport['names'], wanted: 'user' | 'PTR'): string | undefined {
  const name = names.find(({ type }) => type === wanted)?.name
  return name === undefined || name === '' ? undefined : escapeControl(name)
}

/** `NAME (ADDRESS)`, with the name that the user typed before any other; or the address alone. */
export function hostText(host: Pick<HostReport, 'names' | 'address'>): string {
  const { typed, looked } = namesOf(host)
  const name = typed ?? looked
  const address = escapeControl(host.address)
  return name === undefined ? address : `${name} (${address})`
}

/** `ssh`, `ssl/http`, `ftp?` where the service was asked and nothing speaks for the name; empty when nothing is known. */
export function serviceText({ service, state }: PortRow, hasVersions: boolean): string {
  if (service === undefined) return ''
  const isDoubted = hasVersions && state === 'open' && service.confidence <= DOUBTFUL
  return `${service.tunnel === 'ssl' ? 'ssl/' : ''}${escapeControl(service.name)}${isDoubted ? '?' : ''}`
}

/** `OpenSSH 9.2p1 Debian 2 (protocol 2.0)`; empty when nothing is known. */
export function versionText(service: PortService | undefined): string {
  if (service === undefined) return ''
  const { product = '', version = '', info = '' } = service
  const parts = [product, version, info === '' ? '' : `(${info})`]
  return escapeControl(parts.filter((part) => part !== '').join(' '))
}

/** `reset ttl 64`, `admin-prohibited ttl 63 from 10.0.0.1`. */
export function reasonText(it: {
  readonly reason: string
  readonly ttl: number
  readonly from?: string | undefined
}): string {
  const ttl = it.ttl > 0 ? ` ttl ${it.ttl}` : ''
  const from = it.from === undefined ? '' : ` from ${escapeControl(it.from)}`
  return `${escapeControl(it.reason)}${ttl}${from}`
}
