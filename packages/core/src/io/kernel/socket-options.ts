import type { Family } from '../../model/target.ts'
import { AF, MD5_PREFIX, MD5SIG, OPTION, SOCKADDR_IN6, type SocketOption } from './layout.ts'
import type { Libc } from './libc.ts'

/** getsockopt(2) and setsockopt(2) as plain values; `false` and `undefined` mean that errno says why. */
export interface SocketOptions {
  setNumber(fd: number, option: SocketOption, value: number): boolean
  /** SO_BINDTODEVICE; names of 16 octets and more exist on no Linux. */
  setDevice(fd: number, name: string): boolean
  /** TCP MD5 signatures (RFC 2385) with this key, of 80 octets at most, whoever the peer is. */
  setMd5Key(fd: number, family: Family, key: string): boolean
  /** SO_LINGER on, with no time: close() then sends a RST. */
  setAbort(fd: number): boolean
  /** The option's octets, valid until the next call. */
  get(fd: number, option: SocketOption, octets: number): DataView | undefined
}

const AT = { value: 0, length: 216, end: 224 } as const
const LONGEST_NAME = 128

export function createSocketOptions(libc: Libc): SocketOptions {
  const { at, view } = libc.allocate(AT.end)
  const length = at + BigInt(AT.length)
  const set = (fd: number, { level, name }: SocketOption, octets: number): boolean =>
    libc.setsockopt(fd, level, name, at, octets) === 0
  return {
    setNumber(fd, option, value) {
      view.setInt32(0, value, true)
      return set(fd, option, 4)
    },
    setDevice(fd, name) {
      const octets = Buffer.from(`${name}\0`)
      for (const [i, octet] of octets.subarray(0, LONGEST_NAME).entries()) view.setUint8(i, octet)
      return set(fd, OPTION.bindToDevice, Math.min(octets.length, LONGEST_NAME))
    },
    setMd5Key(fd, family, key) {
      writeMd5(view, family === 4 ? AF.inet : AF.inet6, Buffer.from(key))
      const done = set(fd, OPTION.md5, MD5SIG.length)
      if (family === 4 || !done) return done
      // An IPv6 listener takes IPv4 peers as well, and they would need no signature.
      view.setUint16(MD5SIG.peer + SOCKADDR_IN6.address + MAPPED_MARK, 0xffff)
      return set(fd, OPTION.md5, MD5SIG.length)
    },
    setAbort(fd) {
      view.setInt32(0, 1, true)
      view.setInt32(4, 0, true)
      return set(fd, OPTION.linger, 8)
    },
    get(fd, { level, name }, octets) {
      view.setUint32(AT.length, octets, true)
      return libc.getsockopt(fd, level, name, at, length) === 0 ? view : undefined
    },
  }
}

/** Where ::ffff:0:0/96 has its sixteen ones (RFC 4291 section 2.5.5.2). */
const MAPPED_MARK = 10

/** A prefix of no length: the key is for all peers, as nc's is. */
function writeMd5(view: DataView, addressFamily: number, key: Uint8Array): void {
  for (let i = 0; i < MD5SIG.length; i++) view.setUint8(i, 0)
  view.setUint16(MD5SIG.peer, addressFamily, true)
  view.setUint8(MD5SIG.flags, MD5_PREFIX)
  // The kernel itself refuses a key that is too long.
  view.setUint16(MD5SIG.keyLength, Math.min(key.length, 0xffff), true)
  for (const [i, octet] of key.subarray(0, MD5SIG.length - MD5SIG.key).entries()) {
    view.setUint8(MD5SIG.key + i, octet)
  }
}
