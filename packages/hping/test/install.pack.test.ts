import { expect } from 'vitest'
import type { Ended } from '../../../tools/test/install-kit.ts'
import { installTests } from '../../../tools/test/install-tests.ts'
import { expectRefusal, mayMakePackets, whyNot } from '../../../tools/test/packets-kit.ts'

function expectOpen({ stdout, stderr, status }: Ended, port: string): void {
  expect(stderr).toContain('1 packets transmitted, 1 packets received, 0% packet loss\n')
  expect(`${stdout}${stderr}`).toContain(`port ${port}: open (syn-ack), 1 of 1 answered\n`)
  expect(status).toBe(0)
}

installTests(
  {
    folder: 'hping',
    command: 'hping-ts',
    parts: ['about', 'more', 'packets'],
    optional: ['koffi', 'raw-socket'],
    compiles: 'raw-socket',
  },
  async ({ run, version, port, hasKernel, compiled }) => {
    expect((await run('-v')).stdout).toContain(version)
    const probe = (...options: readonly string[]) => run('-S', ...options, '-p', port, '-c', '1', '127.0.0.1')

    const why = whyNot(compiled)
    const packets = await probe()
    if (!hasKernel && why !== undefined) expectRefusal(packets, /CAP_NET_RAW.*optional package koffi/, why)
    else if (mayMakePackets()) expectOpen(packets, port)
    else expectRefusal(packets, /CAP_NET_RAW/)

    const portable = await probe('--backend', 'raw-socket')
    if (why !== undefined) expectRefusal(portable, why)
    else if (mayMakePackets()) expectOpen(portable, port)
    else expectRefusal(portable, /CAP_NET_RAW/)
  },
)
