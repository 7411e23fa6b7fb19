import { bundle } from '../../tools/bundle.mjs'

await bundle(import.meta.dirname, 'nping-ts', { second: /whole\.ts$/ })
