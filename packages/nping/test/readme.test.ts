import { join } from 'node:path'
import { readmeTests } from '@portkit/lab/readme'
import { OPTIONS } from '../src/command-line/options.ts'
import { REFUSED } from '../src/command-line/refused.ts'
import { run } from './command-line-kit.ts'

readmeTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'nping-ts',
  options: OPTIONS,
  refused: REFUSED,
  read: run,
  // The second is npm's.
  besides: ['-V', '--allow-scripts'],
  least: { commands: 22, named: 100 },
})
