import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createErrorQueue } from '../src/io/kernel/error-queue.ts'
import type { Libc } from '../src/io/kernel/libc.ts'

const CONTROL_LENGTH_AT = 40
const CONTROL_AT = 96

/** A kernel that puts these octets into the control data of every message. */
function kernel(control: Uint8Array, messages = 1): Libc {
  const view = new DataView(new ArrayBuffer(1024))
  let left = messages
  const calls: Partial<Libc> = {
    allocate: () => ({ at: 0n, view }),
    recvmsg: () => {
      if (left-- <= 0) return -1
      new Uint8Array(view.buffer).set(control, CONTROL_AT)
      view.setBigUint64(CONTROL_LENGTH_AT, BigInt(control.length), true)
      return 0
    },
  }
  return calls as Libc
}

function item(level: number, type: number, data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array((16 + data.length + 7) & ~7)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(16 + data.length), true)
  view.setInt32(8, level, true)
  view.setInt32(12, type, true)
  bytes.set(data, 16)
  return bytes
}
/** struct sock_extended_err { errno, origin, type, code, pad, info, data } and a sockaddr_in. */
const extended = (origin: number, type: number, code: number): number[] => [
  ...[113, 0, 0, 0, origin, type, code, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[2, 0, 0, 0, 10, 0, 0, 254, 0, 0, 0, 0, 0, 0, 0, 0],
]

it('reads type, code and sender of an ICMP error', () => {
  const take = createErrorQueue(kernel(item(0, 11, extended(2, 3, 13))))
  expect(take(3)).toEqual({ family: 4, type: 3, code: 13, from: '10.0.0.254' })
  expect(take(3)).toBeUndefined()
})

it('finds the error behind other control data, and passes errors of this machine over', () => {
  const stamp = item(1, 35, Array(16).fill(1))
  const error = item(0, 11, extended(2, 3, 1))
  expect(createErrorQueue(kernel(Uint8Array.of(...stamp, ...error)))(3)).toMatchObject({ type: 3, code: 1 })
  expect(createErrorQueue(kernel(item(0, 11, extended(1, 0, 0))))(3)).toBeUndefined()
})

it('ends on a queue that never does', () => {
  expect(
    createErrorQueue(kernel(item(0, 11, extended(1, 0, 0)), Number.POSITIVE_INFINITY))(3),
  ).toBeUndefined()
})

it('never throws and never reads past the end, whatever the control data', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      void createErrorQueue(kernel(bytes))(3)
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(511), (length, at) => {
      const bytes = item(0, 11, extended(2, 3, 3))
      new DataView(bytes.buffer).setBigUint64(0, length, true)
      void createErrorQueue(kernel(Uint8Array.of(...new Uint8Array(at & ~7), ...bytes).slice(0, 512)))(3)
    }),
  )
})
