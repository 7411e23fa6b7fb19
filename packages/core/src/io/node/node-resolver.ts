import { ResolveError } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import type { Resolver } from '../io.ts'

/** gai_strerror(3) in its words for the codes that Node passes on. */
const WHY: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Name or service not known',
  ENODATA: 'No address associated with hostname',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_FAIL: 'Non-recoverable failure in name resolution',
  EAI_NODATA: 'No address associated with hostname',
  EAI_NONAME: 'Name or service not known',
}

/** getaddrinfo(3), in the system's own order. */
export const nodeResolver: Resolver = {
  async lookup(host, family) {
    const { lookup } = await import('node:dns/promises')
    const found = await lookup(host, { all: true, verbatim: true, family: family ?? 0 }).catch(
      (error: NodeJS.ErrnoException) => {
        const code = error.code ?? 'EAI_FAIL'
        throw new ResolveError(host, code, WHY[code] ?? code)
      },
    )
    const unique = new Map(
      found.map((a): [string, Address] => [
        a.address,
        { address: a.address, family: a.family === 6 ? 6 : 4 },
      ]),
    )
    return [...unique.values()]
  },
}
