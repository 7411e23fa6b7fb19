import type { Libc, Pointer } from './libc.ts'

/** sendto(2); only reads the octets, and only during the call. */
type SendTo = (
  fd: number,
  octets: Uint8Array,
  length: number,
  flags: number,
  to: Pointer,
  toLength: number,
) => number

const bound = new WeakMap<Libc, SendTo>()

/** Bound when the first socket asks for it. */
export function sendToOf(libc: Libc): SendTo {
  const known = bound.get(libc)
  if (known !== undefined) return known
  const sendTo = libc.bindMore<SendTo>('intptr_t sendto(int, void *, size_t, int, void *, uint32_t)')
  bound.set(libc, sendTo)
  return sendTo
}
