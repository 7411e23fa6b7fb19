import { bundle } from '../../tools/bundle.mjs'

// Connections go by system calls; packets have a file of their own.
await bundle(import.meta.dirname, 'nping-ts', { early: /kernel-path\.ts$/ })
