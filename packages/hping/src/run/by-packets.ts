// What runs with packets take: loaded when the command line makes sense, all at once.
export { captureRun } from './capture-run.ts'
export { pingRun } from './ping-run.ts'
export { scanRun } from './scan-run.ts'
