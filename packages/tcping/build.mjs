import { bundle } from '../../tools/bundle.mjs'

// Every run but those with --clock process goes by system calls.
await bundle(import.meta.dirname, 'tcping', { early: /kernel-path\.ts$/ })
