import { told } from '../../model/peer-text.ts'
import type { Service } from '../../model/service.ts'
import { at, textAt } from '../kit/json.ts'
import { header } from './http-head.ts'
import type { HttpMessage } from './http-message.ts'

/** What is known besides the Server field. */
export type Sign = Pick<Service, 'product' | 'version' | 'info' | 'os'> & { readonly protocol?: string }

interface Seen {
  readonly message: HttpMessage
  readonly title: string | undefined
  /** The object that the body is. */
  readonly json: unknown
  /** What the Server field names. */
  readonly server: string | undefined
}

/** What an answer gives away by fields, words and objects that only one software has; an empty one for nothing. */
export function signOf(seen: Seen): Sign {
  return SIGNS.reduce<Sign | undefined>((sign, look) => sign ?? look(seen), undefined) ?? {}
}

/** Tor's refusals on its SOCKS and tunnel ports (the first is recorded). */
function tor({ message: { reason, status }, title = '' }: Seen): Sign | undefined {
  if (status === 501 && reason.startsWith('Tor is not an HTTP Proxy'))
    return { protocol: 'tor', product: 'Tor', info: 'SOCKS proxy' }
  const isTunnel = title === 'This is an HTTP CONNECT tunnel, not a full HTTP Proxy'
  return isTunnel ? { protocol: 'http-proxy', product: 'Tor', info: 'HTTP CONNECT tunnel' } : undefined
}

/** Ports of other protocols that tell browsers so. */
function elsewhere({ message: { body } }: Seen): Sign | undefined {
  return body.startsWith('It looks like you are trying to access MongoDB over HTTP')
    ? { protocol: 'mongodb', product: 'MongoDB' }
    : undefined
}

/** What Squid answers to a request for itself, when it is nobody's front (recorded from squid 5.7). */
function squid({ message: { headers }, server }: Seen): Sign | undefined {
  const error = header(headers, 'x-squid-error') ?? ''
  const isProxy = /^ERR_(?:INVALID_URL|PROTOCOL_UNKNOWN|INVALID_REQ|CACHE_ACCESS_DENIED)\b/.test(error)
  if (error === '') return undefined
  const via = /\(squid\/([\w.+~-]+)\)/.exec(header(headers, 'via') ?? '')?.[1]
  const software = server === undefined ? { product: 'squid', version: via } : {}
  return { ...software, ...(isProxy ? { protocol: 'http-proxy' } : {}) }
}

/** Servers that are nothing else but proxies. */
const PROXIES = new Set(['tinyproxy', 'polipo', 'privoxy', 'mitmproxy', 'wingate', '3proxy', 'ccproxy'])

function proxy({ message: { status, headers }, server = '' }: Seen): Sign | undefined {
  const asksForPassword = status === 407 || headers.has('proxy-authenticate')
  return asksForPassword || PROXIES.has(server.toLowerCase()) ? { protocol: 'http-proxy' } : undefined
}

/** CUPS's pages have its whole version (recorded from cups 2.4.2). */
function printing({ message: { headers }, title = '', server }: Seen): Sign | undefined {
  if (!/\bIPP\/\d/.test(header(headers, 'server') ?? '')) return undefined
  const version = server === 'CUPS' ? /\bCUPS v?(\d[\w.+~-]*)$/.exec(title)?.[1] : undefined
  return version === undefined ? { protocol: 'ipp' } : { protocol: 'ipp', version }
}

/** The words of HAProxy's own pages (those of 400 and 503 are recorded), which have no Server field. */
const HAPROXY =
  /^<html><body><h1>\d{3} [\w -]+<\/h1>\n(?:No server is available to handle this request\.|Your browser sent an invalid request\.|Request forbidden by administrative rules\.|The server didn't respond in time\.|The server returned an invalid or incomplete response\.|Your browser didn't send a complete request in time\.)\n<\/body><\/html>/

function haproxy({ message: { body }, server }: Seen): Sign | undefined {
  return server === undefined && HAPROXY.test(body) ? { product: 'HAProxy' } : undefined
}

/** Fields that name their software; those with versions give it. */
const FIELDS = [
  ['x-jenkins', 'Jenkins', true],
  ['x-influxdb-version', 'InfluxDB', true],
  ['kbn-version', 'Kibana', true],
  ['kbn-name', 'Kibana', false],
  ['x-clickhouse-server-display-name', 'ClickHouse', false],
  ['docker-distribution-api-version', 'Docker Registry', false],
] as const

function fields({ message: { headers } }: Seen): Sign | undefined {
  for (const [name, product, hasVersion] of FIELDS) {
    const value = header(headers, name)
    if (value === undefined) continue
    const version = hasVersion ? /^v?(\d[\w.+~-]*)$/.exec(value)?.[1] : undefined
    return { product, version }
  }
  return undefined
}

/** What stores of documents say of themselves. */
function stores({ message: { headers }, json }: Seen): Sign | undefined {
  const version = told(textAt(json, 'version', 'number'))
  if (textAt(json, 'version', 'distribution') === 'opensearch') return { product: 'OpenSearch', version }
  const isElastic =
    textAt(json, 'tagline') === 'You Know, for Search' ||
    header(headers, 'x-elastic-product') === 'Elasticsearch'
  if (isElastic) return { product: 'Elasticsearch', version }
  if (textAt(json, 'couchdb') === 'Welcome')
    return { product: 'CouchDB', version: told(textAt(json, 'version')) }
  return undefined
}

/** The Status object that Kubernetes answers strangers with. */
function kubernetes({ json }: Seen): Sign | undefined {
  const isStatus =
    at(json, 'kind') === 'Status' && at(json, 'apiVersion') === 'v1' && at(json, 'metadata') !== undefined
  return isStatus ? { product: 'Kubernetes API' } : undefined
}

/** Pages whose title is their software's name. */
const TITLES: Readonly<Record<string, string>> = {
  Grafana: 'Grafana',
  'Prometheus Time Series Collection and Processing Server': 'Prometheus',
  Alertmanager: 'Alertmanager',
  'Node Exporter': 'Prometheus Node Exporter',
  'Consul by HashiCorp': 'Consul',
  'RabbitMQ Management': 'RabbitMQ Management',
  Portainer: 'Portainer',
}

function titled({ title = '', server }: Seen): Sign | undefined {
  return server === undefined && Object.hasOwn(TITLES, title) ? { product: TITLES[title] } : undefined
}

const SIGNS = [tor, elsewhere, squid, proxy, printing, haproxy, fields, stores, kubernetes, titled] as const
