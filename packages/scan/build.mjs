import { bundle } from '../../tools/bundle.mjs'

// Every run goes by system calls. What most scans need comes in the second file; banner and what reads results do not.
await bundle(import.meta.dirname, 'portscan', {
  early: /\/kernel-path\.ts$/,
  second:
    /\/(text-reporter|xml-reporter|connect-gun|packet-gun|packet-discovery|connect-discovery|vendors|names|ping-probes)\.ts$/,
})
