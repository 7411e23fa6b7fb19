import { OPTION, type SocketOption } from './layout.ts'
import type { Libc } from './libc.ts'

/** getsockopt(2) and setsockopt(2) as plain values; `false` and `undefined` mean that errno says why. */
export interface SocketOptions {
  setNumber(fd: number, option: SocketOption, value: number): boolean
  /** SO_BINDTODEVICE; names of 16 octets and more exist on no Linux. */
  setDevice(fd: number, name: string): boolean
  /** SO_LINGER on, with no time: close() then sends a RST. */
  setAbort(fd: number): boolean
  /** The option's octets, valid until the next call. */
  get(fd: number, option: SocketOption, octets: number): DataView | undefined
}

const AT = { value: 0, length: 128, end: 136 } as const

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
      for (const [i, octet] of octets.subarray(0, AT.length).entries()) view.setUint8(i, octet)
      return set(fd, OPTION.bindToDevice, Math.min(octets.length, AT.length))
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
