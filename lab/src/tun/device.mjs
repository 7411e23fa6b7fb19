import { constants, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { FAR_DEVICE } from '../plan.mjs'

/**
 * The TUN device of this network namespace, and a wait that looks at it and at stdin together.
 * Layouts are those of 64-bit little-endian Linux: netdevice(7), poll(2), linux/if_tun.h.
 *
 * @typedef {{
 *   readonly read: () => Buffer | undefined,
 *   readonly write: (packet: Buffer) => void,
 *   readonly wait: (forNs: number | undefined, stdin: boolean) => { readonly device: boolean, readonly stdin: boolean },
 * }} TunDevice `read` gives undefined when nothing has come; its buffer is good until the next call.
 *   `wait` returns early for whatever comes first; undefined waits for ever
 */

const TUNSETIFF = 0x400454ca
const IFF_TUN = 0x0001
const IFF_NO_PI = 0x1000
const IFREQ_OCTETS = 40
const IFREQ_FLAGS_AT = 16
const POLLIN = 0x0001
const PR_SET_TIMERSLACK = 29

/** More than a device of this MTU ever gives at once. */
const LONGEST_PACKET = 4096

/** Attaches to the target's TUN device. @returns {TunDevice} */
export function openTun() {
  const libc = loadLibc()
  const fd = openSync('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK)
  const request = Buffer.alloc(IFREQ_OCTETS)
  request.write(FAR_DEVICE, 'latin1')
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, IFREQ_FLAGS_AT)
  if (libc.ioctl(fd, TUNSETIFF, 'void *', request) < 0) throw new Error('TUNSETIFF failed')
  // By default the kernel wakes a sleeper up to 50 µs late, to save power.
  libc.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)

  const buffer = Buffer.alloc(LONGEST_PACKET)
  const polled = Buffer.alloc(16)
  const timespec = Buffer.alloc(16)
  return {
    read() {
      const octets = Number(libc.read(fd, buffer, buffer.length))
      return octets > 0 ? buffer.subarray(0, octets) : undefined
    },
    write(packet) {
      libc.write(fd, packet, packet.length)
    },
    wait(forNs, stdin) {
      setPolled(polled, 0, fd)
      // A negative descriptor is skipped.
      setPolled(polled, 8, stdin ? 0 : -1)
      timespec.writeBigInt64LE(BigInt(Math.floor((forNs ?? 0) / 1e9)), 0)
      timespec.writeBigInt64LE(BigInt(Math.floor((forNs ?? 0) % 1e9)), 8)
      libc.ppoll(polled, 2, forNs === undefined ? null : timespec, null)
      return { device: polled.readInt16LE(6) !== 0, stdin: polled.readInt16LE(14) !== 0 }
    },
  }
}

/** @param {Buffer} polled @param {number} at @param {number} fd */
function setPolled(polled, at, fd) {
  polled.writeInt32LE(fd, at)
  polled.writeInt16LE(POLLIN, at + 4)
  polled.writeInt16LE(0, at + 6)
}

function loadLibc() {
  const koffi = /** @type {typeof import('koffi')} */ (createRequire(import.meta.url)('koffi'))
  const lib = openLibrary(koffi)
  return {
    ioctl: lib.func('int ioctl(int, unsigned long, ...)'),
    prctl: lib.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)'),
    read: lib.func('intptr_t read(int, void *, size_t)'),
    write: lib.func('intptr_t write(int, void *, size_t)'),
    ppoll: lib.func('int ppoll(void *, unsigned long, void *, void *)'),
  }
}

/** @param {typeof import('koffi')} koffi */
function openLibrary(koffi) {
  try {
    return koffi.load('libc.so.6')
  } catch {
    return koffi.load('libc.so') // musl
  }
}
