import koffi from 'koffi'

/** linux/sockios.h, linux/ethtool.h. */
const SIOCETHTOOL = 0x8946
const ETHTOOL_STXCSUM = 0x17
const AF_INET = 2
const SOCK_DGRAM = 2

const libc = koffi.load('libc.so.6')
koffi.struct('EthtoolRequest', {
  name: koffi.array('char', 16, 'String'),
  data: 'void *',
  rest: koffi.array('uint8_t', 16),
})
const socket = libc.func('int socket(int, int, int)')
const ioctl = libc.func('int ioctl(int, unsigned long, EthtoolRequest *)')
const close = libc.func('int close(int)')

/**
 * Makes the system itself write the checksums of what leaves by a device of this namespace: a capture on a veth pair
 * otherwise shows wrong ones, because nobody ever computes them.
 * @param {string} device @throws {Error} when the system refuses
 */
export function switchChecksumOffloadOff(device) {
  const order = Buffer.alloc(8)
  order.writeUInt32LE(ETHTOOL_STXCSUM, 0)
  const fd = socket(AF_INET, SOCK_DGRAM, 0)
  try {
    const done = ioctl(fd, SIOCETHTOOL, { name: device, data: order, rest: new Array(16).fill(0) })
    if (done < 0) throw new Error(`checksum offload of ${device} stays on (errno ${koffi.errno()})`)
  } finally {
    close(fd)
  }
}
