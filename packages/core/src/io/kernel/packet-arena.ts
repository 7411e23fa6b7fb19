import { IOVEC, MMSGHDR, MSGHDR } from './layout.ts'
import type { Libc, Pointer } from './libc.ts'

/** Room for each message's address and control data, in octets. */
export const NAME_ROOM = 32
export const CONTROL_ROOM = 64

/** Where a message's parts lie, in octets from the arena's start: `base + index * stride`. */
export interface Part {
  readonly base: number
  readonly stride: number
}

/** Memory for one call of sendmmsg(2) or recvmmsg(2) with up to `slots` messages, wired up once and for all. */
export interface Arena {
  readonly at: Pointer
  readonly view: DataView
  readonly octets: Uint8Array
  readonly slots: number
  /** Octets of data that a message has room for. */
  readonly room: number
  readonly header: Part
  readonly iovec: Part
  readonly name: Part
  readonly control: Part
  readonly data: Part
}

/** Memory of closed channels: it is never freed, so it is used again. */
const spare: Arena[] = []

export function takeArena(libc: Libc, slots: number, room: number): Arena {
  const i = spare.findIndex((arena) => arena.slots === slots && arena.room === room)
  const [found] = i < 0 ? [] : spare.splice(i, 1)
  return found ?? makeArena(libc, slots, room)
}

export function giveBackArena(arena: Arena): void {
  spare.push(arena)
}

/** Octets in front of each message's data that the kernel leaves alone. */
const LEAD = 16

function makeArena(libc: Libc, slots: number, room: number): Arena {
  const header = { base: 0, stride: MMSGHDR.length }
  const iovec = { base: header.base + slots * header.stride, stride: IOVEC.length }
  const name = { base: iovec.base + slots * iovec.stride, stride: NAME_ROOM }
  const control = { base: name.base + slots * name.stride, stride: CONTROL_ROOM }
  const stride = LEAD + Math.ceil(room / 16) * 16
  const data = { base: control.base + slots * control.stride + LEAD, stride }
  const { at, view } = libc.allocate(data.base + slots * stride)
  const octets = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  octets.fill(0, 0, data.base)
  const pointer = (part: Part, i: number): bigint => at + BigInt(part.base + i * part.stride)
  for (let i = 0; i < slots; i++) {
    const from = i * header.stride
    view.setBigUint64(from + MSGHDR.name, pointer(name, i), true)
    view.setBigUint64(from + MSGHDR.iov, pointer(iovec, i), true)
    view.setBigUint64(from + MSGHDR.iovLength, 1n, true)
    view.setBigUint64(from + MSGHDR.control, pointer(control, i), true)
    view.setBigUint64(iovec.base + i * iovec.stride + IOVEC.base, pointer(data, i), true)
  }
  return { at, view, octets, slots, room, header, iovec, name, control, data }
}
