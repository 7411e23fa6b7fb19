import { join } from 'node:path'
import { readmeTests } from '@portkit/lab/readme'
import { OPTIONS } from '../src/command-line/options.ts'
import { REFUSED } from '../src/command-line/refused.ts'
import { run } from './command-line-kit.ts'

readmeTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'hping-ts',
  options: OPTIONS,
  refused: REFUSED,
  read: run,
  // The second is npm's, the third another tool's.
  besides: ['-v', '--allow-scripts', '--tcp-connect'],
  least: { commands: 25, named: 120 },
})
