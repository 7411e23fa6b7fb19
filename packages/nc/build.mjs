import { bundle } from '../../tools/bundle.mjs'

// A plain check needs neither the whole command line nor sessions.
await bundle(import.meta.dirname, 'nc-ts', { second: /whole\.ts$/ })
