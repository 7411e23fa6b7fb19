import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

createServer().listen({ ...workerData, host: '::' }, () => {
  parentPort?.postMessage('listening')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
