// What runs with whole packets take, which others do without: loaded when it is needed, all at once.

export { captureRun } from './capture-run.ts'
export { packetLines } from './packet-report.ts'
export { packetRun } from './packet-run.ts'
export { traceRun } from './trace-run.ts'
