import { expect } from 'vitest'
import { installTests } from '../../../tools/test/install-tests.ts'

installTests(
  { folder: 'tcping', command: 'tcping', parts: ['about', 'more', 'packets'], optional: ['koffi'] },
  async ({ run, version, port, hasKernel }) => {
    expect((await run('--version')).stdout).toContain(version)
    const target = ['-c', '1', '127.0.0.1', port]
    expect((await run(...target)).stdout).toMatch(/^open from 127\.0\.0\.1/m)
    const clock = hasKernel ? 'kernel' : 'process'
    expect((await run('--json', ...target)).stdout).toMatch(new RegExp(`"clock": ?"${clock}"`))
  },
)
