import type { LookupAddress } from 'node:dns'
import { existsSync } from 'node:fs'
import { isLinkLocal, parseAddress, unmapped } from '../../model/addresses.ts'
import { ResolveError } from '../../model/errors.ts'
import type { Address, Family } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import type { Resolver } from '../io.ts'

/** gai_strerror(3) in its words for the codes that Node passes on. */
const WHY: Readonly<Record<string, string>> = {
  EAI_ADDRFAMILY: 'Address family for hostname not supported',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_FAIL: 'Non-recoverable failure in name resolution',
  EAI_MEMORY: 'Memory allocation failure',
  EAI_NODATA: 'No address associated with hostname',
  EAI_NONAME: 'Name or service not known',
  EINVAL: 'Name or service not known',
  ENODATA: 'No address associated with hostname',
  ENOTFOUND: 'Name or service not known',
}

const dns = () => builtin<typeof import('node:dns')>('node:dns')

/** getaddrinfo(3) and getnameinfo(3), in the system's own order. */
export const nodeResolver: Resolver = {
  async lookup(host, family) {
    const literal = parseAddress(host)
    // Node hands a literal back whatever family is asked for; and no module need be loaded for it.
    if (literal !== undefined) return [checked(host, literal, family)]
    if (host === '' || host.includes('\0')) throw fault(host, 'EAI_NONAME')
    const found = await getaddrinfo(host, family)
    const unique = new Map(
      found.map((a): [string, Address] => [
        a.address,
        { address: a.address, family: a.family === 6 ? 6 : 4 },
      ]),
    )
    return [...unique.values()]
  },
  reverse: (address, signal) => (signal === undefined ? getnameinfo(address) : askServers(address, signal)),
}

function getnameinfo(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      dns().lookupService(address, 0, (error, name) => resolve(error === null ? name : undefined))
    } catch {
      // Not an address at all.
      resolve(undefined)
    }
  })
}

/** Milliseconds for each name server, which is asked once. */
const SERVER_TIMEOUT = 1000

/** What waits in getnameinfo(3) keeps the process alive for as long as name servers keep silent. */
async function askServers(address: string, signal: AbortSignal): Promise<string | undefined> {
  const resolver = new (dns().promises.Resolver)({ timeout: SERVER_TIMEOUT, tries: 1 })
  const cancel = (): void => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    if (!signal.aborted) await resolver.reverse(address)
    // Somebody answers, or the hosts file does, of which Node tells aliases only: the system's own name comes at once.
    return signal.aborted ? undefined : await getnameinfo(address)
  } catch {
    return undefined
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function getaddrinfo(host: string, family: Family | undefined): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dns().lookup(host, { all: true, verbatim: true, family: family ?? 0 }, (error, found) =>
      error === null ? resolve(found) : reject(fault(host, error.code ?? 'EAI_FAIL')),
    )
  })
}

/** The address as that family's, as getaddrinfo(3) judges literals. @throws ResolveError */
function checked(host: string, literal: Address, family: Family | undefined): Address {
  const address = family === 4 ? unmapped(literal) : literal
  if (family !== undefined && address.family !== family) throw fault(host, 'EAI_ADDRFAMILY')
  const zone = address.address.split('%')[1]
  if (zone === undefined || /^\d+$/.test(zone) || (isLinkLocal(address) && isInterface(zone))) return address
  throw fault(host, 'EAI_NONAME')
}

/** Where the system does not show its interfaces as files, connecting tells. */
function isInterface(name: string): boolean {
  return !existsSync('/sys/class/net') || existsSync(`/sys/class/net/${name}`)
}

function fault(host: string, code: string): ResolveError {
  return new ResolveError(host, code, WHY[code] ?? code)
}
