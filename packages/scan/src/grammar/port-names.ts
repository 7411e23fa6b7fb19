import { createServices, knownPorts, LocalFault, type Services, type Transport } from '@portkit/core'
import { matchesMask } from './name-mask.ts'
import { popularPorts } from './popularity.ts'
import type { PortNames } from './service-names.ts'
import { parseServicesFile, type ServicesFile } from './services-file.ts'

/** Where nmap installs its services file. */
const NMAP_FILES = ['/usr/share/nmap/nmap-services', '/usr/local/share/nmap/nmap-services'] as const
const SYSTEM_FILE = '/etc/services'

type ReadText = (path: string) => string | undefined

/**
 * Names as nmap prints them where its services file is installed or `servicesFile` names one; else those of
 * /etc/services, completed by the IANA's. Only a `servicesFile` is read at once; no other file before the first
 * question that needs it, and `popular` needs none.
 * @throws LocalFault when `servicesFile` cannot be read
 */
export function createPortNames(readText: ReadText, servicesFile?: string | undefined): PortNames {
  const names = once(() => readNames(readText, servicesFile))
  // A slip in its name must not show at the end of a long scan.
  if (servicesFile !== undefined) names()
  const popular = { tcp: once(() => popularPorts('tcp')), udp: once(() => popularPorts('udp')) }
  return {
    nameOf: (port, protocol) => names().nameOf(port, protocol),
    known: (protocol) => names().ports(protocol),
    portsNamed(mask, protocol) {
      const { ports, nameOf, portOf } = names()
      const isMeant = (port: number) => matchesMask(nameOf(port, protocol)?.toLowerCase() ?? '', mask)
      const named = ports(protocol).filter(isMeant)
      const alias = named.length === 0 ? portOf(mask, protocol) : undefined
      return alias === undefined ? named : [alias]
    },
    popular: (protocol) => popular[protocol](),
  }
}

/** `portOf` knows aliases, too, where there are any. */
type Names = ServicesFile & Pick<Services, 'portOf'>

function readNames(readText: ReadText, servicesFile: string | undefined): Names {
  const text = servicesFile === undefined ? firstOf(readText) : chosen(readText, servicesFile)
  if (text !== undefined) return { ...parseServicesFile(text), portOf: () => undefined }
  return systemNames(tried(readText, SYSTEM_FILE))
}

function chosen(readText: ReadText, path: string): string {
  const text = readText(path)
  if (text === undefined) throw new LocalFault('ENOENT', `cannot read ${path}: no such file`)
  return text
}

function firstOf(readText: ReadText): string | undefined {
  for (const path of NMAP_FILES) {
    const text = tried(readText, path)
    if (text !== undefined) return text
  }
  return undefined
}

/** Names are a courtesy: a file that nobody asked for and that cannot be read must not stop a scan. */
function tried(readText: ReadText, path: string): string | undefined {
  try {
    return readText(path)
  } catch {
    return undefined
  }
}

function systemNames(text: string | undefined): Names {
  const file = parseServicesFile(text ?? '')
  const services = createServices(text)
  const registered = createServices()
  const named = (protocol: Transport) => {
    const own = knownPorts().filter((port) => registered.nameOf(port, protocol) !== undefined)
    return [...new Set([...file.ports(protocol), ...own])].sort((a, b) => a - b)
  }
  const ports = { tcp: once(() => named('tcp')), udp: once(() => named('udp')) }
  return {
    nameOf: (port, protocol) => file.nameOf(port, protocol) ?? registered.nameOf(port, protocol),
    ports: (protocol) => ports[protocol](),
    portOf: services.portOf,
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
