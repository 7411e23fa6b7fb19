// @ts-check
// Runs one vitest project and writes down how each test ended. Started by suites.mjs.
import { startVitest } from 'vitest/node'
import { recorder } from './recorder.mjs'

const { root, project, record, coverage, filters, atOnce } = JSON.parse(process.argv[2] ?? '')
const vitest = await startVitest('test', filters, {
  root,
  project: [project],
  watch: false,
  passWithNoTests: true,
  ...(atOnce && { maxWorkers: atOnce }),
  reporters: [recorder(root, record)],
  coverage: { enabled: coverage, reporter: ['json-summary'], reportOnFailure: true },
})
await vitest.close()
