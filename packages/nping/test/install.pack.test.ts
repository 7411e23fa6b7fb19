import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Ended } from '../../../tools/test/install-kit.ts'
import { type Compiled, installTests } from '../../../tools/test/install-tests.ts'

/** What nping-ts says of a raw-socket that it cannot use. */
const WHY = {
  absent: /the package raw-socket is not installed/,
  uncompiled: /raw-socket is installed but was not compiled: that takes a C\+\+ compiler/,
  foreign: /raw-socket was compiled for another version of Node: `npm rebuild raw-socket`/,
} as const satisfies Record<Exclude<Compiled, 'ready'>, RegExp>

const IS_LINUX = process.platform === 'linux'

/** undefined: it can be used. */
function whyNot(compiled: Compiled): RegExp | undefined {
  if (!IS_LINUX) return /raw-socket is of use on Linux only/
  return compiled === 'ready' ? undefined : WHY[compiled]
}

/** capabilities(7) and proc_pid_status(5). */
function mayMakePackets(): boolean {
  if (!IS_LINUX) return false
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${held}`) >> 13n) & 1n) === 1n
}

function expectOpen(ended: Ended, port: string): void {
  expect(ended.stderr).toBe('')
  expect(ended.stdout).toMatch(new RegExp(`^127\\.0\\.0\\.1 +${port}/tcp +open +syn-ack`, 'm'))
  expect(ended.status).toBe(0)
}

function expectRefusal({ stdout, stderr, status }: Ended, ...reasons: readonly RegExp[]): void {
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
  for (const reason of reasons) expect(stderr).toMatch(reason)
}

installTests(
  {
    folder: 'nping',
    command: 'nping-ts',
    parts: ['about', 'more', 'packets'],
    optional: ['koffi', 'raw-socket'],
    compiles: 'raw-socket',
  },
  async ({ run, version, port, hasKernel, compiled }) => {
    expect((await run('-V')).stdout).toContain(version)
    const probe = (...options: readonly string[]) => run(...options, '-p', port, '-c', '1', '127.0.0.1')
    expectOpen(await probe('--tcp-connect'), port)
    expectOpen(await probe('--unprivileged'), port)

    const why = whyNot(compiled)
    const packets = await probe('--tcp')
    if (!hasKernel && why !== undefined) expectRefusal(packets, /CAP_NET_RAW.*optional package koffi/, why)
    else if (mayMakePackets()) expectOpen(packets, port)
    else expectRefusal(packets, /CAP_NET_RAW/)

    const portable = await probe('--tcp', '--backend', 'raw-socket')
    if (why !== undefined) expectRefusal(portable, why)
    else if (mayMakePackets()) expectOpen(portable, port)
    else expectRefusal(portable, /CAP_NET_RAW/)
  },
)
