import type { PortService, PortTable } from '../model/port-table.ts'
import { spansIn } from './port-ranges.ts'
import type { LeftOut } from './read-counts.ts'
import { createReadTable, type ReadTable } from './read-table.ts'
import { isPortState, isTransport, UNKNOWN_REASON, whole } from './read-words.ts'

export type XmlAttributes = ReadonlyMap<string, string>

/** Collects what is inside of a `ports` element. */
export interface XmlPorts {
  start(name: string, attributes: XmlAttributes): void
  end(name: string): void
  text(text: string): void
  table(): PortTable
  /** Whether a service said itself what it is. */
  readonly hasProbed: boolean
}

/** Of a `port` element as far as it was read. */
interface XmlPort {
  readonly attributes: XmlAttributes
  state?: XmlAttributes
  service?: XmlAttributes
  readonly cpes: string[]
}

export function createXmlPorts(leftOut: LeftOut): XmlPorts {
  const table = createReadTable()
  let extraState: string | undefined
  let port: XmlPort | undefined
  let cpe: string | undefined
  let hasProbed = false

  const starts: Readonly<Record<string, (attributes: XmlAttributes) => void>> = {
    extraports: (attributes) => {
      extraState = attributes.get('state')
    },
    extrareasons: (attributes) => addExtra(table, extraState, attributes, leftOut),
    port: (attributes) => {
      port = { attributes, cpes: [] }
    },
    state: (attributes) => {
      if (port !== undefined) port.state = attributes
    },
    service: (attributes) => {
      if (port !== undefined) port.service = attributes
    },
    cpe: () => {
      cpe = ''
    },
  }
  return {
    start(name, attributes) {
      if (Object.hasOwn(starts, name)) starts[name]?.(attributes)
    },
    end(name) {
      if (name === 'cpe' && cpe !== undefined) {
        port?.cpes.push(cpe)
        cpe = undefined
      }
      if (name !== 'port' || port === undefined) return
      hasProbed ||= port.service?.get('method') === 'probed'
      addPort(table, port, leftOut)
      port = undefined
    },
    text(text) {
      if (cpe !== undefined) cpe += text
    },
    table: () => table.done(),
    get hasProbed() {
      return hasProbed
    },
  }
}

/** Ports that are only counted: later versions of nmap say which. */
function addExtra(
  table: ReadTable,
  state: string | undefined,
  attributes: XmlAttributes,
  leftOut: LeftOut,
): void {
  const protocol = attributes.get('proto')
  const spans = spansIn(attributes.get('ports') ?? '') ?? []
  if (isTransport(protocol) && isPortState(state) && spans.length > 0) {
    const reason = attributes.get('reason') ?? UNKNOWN_REASON
    const row = { protocol, port: 0, state, reason, ttl: 0 }
    for (const span of spans) table.add(span, row)
    return
  }
  const isForeign = protocol !== undefined && !isTransport(protocol)
  const what = isForeign ? `ports of ${shown(protocol)}` : 'ports of which no numbers are given'
  leftOut.add(what, whole(attributes.get('count'), 65_536))
}

function addPort(
  table: ReadTable,
  { attributes, state: verdict, service, cpes }: XmlPort,
  leftOut: LeftOut,
): void {
  const protocol = attributes.get('protocol')
  const port = whole(attributes.get('portid'), 65_535)
  const state = verdict?.get('state')
  if (!isTransport(protocol)) leftOut.add(`ports of ${shown(protocol)}`)
  else if (port === undefined) leftOut.add('ports without a number')
  else if (!isPortState(state)) leftOut.add(`ports in the state ${shown(state)}`)
  else {
    const from = verdict?.get('reason_ip')
    const row = {
      protocol,
      port,
      state,
      reason: verdict?.get('reason') ?? UNKNOWN_REASON,
      ttl: whole(verdict?.get('reason_ttl'), 255) ?? 0,
      ...(from !== undefined && { from }),
      ...(service !== undefined && { service: serviceOf(service, cpes) }),
    }
    table.add({ from: port, to: port }, row)
  }
}

/** A foreign word, if it is one. */
function shown(word: string | undefined): string {
  return word !== undefined && /^[\w|-]{1,30}$/.test(word) ? word : 'another kind'
}

function serviceOf(attributes: XmlAttributes, cpes: readonly string[]): PortService {
  const text = (key: string, as: keyof PortService) =>
    attributes.has(key) ? { [as]: attributes.get(key) } : undefined
  return {
    name: attributes.get('name') ?? '',
    method: attributes.get('method') === 'probed' ? 'probed' : 'table',
    confidence: whole(attributes.get('conf'), 10) ?? 3,
    ...text('product', 'product'),
    ...text('version', 'version'),
    ...text('extrainfo', 'info'),
    ...text('hostname', 'hostname'),
    ...text('ostype', 'os'),
    ...(attributes.get('tunnel') === 'ssl' && { tunnel: 'ssl' as const }),
    ...(cpes.length > 0 && { cpes }),
  }
}
