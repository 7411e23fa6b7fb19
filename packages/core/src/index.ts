export { createNet } from './io/node-io.ts'
