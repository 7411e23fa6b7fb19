import { expect } from 'vitest'
import { GREETING, installTests } from '../../../tools/test/install-tests.ts'

installTests(
  { folder: 'nc', command: 'nc-ts', parts: ['about', 'cli', 'more', 'packets'], optional: ['koffi'] },
  async ({ run, port, hasKernel }) => {
    const target = ['127.0.0.1', port]
    const succeeded = `Connection to 127.0.0.1 ${port} port [tcp/*] succeeded!\n`
    expect(await run('-vz', ...target)).toEqual({ stdout: '', stderr: succeeded, status: 0 })
    expect(await run('-N', ...target)).toEqual({ stdout: GREETING, stderr: '', status: 0 })

    const ttl = await run('-M', '9', '-vz', ...target)
    if (hasKernel) expect(ttl).toEqual({ stdout: '', stderr: succeeded, status: 0 })
    else
      expect(ttl).toMatchObject({ stdout: '', stderr: expect.stringMatching(/^nc-ts: .*koffi/), status: 1 })
  },
)
