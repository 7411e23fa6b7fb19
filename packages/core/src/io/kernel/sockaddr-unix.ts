import { LocalFault } from '../../model/errors.ts'
import { AF, SOCKADDR_UN } from './layout.ts'

const MOST_PATH = SOCKADDR_UN.length - SOCKADDR_UN.path

/**
 * Writes a struct sockaddr_un at `at`; gives its length in octets. `@name` is an abstract name (unix(7)).
 * @throws LocalFault EINVAL for an empty path or one with a NUL, ENAMETOOLONG above 107 octets
 */
export function writeUnixSockaddr(view: DataView, at: number, path: string, about: string): number {
  const octets = Buffer.from(path)
  if (octets.length === 0 || octets.includes(0)) {
    throw new LocalFault('EINVAL', 'the path of a UNIX socket is empty or has a NUL in it', about)
  }
  if (octets.length >= MOST_PATH) {
    throw new LocalFault('ENAMETOOLONG', 'the path of a UNIX socket has at most 107 octets', about)
  }
  const abstract = path.startsWith('@')
  if (abstract) octets[0] = 0
  view.setUint16(at + SOCKADDR_UN.family, AF.unix, true)
  for (let i = 0; i < MOST_PATH; i++) view.setUint8(at + SOCKADDR_UN.path + i, octets[i] ?? 0)
  return SOCKADDR_UN.path + octets.length + (abstract ? 0 : 1)
}

/** The path in a socket address of `length` octets, `@name` for an abstract one; empty for a socket without a name. */
export function readUnixSockaddr(view: DataView, at: number, length: number): string {
  const octets = Math.min(length, SOCKADDR_UN.length) - SOCKADDR_UN.path
  if (octets <= 0) return ''
  const path = Buffer.from(view.buffer, view.byteOffset + at + SOCKADDR_UN.path, octets)
  if (path[0] === 0) return `@${path.toString('utf8', 1)}`
  const end = path.indexOf(0)
  return path.toString('utf8', 0, end < 0 ? octets : end)
}
