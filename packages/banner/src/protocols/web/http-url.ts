import type { Dialogue } from '../../dialogue/dialogue.ts'
import type { DetailValue } from '../../model/service.ts'
import { authority } from './http-request.ts'

/** A URL longer than this is not asked for. */
const MOST = 1000

/** The URLs of one port. */
export interface Urls {
  /** Its first page. */
  readonly start: string
  /** Where a Location leads (RFC 9110 section 10.2.2), if that is at this host, port and scheme. */
  next(from: string, location: DetailValue | undefined): string | undefined
  /** What to ask for. */
  pathOf(url: string): string
}

export function urlsOf(dialogue: Dialogue): Urls {
  const { wishes, address, port, secure } = dialogue
  const scheme = secure ? 'https:' : 'http:'
  const start = `${scheme}//${authority(dialogue)}/`
  const names = [start, ...[wishes.host, address].map((host) => `${scheme}//${bracketed(host)}/`)]
  const hosts = new Set(names.flatMap((name) => (URL.canParse(name) ? [new URL(name).hostname] : [])))
  return {
    start,
    next(from, location) {
      if (typeof location !== 'string' || location.length >= MOST || !URL.canParse(location, from))
        return undefined
      const url = new URL(location, from)
      url.hash = ''
      const isHere = url.protocol === scheme && hosts.has(url.hostname) && portOf(url) === port
      return isHere && url.href.length < 2 * MOST ? url.href : undefined
    },
    pathOf(url) {
      const { pathname, search } = new URL(url)
      return pathname + search
    },
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host.replace(/%.*$/s, '')}]` : host)

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
