import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** A packet as it was captured; its file says in one line what it is. */
export interface Recorded {
  readonly name: string
  readonly about: string
  readonly linkType: number
  readonly octets: Uint8Array
}

const FOLDER = new URL('wire-packets/', import.meta.url)

/** The recorded packets, by name. */
export const RECORDED: readonly Recorded[] = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8')
    const [, linkType = '', about = '', hex = ''] = /^# link type (\d+): (.*)\n([\da-f\s]*)$/.exec(text) ?? []
    const octets = Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'))
    if (octets.length === 0) throw new Error(`no packet in ${file}`)
    return { name: file.replace(/\.hex$/, ''), about, linkType: Number(linkType), octets }
  })

export function recorded(name: string): Recorded {
  const found = RECORDED.find((packet) => packet.name === name)
  if (found === undefined) throw new Error(`no recorded packet ${name}`)
  return found
}

/** The same octets, but reading or viewing one before `from` or from `to` on throws. */
export function guarded(octets: Uint8Array, from = 0, to = octets.length): Uint8Array {
  const check = (at: number, after: number): void => {
    if (at < from || after > to) throw new Error(`read of ${at} to ${after}, outside of ${from} to ${to}`)
  }
  return new Proxy(octets, {
    get(target, key) {
      if (typeof key === 'string' && /^-?\d+$/.test(key)) check(Number(key), Number(key) + 1)
      if (key !== 'subarray') return Reflect.get(target, key, target)
      return (start: number, end: number) => {
        check(start, end)
        return target.subarray(start, end)
      }
    },
  })
}

/** Cuts the packet after each of its octets; what is behind the cut cannot be read. */
export function* truncations(octets: Uint8Array): Generator<Uint8Array> {
  for (let to = 0; to <= octets.length; to++) yield guarded(octets.slice(0, to))
}

const BITS = [1, 2, 4, 8, 16, 32, 64, 128]
/** By what an octet differs from another one; those of a single bit first. */
const DIFFERENCES = [
  ...BITS,
  ...Array.from({ length: 255 }, (_, i) => i + 1).filter((d) => !BITS.includes(d)),
]

/**
 * The packet with one octet changed, every octet into every other value, or into fewer: 8 are the flips of one bit.
 * The array is the same one each time.
 */
export function* changes(octets: Uint8Array, values = 255): Generator<Uint8Array> {
  const changed = octets.slice()
  for (const [at, octet] of octets.entries()) {
    for (const difference of DIFFERENCES.slice(0, values)) {
      changed[at] = octet ^ difference
      yield changed
    }
    changed[at] = octet
  }
}

/**
 * Encodes into buffers that are full of something, and expects that each octet is written, whatever stood there, and
 * none before or behind.
 * @param payload what stands behind the header already when it is encoded
 * @returns the octets of the header
 */
export function encoded(
  encode: (into: Uint8Array, at: number) => number,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const before = 7
  const length = encode(new Uint8Array(4096).fill(0xa5), before)
  const [first = new Uint8Array(), second] = [0xa5, 0x5a].map((poison) => {
    const into = new Uint8Array(before + length + payload.length + 5).fill(poison)
    into.set(payload, before + length)
    expect(encode(into, before)).toBe(length)
    expect(into.subarray(0, before)).toEqual(new Uint8Array(before).fill(poison))
    expect(into.subarray(before + length, -5)).toEqual(payload)
    expect(into.subarray(-5)).toEqual(new Uint8Array(5).fill(poison))
    return into.slice(before, before + length)
  })
  expect(second).toEqual(first)
  return first
}
