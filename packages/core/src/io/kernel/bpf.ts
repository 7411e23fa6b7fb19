import { SOCK_FILTER } from './layout.ts'

/** One instruction of a classic BPF program (linux/filter.h): jumps are relative to the next one. */
export interface Instruction {
  readonly code: number
  readonly jt: number
  readonly jf: number
  readonly k: number
}

/** A load, or a test whose failure leaves the block that it stands in front of. */
export type Step =
  | { readonly kind: 'load'; readonly code: number; readonly k: number }
  | { readonly kind: 'test'; readonly code: number; readonly k: number; readonly holds: boolean }

/** The most that Linux takes (BPF_MAXINSNS). */
export const MOST_INSTRUCTIONS = 4096

/** Loads into the accumulator: at an offset from the packet's start, or from the header that `X` points at. */
const CODE = {
  word: 0x20,
  half: 0x28,
  octet: 0x30,
  halfBehind: 0x48,
  octetBehind: 0x50,
  pointPastIpv4: 0xb1,
  point: 0x01,
  equal: 0x15,
  above: 0x25,
  atLeast: 0x35,
  anyBit: 0x45,
  jump: 0x05,
  end: 0x06,
} as const

type Load = 'word' | 'half' | 'octet' | 'halfBehind' | 'octetBehind' | 'pointPastIpv4' | 'point'
type Test = 'equal' | 'above' | 'atLeast' | 'anyBit'

/** `pointPastIpv4` sets X to the length of the IPv4 header at `k`, `point` to `k` itself; the others load octets. */
export function load(what: Load, k: number): Step {
  return { kind: 'load', code: CODE[what], k }
}

/** Holds when the loaded value compares so with `k`; with `holds` false, when it does not. */
export function test(what: Test, k: number, holds = true): Step {
  return { kind: 'test', code: CODE[what], k, holds }
}

/** Ends the program: so many octets of the packet are let in, 0 for none. */
export function end(octets: number): Instruction {
  return { code: CODE.end, jt: 0, jf: 0, k: octets }
}

/** The body where all steps hold, of which there are at most 254; else whatever comes behind it. */
export function when(steps: readonly Step[], body: readonly Instruction[]): readonly Instruction[] {
  // A conditional jump reaches no further than 255 instructions, so it goes to one that reaches as far as is needed.
  const leave = (i: number): number => steps.length - i
  return [
    ...steps.map((step, i) => ({ code: step.code, k: step.k, ...exits(step, leave(i)) })),
    { code: CODE.jump, jt: 0, jf: 0, k: 1 },
    { code: CODE.jump, jt: 0, jf: 0, k: body.length },
    ...body,
  ]
}

function exits(step: Step, leave: number): { readonly jt: number; readonly jf: number } {
  if (step.kind === 'load') return { jt: 0, jf: 0 }
  return step.holds ? { jt: 0, jf: leave } : { jt: leave, jf: 0 }
}

/** Writes an array of struct sock_filter at `at`. */
export function writeProgram(program: readonly Instruction[], view: DataView, at: number): void {
  for (const [i, { code, jt, jf, k }] of program.entries()) {
    const from = at + i * SOCK_FILTER.length
    view.setUint16(from + SOCK_FILTER.code, code, true)
    view.setUint8(from + SOCK_FILTER.jt, jt)
    view.setUint8(from + SOCK_FILTER.jf, jf)
    view.setUint32(from + SOCK_FILTER.k, k, true)
  }
}
