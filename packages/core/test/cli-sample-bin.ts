import { main } from '../src/cli/main.ts'
import { createIo } from '../src/io/node-io.ts'
import { sampleCli } from './cli-sample.ts'

// The sample tool as a program: says on stderr that it cleaned up.
void main(
  sampleCli(() => process.stderr.write('cleaned up\n')),
  { version: '1.2.3', createIo },
  process,
)
