import { bundle } from '../../tools/bundle.mjs'

// Every run goes by system calls, and most people ask for SSH or a web server: those need no table of all protocols.
await bundle(import.meta.dirname, 'banner', {
  early: /\/(kernel-path|shells\/ssh|web\/http)\.ts$/,
  second: /\/(protocols\/table|run\/steps)\.ts$/,
})
