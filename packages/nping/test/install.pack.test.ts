import { expect } from 'vitest'
import type { Ended } from '../../../tools/test/install-kit.ts'
import { installTests } from '../../../tools/test/install-tests.ts'
import { expectRefusal, mayMakePackets, whyNot } from '../../../tools/test/packets-kit.ts'

function expectOpen(ended: Ended, port: string): void {
  expect(ended.stderr).toBe('')
  expect(ended.stdout).toMatch(new RegExp(`^127\\.0\\.0\\.1 +${port}/tcp +open +syn-ack`, 'm'))
  expect(ended.status).toBe(0)
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
