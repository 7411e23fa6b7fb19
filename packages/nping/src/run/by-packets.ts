// What runs with whole packets take, which others do without: loaded when it is needed, all at once.
export { packetLines } from './packet-report.ts'
export { packetRun } from './packet-run.ts'
export { readRun } from './read-run.ts'
export { traceRun } from './trace-run.ts'
