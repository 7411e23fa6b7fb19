import { bundle } from '../../tools/bundle.mjs'

await bundle(import.meta.dirname, 'banner')
