import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Ended } from './install-kit.ts'
import type { Compiled } from './install-tests.ts'

/** What tools say of a raw-socket that it cannot use. */
const WHY = {
  absent: /the package raw-socket is not installed/,
  uncompiled: /raw-socket is installed but was not compiled: that takes a C\+\+ compiler/,
  foreign: /raw-socket was compiled for another version of Node: `npm rebuild raw-socket`/,
} as const satisfies Record<Exclude<Compiled, 'ready'>, RegExp>

const IS_LINUX = process.platform === 'linux'

/** What is said of raw-socket where it is asked for; undefined: it can be used. */
export function whyNot(compiled: Compiled): RegExp | undefined {
  if (!IS_LINUX) return /raw-socket is of use on Linux only/
  return compiled === 'ready' ? undefined : WHY[compiled]
}

/** Whether this process has CAP_NET_RAW: capabilities(7) and proc_pid_status(5). */
export function mayMakePackets(): boolean {
  if (!IS_LINUX) return false
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${held}`) >> 13n) & 1n) === 1n
}

/** With the status 2, and one sentence that has all reasons. */
export function expectRefusal({ stdout, stderr, status }: Ended, ...reasons: readonly RegExp[]): void {
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
  for (const reason of reasons) expect(stderr).toMatch(reason)
}
