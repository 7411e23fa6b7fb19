#!/usr/bin/env node
import { createIo, main, nodeHost, type ProcessLike } from '@portkit/core'
import { portscan } from './cli.ts'

declare const PORTKIT_VERSION: string

const options = { version: PORTKIT_VERSION, createIo }
const [word, ...words] = nodeHost.argv.slice(2)

/** The process as a subcommand sees it: without its own name among the words. */
function behind(name: string): ProcessLike {
  return {
    argv: ['', name, ...words],
    stdout: nodeHost.stdout,
    stderr: nodeHost.stderr,
    set exitCode(status: ProcessLike['exitCode']) {
      nodeHost.exitCode = status
    },
  }
}

// A scan loads nothing of them. A host of that name is scanned behind `--`, or with a full stop.
if (word === 'diff')
  void import('./diff-cli.ts').then(({ portscanDiff }) => main(portscanDiff, options, behind(word)))
else if (word === 'merge')
  void import('./merge-cli.ts').then(({ portscanMerge }) => main(portscanMerge, options, behind(word)))
else void main(portscan({ version: PORTKIT_VERSION, argv: nodeHost.argv.slice(2) }), options, nodeHost)
